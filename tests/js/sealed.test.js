/** Drafts and outbox behind a PIN: unreadable, sent all the same, and never lost, whichever write is the last. */

import assert from "node:assert/strict";
import { createDecipheriv, createECDH, hkdfSync } from "node:crypto";
import { test } from "node:test";

import { registered } from "../../fieldsvc/static/core/beginning.js";
import { batch, settle } from "../../fieldsvc/static/core/outbox.js";
import { addressed, keyFrom, makeLock, unwrap } from "../../fieldsvc/static/parts/keys.js";
import { rescuePieces } from "../../fieldsvc/static/parts/seal.js";
import { holds, putAway, sealed } from "../../fieldsvc/static/parts/vault.js";
import { applied, nothingNew } from "./support/line.js";
import { memoryDatabase } from "./support/memory.js";
import { phone } from "./support/phone.js";

const PIN = "480213";
const SECRET = "13900000001";
const server = createECDH("prime256v1");
const SERVER = server.generateKeys("base64");
const lock = await makeLock("p1", PIN, SERVER);
const key = await unwrap(lock, PIN);

const ROWS = {
  drafts: { id: "d1", stamp: 3, form: "visit", version: "1", subject: "h1", started_at: 1, saved_at: 2, content: { phone: SECRET },
    answers: null, context: { preloads: { username: SECRET } }, ids: {}, bases: { h1: { branch_id: "b" } }, page: 2 },
  outbox: { id: "o1", seq: 1, kind: "submission", author: "p1", subject: "h1", body: `{"phone":"${SECRET}"}`, sha256: "s", created_at: 1,
    state: "waiting", touches: [{ entity: "h1", changes: { phone: SECRET } }], photos: [{ ref: "/data/door", sha256: "f", position: SECRET }] },
  notices: { id: 7, kind: "return", at: 5, subject: "h1", gen: 1, form: "visit", form_version: "1", submission: "o0", comment: SECRET },
  meta: { id: "last/h1/visit", subject: "h1", answers: { phone: SECRET } },
};

/** What lies in a database, as whoever copied it would read it. */
const text = async (db) => JSON.stringify(await Promise.all([...db.stores.keys()].map((store) => db.all(store))),
  (_, value) => (value instanceof ArrayBuffer ? Buffer.from(value).toString("latin1") : value));

/** What the server reads in a letter, by other means than ours. */
function read(letter, purpose = "operation") {
  const [mark, half, nonce, data] = letter.split(" ");
  const [point, bytes] = [Buffer.from(half, "base64"), Buffer.from(data, "base64")];
  const common = hkdfSync("sha256", server.computeSecret(point), point, `${mark} ${purpose}`, 32);
  const cipher = createDecipheriv("aes-256-gcm", Buffer.from(common), Buffer.from(nonce, "base64")).setAuthTag(bytes.subarray(-16));
  return Buffer.concat([cipher.update(bytes.subarray(0, -16)), cipher.final()]).toString();
}

/** A phone with one of each row behind the lock. */
async function locked(rows = ROWS) {
  const db = memoryDatabase();
  await db.write(Object.entries(rows).map(([store, put]) => ({ store, put })));
  await putAway(db, lock);
  return { db, own: sealed(db, lock) };
}

/** The rows as they are read. */
const rowsOf = async (db) => Object.fromEntries(await Promise.all(Object.keys(ROWS).map(async (store) => [store, await db.get(store, ROWS[store].id)])));

test("drafts, outbox, notices and last answers are unreadable without the PIN, and whole with it", async () => {
  const { db, own } = await locked();
  assert.equal((await text(db)).includes(SECRET), false);
  own.unlock(key);
  assert.deepEqual(await rowsOf(own), ROWS);
});

test("what is written is sealed again, keystroke by keystroke and in its order, and only while nobody else has written", async () => {
  const { db, own } = await locked();
  own.unlock(key);
  const typed = (stamp, phone) => own.write([{ store: "drafts", put: { ...ROWS.drafts, stamp, content: { phone } } }],
    { expect: { store: "drafts", key: "d1", stamp: stamp - 1 } });
  await Promise.all([typed(4, "139-1"), typed(5, "139-2"), typed(6, "139-3")]);
  assert.deepEqual((await own.get("drafts", "d1")).content, { phone: "139-3" });
  await assert.rejects(typed(5, "old"), { code: "moved-on" });
  assert.equal((await text(db)).includes("139-"), false);
});

