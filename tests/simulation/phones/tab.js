/**
 * One tab of one phone: the app as it ships, on the phone's own IndexedDB and link, with every deed of it going through
 * the tab's life. Its clock, dice and timers are the phone's.
 */

import { dropFile, fileBlob, keepFile, readFile } from "../../../fieldsvc/static/adapters/chunks.js";
import { newId, sha256Text } from "../../../fieldsvc/static/adapters/device.js";
import { request } from "../../../fieldsvc/static/adapters/http.js";
import { deleteDatabase, DEVICE_STORES, openDatabase, PERSON_STORES } from "../../../fieldsvc/static/adapters/idb.js";
import { createApp } from "../../../fieldsvc/static/core/app.js";
import { openForm } from "../../../fieldsvc/static/core/form.js";
import { listsHere } from "../../../fieldsvc/static/parts/begin.js";
import { original } from "../../../fieldsvc/static/parts/redo.js";
import { rescuePieces, seal } from "../../../fieldsvc/static/parts/seal.js";
import { life } from "./life.js";
import { developed } from "./pictures.js";

/** What a write to the phone's database is, by what is in it. @param {readonly any[]} writes */
function nameOf(writes) {
  const has = (store) => writes.some((write) => write.store === store);
  if (has("drafts") && has("outbox")) return "finishing a visit";
  if (writes.some(({ put }) => put?.id === "replica")) return "taking an answer";
  if (has("outbox")) return writes.some(({ put }) => put?.state === "sending") ? "marking what is sent" : "queueing";
  if (has("chunks")) return "keeping bytes";
  if (has("photos")) return "noting a photo";
  return has("drafts") ? "keeping a draft" : "keeping other rows";
}

/** What a request is about. @param {string} path */
const topicOf = (path) => `asking for ${path.split(/[/?]/)[3]}`;

/** @param {import("./phone.js").Phone} phone */
export async function openTab(phone) {
  const own = life((point) => phone.tally(`tab killed ${point}`));
  const { random } = phone;
  const id = () => newId(Math.max(0, phone.now()), random.bytes(10));
  /** @type {{ run: () => void }[]} */
  const timers = [];
  /** @type {any[]} */
  const connections = [];
  /** @type {Map<string, number>} the mark of each draft as this tab last read or wrote it */
  const left = new Map();
  const guard = (point, deed) => (...input) => own.through(typeof point === "string" ? point : point(...input), () => deed(...input));

  /** A database of this phone, as this tab may use it. */
  async function opened(name, stores, onOutdated) {
    const db = await openDatabase(`${phone.name}/${name}`, stores, onOutdated);
    connections.push(db);
    return {
      all: guard("reading", db.all), close: () => db.close(),
      get: guard("reading", async (store, key) => {
        const row = await db.get(store, key);
        if (store === "drafts" && row) left.set(key, row.stamp);
        return row;
      }),
      write: guard(nameOf, async (writes, options) => {
        if (writes.some((write) => write.put)) phone.disk.takes();
        await db.write(writes, options);
        for (const { store, put } of writes) if (store === "drafts" && put) for (const marks of [left, phone.marks]) marks.set(put.id, put.stamp);
      }),
    };
  }

  const device = await opened("fieldsvc", DEVICE_STORES);
  const known = await device.get("meta", "install");
  const installId = known?.value || id();
  if (!known) await device.write([{ store: "meta", put: { id: "install", value: installId } }], { durable: true });

  const built = createApp({
    device, installId, release: "simulated", language: "zh", place: "normal", deviceName: () => phone.name,
    now: phone.now, utcOffset: () => 480, random: random.next, newId: id, sha256Text: guard("digesting", sha256Text),
    openPerson: guard("opening", (person, onOutdated) => opened(`fieldsvc-${person}`, PERSON_STORES, onOutdated)),
    dropPerson: guard("dropping", async (person) => {
      const own = await openDatabase(`${phone.name}/fieldsvc-${person}`, PERSON_STORES);
      const outbox = await own.all("outbox");
      own.close();
      await deleteDatabase(`${phone.name}/fieldsvc-${person}`);
      phone.wiped(outbox);
    }),
    http: guard((_method, path) => topicOf(path), (method, path, ask) => request(method, `http://${phone.name}${path}`, ask)),
    lock: guard("holding the line", (step) => phone.alone(own, step)), keepParts: async () => {}, openForm, listsHere, original,
    preparePhoto: guard("developing", developed), keepFile, dropFile, readFile, fileBlob, isSlow: () => true,
    url: () => "blob:", releaseUrl() {}, seal: (db, who) => seal(who.person.feed.rescue_key, rescuePieces(db, who)), connection: () => "cellular", isOnline: () => phone.link.signal,
    storage: async () => ({ persisted: true, usage: 0, quota: 2 ** 30 }), persist: async () => true, stayAwake() {},
    watchPosition: () => () => {}, applyUpdate() {}, tellTabs: () => phone.tells(own),
    later: (_seconds, run) => {
      const timer = { run };
      timers.push(timer);
      return () => timers.includes(timer) && timers.splice(timers.indexOf(timer), 1);
    },
  });
  const made = await Promise.race([built, own.ended]);
  return {
    life: own, app: made?.app, wake: made?.wake, heard: made?.heard,
    /** Whether another tab has gone on with a form since this one opened it. @param {string} id */
    isOutdated: (id) => left.get(id) !== phone.marks.get(id),
    /** Let the time come for which the app has set its alarms. */
    rings: () => timers.splice(0).forEach((timer) => timer.run()),
    /** What the system does with the connections of a tab that is gone. */
    release: () => connections.forEach((db) => db.close()),
  };
}
