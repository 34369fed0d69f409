/** A whole phone without a browser: the real core on a database in memory, with time and dice in the test's hand. */

import { createHash } from "node:crypto";

import { createApp } from "../../../fieldsvc/static/core/app.js";
import { openForm } from "../../../fieldsvc/static/core/form.js";
import { listsHere } from "../../../fieldsvc/static/parts/begin.js";
import { original } from "../../../fieldsvc/static/parts/redo.js";
import { rescuePieces } from "../../../fieldsvc/static/parts/seal.js";
import { line, nothingNew } from "./line.js";
import { memoryDatabase } from "./memory.js";

export const HOUSEHOLDS = {
  id: "households", name: "households", version: 1, digest: "d",
  definition: { name: "households", properties: {
    phone: { label: { zh: "电话", en: "Phone" }, type: "string", policy: "review", editable: true, sensitivity: "personal" },
    hamlet: { label: { zh: "村民组", en: "Hamlet" }, type: "string", policy: "server", editable: false, sensitivity: "open" },
  } },
};

/** A form with one question about the phone number, one photo, and one rule. */
export const VISIT = {
  form: "visit", version: "1", title: { zh: "走访", en: "Visit" }, languages: ["zh", "en"], default_language: "zh",
  subject_dataset: "households", visit: true, root: "/data", choices: {},
  nodes: [
    { name: "households", ref: "/data/household", kind: "calculate", type: "string", prefill: { property: "__id" } },
    { name: "phone", ref: "/data/phone", kind: "question", type: "string", label: { zh: "电话" }, required: ["f", "true"],
      prefill: { property: "phone" } },
    { name: "door", ref: "/data/door", kind: "question", type: "image", label: { zh: "门" }, parameters: {} },
  ],
  entities: [{ dataset: "households", path: "/data", id: ["p", "/", [["c", "data"], ["c", "households"]]], update: true,
    saves: { phone: "/data/phone" } }],
};

/** @param {ArrayBuffer} bytes */
export const digest = (bytes) => createHash("sha256").update(new Uint8Array(bytes)).digest("hex");
const picture = (bytes) => ({ bytes, sha256: digest(bytes), type: "image/jpeg" });

const START = 1_795_000_000_000;

/** A page that gives the phone one household, the visit form and its dataset. */
export const firstPage = (more = {}) => nothingNew({
  scope: { add: [{ subject: "h1", role: "cadre" }] },
  changes: [
    { kind: "entity", dataset: "households", id: "h1", subject: "h1", version: 1, label: "张三", at: START, by: "办公室",
      properties: { phone: "111", hamlet: "上组" } },
    { kind: "form", form: "visit", version: "1", digest: "f", title: VISIT.title, subject_dataset: "households" },
    { kind: "dataset", name: "households", version: 1, digest: "d" },
  ],
  ...more,
});

/** What an asynchronous sequence yields. */
async function all(sequence) {
  const found = [];
  for await (const each of sequence) found.push(each);
  return found;
}

