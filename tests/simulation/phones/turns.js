/**
 * The phones of a run in turn (`tests/simulation/turns.py`). All of them stand still while the server answers one, and how long
 * each request and answer is under way is drawn: in turns of the loop, in which the others go on. So nothing that comes
 * after depends on the machine, and two of them may still meet in any order.
 */

import { createHash } from "node:crypto";
import fs from "node:fs";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import { gunzipSync } from "node:zlib";

import { dice } from "./dice.js";
import { failed, packed, unpacked } from "./wire.js";

/** Milliseconds that pass with a step, and with a request. */
const STEP_MS = 1000;
const REQUEST_MS = 20;
/** Turns of the loop that a request or its answer may be under way; a write to a phone's database takes some three. */
const ROADS = [0, 0, 1, 3, 10, 30, 100, 300];
/** No request takes as long where anybody answers at all. */
const PATIENCE_MS = 300_000;
/** A record's, a person's or an operation's id, or the digest of a photo. */
const IDS = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{64}/g;

/** Somebody who brings a request to the server and comes back with the answer, while everybody here stands still. */
function hired() {
  const { port1: ours, port2: door } = new MessageChannel();
  const rung = new Int32Array(new SharedArrayBuffer(4));
  new Worker(new URL("./courier.js", import.meta.url), { workerData: { door, rung }, transferList: [door] }).unref();
  ours.unref();
  return (/** @type {string} */ url, /** @type {import("./wire.js").Sent} */ what) => {
    Atomics.store(rung, 0, 0);
    ours.postMessage({ url, what });
    // Who was woken for the answer before, after having seen it already, goes on waiting for this one.
    while (!Atomics.load(rung, 0)) {
      if (Atomics.wait(rung, 0, 0, PATIENCE_MS) !== "timed-out") continue;
      console.error(`nobody has answered ${url}`);
      process.exit(1);
    }
    return receiveMessageOnPort(ours).message;
  };
}

/** The one who was hired for the first run brings those of the next too. @type {ReturnType<typeof hired>|null} */
let courier = null;

/**
 * @param {{ clock: string, trace: string, seed: string, places: string[] }} files and the places at which a server may be told to die
 * @param {{ isPulled: () => boolean, pull: (died?: string) => void, server: () => string }} world `pull` returns when the server is there again
 */
export function inTurn({ clock, trace, seed, places }, { isPulled, pull, server }) {
  const road = dice(`${seed}/road`);
  const [time, lines] = [fs.openSync(clock, "r+"), fs.openSync(trace, "a")];
  const hands = new BigUint64Array(1);
  /** @type {Map<string, string>} ids by the order in which they were first met */
  const known = new Map();
  const carried = (courier ||= hired());

  const reads = () => (fs.readSync(time, hands, 0, 8, 0), Number(hands[0]));
  function passes(milliseconds) {
    hands[0] = BigInt(reads() + milliseconds);
    fs.writeSync(time, hands, 0, 8, 0);
  }
  const nameOf = (id) => known.get(id) || known.set(id, `#${known.size + 1}`).get(id);
  const tell = (what) => void fs.writeSync(lines, `${what.replace(IDS, nameOf)}\n`);

  /** Whoever answers now dies at this place, the so-manyth time. @param {string} doom nobody does where it is empty */
  const dooms = (doom) => void fs.writeSync(time, Buffer.alloc(64, 0).fill(doom, 0, doom.length), 0, 64, 8);

  /** One of the places at which an answer to this may end. @param {string} path */
  function placeFor(path) {
    const isText = path.endsWith("/sync");
    return road.pick(places.filter((place) => /^(commit|reply)/.test(place) || isText === place.startsWith("push")));
  }

  async function underWay() {
    for (let turns = road.pick(ROADS); turns; turns -= 1) await new Promise(setImmediate);
  }

  return {
    tell,
    steps: () => passes(STEP_MS),
    /** Somebody looks at the time, which costs some. */
    now() {
      passes(road.below(2));
      return reads();
    },
    /** @param {string} name @param {string} path @param {RequestInit} init @returns {Promise<import("./wire.js").Answer>} */
    async deliver(name, path, init) {
      const what = await packed(init);
      await underWay();
      passes(REQUEST_MS);
      const pulled = isPulled() && road.pick(["before", "after", "within", "within"]);
      const line = `${name} ${what.method} ${path.split("?")[0]}`;
      if (pulled === "before") {
        tell(`${line}: the plug is pulled before it arrives`);
        pull();
        throw failed("nobody listens");
      }
      const doom = pulled === "within" ? `${placeFor(path)} ${road.below(2)}` : "";
      if (doom) dooms(doom);
      const came = carried(server() + path, what);
      if (doom) dooms("");
      if (doom && came.failure) {
        tell(`${line}: dies at ${doom}`);
        pull("server's worker died at a step");
        throw failed("nobody answers");
      }
      if (came.failure) tell(`${line}: ${came.failure}`);
      if (came.failure) throw failed(came.failure);
      const answer = unpacked(came);
      tell(`${line} ${answer.status} ${meaning(what, answer)}`);
      if (pulled) {
        tell(`${name}: the plug is pulled before the answer leaves`);
        pull();
        throw failed("nobody answers");
      }
      await underWay();
      return answer;
    },
    close: () => [time, lines].forEach((file) => fs.closeSync(file)),
  };
}

const digest = (/** @type {string|Uint8Array} */ what) => createHash("sha256").update(what).digest("hex").slice(0, 8);
const isJson = (/** @type {string|null|undefined} */ type) => /json/.test(type || "");

/** What was asked and answered. @param {import("./wire.js").Sent} asked @param {import("./wire.js").Answer} answer */
function meaning({ headers, bytes = new Uint8Array() }, answer) {
  // Files travel between marks that Node makes up.
  const sent = !isJson(headers["content-type"]) ? `${bytes.length} bytes` : digest(headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes);
  const came = !isJson(answer.headers.get("content-type")) ? `${answer.bytes.length} bytes` : `${digest(answer.bytes)}${said(answer.bytes)}`;
  return `${sent} / ${came}`;
}

/** Of an answer what became of each operation, and how much came. @param {Uint8Array} bytes */
function said(bytes) {
  const [first] = Buffer.from(bytes).toString().split("\n");
  const { code, receipts = [], changes = [], pull = "" } = first ? JSON.parse(first) : {};
  const words = receipts.map((/** @type {any} */ { id, status, problem }) => [id, status, problem?.code].filter(Boolean).join(" "));
  return [...(code ? [code] : []), ...words, ...(changes.length ? [`${changes.length} changes`] : []), ...(pull ? [`pull ${pull}`] : [])]
    .map((word) => `, ${word}`).join("");
}
