/**
 * Many phones in one process, led line by line over standard input by `tests/simulation/fleet.py`: who takes the next
 * step, when everybody comes to rest, and what each phone and each cadre has in the end.
 */

import { createHash } from "node:crypto";
import fs from "node:fs";
import readline from "node:readline";

import { deleteDatabase, openDatabase, DEVICE_STORES, PERSON_STORES } from "../../../fieldsvc/static/adapters/idb.js";
import { accidents } from "./accidents.js";
import { cadre } from "./cadre.js";
import { Factory } from "./disk.js";
import { isKind, rarest } from "./kinds.js";
import { ledger } from "./ledger.js";
import { createPhone } from "./phone.js";
import { shoot, stock } from "./pictures.js";
import { inTurn } from "./turns.js";
import { Packer, send } from "./wire.js";

/** @type {Map<string, any>} */
const fleet = new Map();
/** @type {Record<string, number>} */
let faults = {};
/** @type {string[]} */
let complaints = [];
let server = "";
/** How many more requests until somebody pulls the server's plug; none is planned while it is 0. */
let plug = 0;
/** How often a tab dies, beside all that happens on a phone. */
let deaths = 0;
/** How often an older backup has been put in the place of the server's database. */
let restored = 0;
/** Of a run in turn the common clock, road and trace. @type {ReturnType<typeof inTurn>|null} */
let turns = null;

const patient = globalThis.setTimeout;
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

// Node digests on another thread, and to send it there costs more than a few kilobytes do. As there, nobody has it before
// the next turn of the loop: a transaction that waited for a digest is over.
crypto.subtle.digest = (_algorithm, bytes) => {
  const digest = new Uint8Array(createHash("sha256").update(ArrayBuffer.isView(bytes) ? bytes : new Uint8Array(bytes)).digest());
  return new Promise((resolve) => setImmediate(resolve, digest.buffer));
};
globalThis.CompressionStream = Packer;
globalThis.fetch = (url, init) => {
  const { hostname, pathname, search } = new URL(url);
  return fleet.get(hostname).phone.link.fetch(pathname + search, init);
};

/** Whether this is the request at which somebody pulls the plug. */
const isPulled = () => plug > 0 && (plug -= 1) === 0;

/** Somebody pulls it, unless something has died by itself, and everybody here stands still until that was done. @param {string} [died] */
function pull(died) {
  say({ cut: true, waits: true, died });
  fs.readSync(Number(process.argv[2]), new Uint8Array(1));
}

const world = {
  now: () => (turns ? turns.now() : Date.now()),
  pause: () => (turns ? undefined : new Promise((resolve) => setTimeout(resolve, 1))),
  tally(fault) {
    if (!isKind(fault)) complaints.push(`a fault of no kind: ${fault}`);
    faults[fault] = (faults[fault] || 0) + 1;
  },
};

/** What the world is to one phone. @param {string} name */
const worldOf = (name) => ({
  ...world,
  tell: (what) => turns?.tell(`${name}: ${what}`),
  tally(fault) {
    turns?.tell(`${name}: ${fault}`);
    world.tally(fault);
  },
  deliver(path, init) {
    if (turns) return turns.deliver(name, path, init);
    if (isPulled()) say({ cut: true });
    return send(server + path, init);
  },
});

/** @param {{ name: string, person: string, code: string, seed: string, photo: number }} given */
function add(given) {
  const told = complaints;
  const complain = (what) => told.push(`${given.seed}/${given.name}: ${what}`);
  const book = ledger(complain);
  const phone = createPhone(given, { ...worldOf(given.name), wiped: (outbox) => book.wipesItself(outbox, restored) });
  const [device, personal] = [`${given.name}/fieldsvc`, `${given.name}/fieldsvc-${given.person}`];
  /** What is on the phone's disk, past the app: also of its owner when the office has signed her out there. */
  async function stored(store) {
    const shared = await openDatabase(device, DEVICE_STORES);
    const people = await shared.all("people");
    shared.close();
    if (!people.length) return [];
    const own = await openDatabase(personal, PERSON_STORES);
    const rows = await own.all(store);
    own.close();
    return rows;
  }
  const who = cadre(phone, book, { stored, complain, shoot: () => shoot(phone.random, given.photo), deaths, rarest: () => rarest(faults) });
  const wipe = async () => void (await Promise.all([device, personal].map(deleteDatabase)));
  const fate = accidents(phone, book, { stored, wipe, mourns: who.mourns });
  fleet.set(given.name, { phone, book, who, fate, stored });
}

/** @param {string} name */
async function report(name) {
  const { phone, book, stored } = fleet.get(name);
  const [outbox, entities, subjects, drafts, photos] = await Promise.all(["outbox", "entities", "subjects", "drafts", "photos"].map(stored));
  return {
    phone: name, promised: [...book.promised.values()], open: [...book.open.keys()],
    outbox: outbox.map(({ id, state, receipt, sha256 }) => ({ id, state, sha256, status: receipt?.status || null })),
    entities: entities.map(({ id, version, properties, deleted, merged_into }) => ({ id, version, properties, gone: !!deleted || !!merged_into })),
    subjects: subjects.map(({ id }) => id), drafts: drafts.map(({ id }) => id),
    photos: photos.map(({ sha256, done, problem, owners }) => ({ sha256, done, problem: problem || null, owners })),
    problem: phone.tabs()[0]?.app.get().sync.problem?.code || null,
  };
}

/** What the program that leads this one may ask. */
const orders = {
  /** The next run: nothing of the phones of the one before goes on, and nothing of theirs is on any disk. */
  begin(given) {
    for (const { phone } of fleet.values()) for (const tab of phone.tabs()) if (tab.life.isAlive()) tab.life.kill("by the next run");
    fleet.clear();
    globalThis.indexedDB = new Factory();
    faults = {};
    complaints = [];
    restored = 0;
    server = given.server;
    deaths = given.deaths;
    stock(given);
    turns?.close();
    turns = given.turns ? inTurn(given.turns, { isPulled, pull, server: () => server }) : null;
    // Nobody loses patience by the machine's clock where another one counts.
    globalThis.setTimeout = turns ? () => 0 : patient;
  },
  add: ({ phones }) => phones.forEach(add),
  async step({ phones, cut }) {
    plug = cut || 0;
    turns?.steps();
    await Promise.all(phones.map((name) => fleet.get(name).who.step()));
    plug = 0;
  },
  async rest({ phones }) {
    await Promise.all(phones.map((name) => fleet.get(name).who.comesToRest()));
  },
  backUp: ({ phone }) => fleet.get(phone).fate.backsUp(),
  lose: ({ phone, code }) => fleet.get(phone).fate.isLost(code),
  tell: ({ phone, code }) => fleet.get(phone).fate.hears(code),
  report: ({ phone }) => report(phone),
  setBack: () => void (restored += 1),
  tally: () => ({ faults, complaints }),
};

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { order, ...given } = JSON.parse(line);
  say({ done: order, ...(await orders[order](given)) });
}
process.exit(0);