/** @param {{ device?: any, databases?: Map<string, any>, keepParts?: any, digested?: Promise<void> }} [kept] what the phone already has on it; `digested`: before that it has digested no text */
export async function phone(kept = {}) {
  const device = kept.device || memoryDatabase();
  const databases = kept.databases || new Map();
  const server = line();
  const clock = { now: START };
  const disk = { usage: 0, quota: 2 ** 30 };
  const timers = [];
  const screen = { on: false };
  /** @type {any[]} how large each photo was wanted */
  const wishes = [];
  let ids = 0;
  const ports = {
    device, http: server.http, release: "r1", installId: "install-1", language: "zh", place: "normal",
    now: () => clock.now, utcOffset: () => 480, random: () => 0.5, newId: () => `id-${String((ids += 1)).padStart(4, "0")}`,
    sha256Text: async (text) => (await kept.digested, `sha(${text.length})`), deviceName: () => "phone", isSlow: () => false,
    openPerson: async (id) => databases.get(id) || databases.set(id, memoryDatabase()).get(id),
    dropPerson: async (id) => void databases.delete(id),
    listsHere, original,
    keepParts: async (names) => kept.keepParts?.(names), lock: async (step) => (await step(), true), connection: () => "cellular", openForm,
    preparePhoto: async (file, wish) => (wishes.push(wish), { photo: picture(file), thumb: picture(file.slice(0, 10)) }),
    keepFile: (db, file) => db.write([{ store: "chunks", put: { sha256: file.sha256, index: 0, bytes: file.bytes } }]),
    dropFile: (db, sha256) => db.write([{ store: "chunks", delete: [sha256, 0] }]),
    readFile: async (db, sha256, from, to) => new Uint8Array((await db.get("chunks", [sha256, 0])).bytes).slice(from, to),
    fileBlob: async () => null, url: () => "blob:1", releaseUrl() {}, seal: async (db, who) => ({ key: who.person.feed.rescue_key, pieces: await all(rescuePieces(db, who)) }),
    storage: async () => ({ persisted: true, usage: disk.usage, quota: disk.quota }), persist: async () => true,
    watchPosition: () => () => {}, stayAwake: (wanted) => (screen.on = wanted), tellTabs() {}, applyUpdate() {}, isOnline: () => true,
    later(seconds, run) {
      const timer = { at: clock.now + seconds * 1000, run };
      timers.push(timer);
      return () => timers.splice(timers.indexOf(timer), 1);
    },
  };
  const { app, wake, heard } = await createApp(ports);
  // As the page does, once there is something to see.
  wake("visible");
  return {
    app, server, clock, disk, screen, wishes, device, databases, wake, heard,
    db: () => [...databases.values()].pop(),
    /** @type {string[]} the definitions that signing in asked for */
    wanted: [],
    /** Sign in and answer the first sync with `page`, then the definitions. */
    async signsIn(page = firstPage(), { id = "p1", name = "王干部", token = "t1", form = VISIT } = {}) {
      const done = app.signIn({ code: "c" });
      (await server.next()).respond(201, { token, person: { id, name, unit: "乡", roles: [] }, feed: { id: "f1", name: "县", rescue_key: "server" } });
      await done;
      (await server.next()).respond(200, page);
      if (page.changes.some(({ kind }) => kind === "form" || kind === "dataset")) this.wanted = await this.getsDefinitions({ form });
      await this.rests();
    },
    /** Answer the request for definitions, a line for each that is wanted; `cut` breaks the answer off after so many. */
    async getsDefinitions({ form = VISIT, cut = Infinity } = {}) {
      const request = await server.next();
      const wanted = new URLSearchParams(request.path.split("?")[1]).getAll("want");
      for (const [kind, name, version] of wanted.slice(0, cut).map((each) => each.split("/"))) {
        request.ask.each({ [kind]: name, version, definition: kind === "form" ? form : HOUSEHOLDS.definition });
      }
      if (cut < wanted.length) request.drop();
      else request.respond(200);
      return wanted;
    },
    /** Wait until the engine has nothing under way. */
    rests: () => new Promise((resolve) => {
      const look = () => (app.get().sync.running ? setImmediate(look) : setImmediate(() => (app.get().sync.running ? look() : resolve())));
      setImmediate(look);
    }),
    /** Let time pass and the timers that are due run. */
    async waits(seconds) {
      clock.now += seconds * 1000;
      for (const timer of timers.filter((each) => each.at <= clock.now)) {
        timers.splice(timers.indexOf(timer), 1);
        timer.run();
      }
    },
  };
}

/** A phone that is signed in and has a visit open. */
export async function inAVisit() {
  const east = await phone();
  await east.signsIn();
  east.app.pause();
  const id = await east.app.startVisit("h1", "visit");
  return { east, id, draft: await east.app.openDraft(id) };
}