test("an operation is sent as a letter the server reads while the app is locked, and as its text once it is open", async () => {
  const { db, own } = await locked();
  for (const reader of [own, db]) {
    const [entry] = batch(await reader.all("outbox"));
    assert.equal(read(entry.body), ROWS.outbox.body);
  }
  // Its receipt is for the text, and is kept beside what stays sealed.
  const [settled] = settle(await own.all("outbox"), [{ id: "o1", status: "applied", sha256: "s" }], 9);
  await own.write([{ store: "outbox", put: settled }]);
  own.unlock(key);
  const entry = await own.get("outbox", "o1");
  assert.deepEqual([entry.state, entry.body, entry.touches], ["settled", ROWS.outbox.body, ROWS.outbox.touches]);
});

test("a household that is taken into the register while the app is locked is one this phone holds, and tells no name", async () => {
  const made = { entity: "h9", dataset: "households", create: true, base_version: 0, trunk_version: 0, branch_id: "b9", changes: { phone: SECRET } };
  const { db, own } = await locked({ outbox: { ...ROWS.outbox, subject: "h9", touches: [made, { ...made, entity: "m9", create: false }] } });
  assert.equal((await text(db)).includes(SECRET), false);
  const receipt = { id: "o1", status: "applied", sha256: "s", effects: [{ entity: "h9", version: 1 }] };
  const [write] = registered(settle(await own.all("outbox"), [receipt], 9), 4, 9);
  assert.deepEqual(write, { store: "subjects", put: { id: "h9", role: "cadre", gen: 4 } });
  own.unlock(key);
  assert.deepEqual((await own.get("outbox", "o1")).touches[0], made);
});

test("a letter the server could not open is not taken for received", async () => {
  const { own } = await locked();
  const [entry] = settle(await own.all("outbox"), [{ id: "o1", status: "held", sha256: "of the letter" }], 9);
  assert.equal(entry.state, "waiting");
});

test("a backup made while the app is locked holds letters, sealed drafts and the letter that opens them", async () => {
  const { own } = await locked();
  const person = { id: "p1", name: "王干部", token: "t", feed: { rescue_key: SERVER } };
  const said = JSON.parse((await rescuePieces(own, { person, installId: "i", now: 1 }).next()).value);
  assert.equal(read(said.operations[0].body), ROWS.outbox.body);
  const { person: whose, key: jwk } = JSON.parse(read(said.lock, "key"));
  assert.equal(whose, "p1");
  const [draft] = said.drafts.map(({ sealed: parts, ...rest }) =>
    ({ ...rest, sealed: Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, new Uint8Array(Buffer.from(value, "base64"))])) }));
  const reader = sealed({ ...memoryDatabase(), get: async () => draft }, lock);
  reader.unlock(await keyFrom(jwk));
  assert.deepEqual(await reader.get("drafts", "d1"), ROWS.drafts);
});

test("setting a PIN never writes an older draft over what another tab has just typed", async () => {
  const db = memoryDatabase();
  await db.write([{ store: "drafts", put: ROWS.drafts }]);
  const newer = { ...ROWS.drafts, stamp: 4, content: { phone: "newer" } };
  const busy = { ...db, all: async (store) => {
    const rows = await db.all(store);
    if (store === "drafts") await db.write([{ store, put: newer }]);
    return rows;
  } };
  await putAway(busy, lock);
  assert.deepEqual(await db.get("drafts", "d1"), newer);
  await putAway(db, lock);
  assert.equal((await text(db)).includes("newer"), false);
});

/** A battery that is empty after so many writes. */
function mortal(db, writes) {
  let left = writes;
  const dying = { ...db, died: false, write: async (...input) => {
    if (left === 0) {
      dying.died = true;
      throw new Error("battery");
    }
    left -= 1;
    return db.write(...input);
  } };
  return dying;
}

test("killed after any write of setting or removing the PIN, the next start has everything", async () => {
  for (const [how, began] of [["set", false], ["removed", true]]) {
    for (let writes = 0; ; writes += 1) {
      const { db } = began ? await locked() : { db: memoryDatabase() };
      if (!began) await db.write(Object.entries(ROWS).map(([store, put]) => ({ store, put })));
      const dying = mortal(db, writes);
      const own = sealed(dying, lock);
      own.unlock(key);
      await (began ? own.letGo() : putAway(dying, lock)).catch(() => {});
      // The next start, as `guard` has it.
      const behind = await holds(db, lock);
      if (behind) await putAway(db, lock);
      const again = sealed(db, lock);
      if (behind) again.unlock(key);
      assert.deepEqual(await rowsOf(again), ROWS, `${how}, killed after ${writes} writes`);
      if (!dying.died) break;
    }
  }
});

test("a tab that was sealing a draft while another removed the PIN leaves it readable", async () => {
  const { db, own } = await locked();
  own.unlock(key);
  const typed = { ...ROWS.drafts, stamp: 4, content: { phone: "typed" } };
  // The other tab has looked at the lock before it went, and writes after everything was opened.
  let lookedAt = 0;
  const late = { ...db, get: async (store, id) => {
    const row = await db.get(store, id);
    if (id === "seal" && lookedAt++ === 0) await own.letGo();
    return row;
  } };
  await sealed(late, lock).write([{ store: "drafts", put: typed }]);
  assert.deepEqual(await db.get("drafts", "d1"), typed);
});

test("a lock of an earlier release seals the rest once it is opened, and a new server gets letters of its own", async () => {
  const old = await makeLock("p1", PIN);
  const db = memoryDatabase();
  await db.write(Object.entries(ROWS).map(([store, put]) => ({ store, put })));
  await putAway(db, old);
  assert.ok((await text(db)).includes(SECRET));
  const own = sealed(db, old);
  const opener = await unwrap(old, PIN);
  own.unlock(opener);
  const now = await addressed(old, opener, SERVER);
  await own.mend(now);
  assert.equal((await text(db)).includes(SECRET), false);
  assert.equal(read((await db.get("outbox", "o1")).body), ROWS.outbox.body);
  assert.deepEqual(await rowsOf(own), ROWS);
  assert.deepEqual(await addressed(now, opener, SERVER), now, "once is enough");
});

test("the key of a forgotten PIN opens what was left, and leaves no lock behind", async () => {
  const { db } = await locked();
  const own = sealed(db, lock);
  own.unlock(await keyFrom(JSON.parse(read(lock.letter, "key")).key));
  await own.letGo();
  assert.deepEqual(await rowsOf(db), ROWS);
});

test("while the app is locked no form is taken for unused, and no row for another's", async () => {
  const { own } = await locked();
  const rows = await rowsOf(own);
  assert.deepEqual([rows.notices.form, rows.notices.form_version, rows.drafts.form, rows.drafts.version], ["visit", "1", "visit", "1"]);
  assert.deepEqual(Object.values(rows).map(({ subject }) => subject), ["h1", "h1", "h1", "h1"]);
  assert.deepEqual([rows.outbox.touches, rows.outbox.photos], [[], [{ ref: "/data/door", sha256: "f" }]]);
});

test("the whole app behind a lock: what was filled in leaves while it is locked, and is there once it is opened", async () => {
  const under = memoryDatabase();
  await putAway(under, lock);
  const own = sealed(under, lock);
  own.unlock(key);
  const east = await phone({ databases: new Map([["p1", own]]) });
  await east.signsIn();
  east.app.pause();
  await east.app.correct("h1", { phone: SECRET });
  const draft = await east.app.startVisit("h1", "visit");
  assert.equal((await text(under)).includes(SECRET), false);
  const before = await own.get("drafts", draft);

  own.lock();
  const syncing = east.app.syncNow();
  const request = await east.server.next();
  const [operation] = request.json.operations;
  assert.equal(JSON.parse(read(operation.body)).changes.phone, SECRET);
  request.respond(200, nothingNew({ receipts: [applied(operation)], changes: [
    { kind: "entity", dataset: "households", id: "h1", subject: "h1", version: 2, label: "张三", at: 1, by: "王干部", properties: { phone: SECRET } }] }));
  await syncing;
  assert.deepEqual([east.app.get().counts.onPhone, east.app.get().sync.problem], [0, null]);
  assert.equal((await text(under)).includes(SECRET), false);

  own.unlock(key);
  assert.deepEqual(await own.get("drafts", draft), before);
  east.app.set("size", "elder");
  const { form } = await east.app.openDraft(draft);
  assert.equal(form.answers().phone, SECRET);
});
