/** What a phone holds of the register behind a PIN: unreadable without it, and no hindrance to what syncing does. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { makeLock, putAway, sealed, tried, unwrap } from "../../fieldsvc/static/parts/vault.js";
import { memoryDatabase } from "./support/memory.js";

const PIN = "480213";
const lock = await makeLock("p1", PIN);
const home = (more = {}) => ({
  id: "h1", subject: "h1", dataset: "households", version: 1, gen: 1, label: "张三", properties: { phone: "13900000001" },
  origin: { phone: ["王干部", 5] }, ...more,
});

/** A locked database, and what really lies in it. */
async function locked(rows = [home()]) {
  const db = memoryDatabase();
  const own = sealed(db, lock);
  await own.write(rows.map((put) => ({ store: "entities", put })));
  return { db, own };
}

/** Whether these bytes or their text stand anywhere in a row. */
function holds(row, text) {
  const words = Buffer.from(text);
  return JSON.stringify(row, (_, value) => (value instanceof ArrayBuffer ? [...new Uint8Array(value)] : value)).includes(text)
    || (row.sealed ? Buffer.from(row.sealed.data).includes(words) : false);
}

test("nothing of a record lies open on the phone, and its keys and version do, for syncing needs them", async () => {
  const { db, own } = await locked();
  const [row] = await db.all("entities");
  for (const secret of ["张三", "13900000001", "王干部"]) assert.equal(holds(row, secret), false);
  assert.deepEqual([row.id, row.subject, row.version, row.gen], ["h1", "h1", 1, 1]);
  assert.deepEqual((await own.all("entities", "subject", "h1")).map(({ properties, label }) => [properties, label]), [[{}, ""]]);
});

test("the PIN opens it, and no other", async () => {
  const { own } = await locked();
  assert.equal(await unwrap(lock, "480214"), null);
  own.unlock(await unwrap(lock, PIN));
  assert.equal(own.isLocked(), false);
  assert.deepEqual(await own.get("entities", "h1"), home());
  assert.deepEqual(await own.all("entities"), [home()]);
});

test("what comes while the app is locked is put away too, and what is moved unopened stays whole", async () => {
  const { db, own } = await locked();
  await own.write([{ store: "entities", put: home({ version: 2, properties: { phone: "13900000002" } }) }]);
  await own.write([{ store: "entities", put: { ...(await own.get("entities", "h1")), gen: 2 } }]);
  assert.equal(holds((await db.all("entities"))[0], "13900000002"), false);
  own.unlock(await unwrap(lock, PIN));
  assert.deepEqual(await own.get("entities", "h1"), home({ version: 2, gen: 2, properties: { phone: "13900000002" } }));
});

test("drafts and what is on its way are written as they come, in their order: they leave without a PIN", async () => {
  const { db, own } = await locked();
  const writes = [own.write([{ store: "outbox", put: { id: "o1", body: "one" } }]), own.write([{ store: "outbox", put: { id: "o1", body: "two" } }])];
  await Promise.all(writes);
  assert.deepEqual(await db.all("outbox"), [{ id: "o1", body: "two" }]);
  await own.write([{ store: "entities", delete: "h1" }]);
  assert.deepEqual(await db.all("entities"), []);
});

test("what lay open before there was a lock is put away, unless another tab has written meanwhile", async () => {
  const db = memoryDatabase();
  await db.write([{ store: "entities", put: home() }, { store: "meta", put: { id: "replica", stamp: 1 } }]);
  const moved = { ...db, get: async () => ({ id: "replica", stamp: 0 }) };
  await putAway(sealed(moved, lock));
  assert.deepEqual(await db.all("entities"), [home()]);
  await putAway(sealed(db, lock));
  assert.equal(holds((await db.all("entities"))[0], "张三"), false);
});

test("whoever removes the PIN has everything open again", async () => {
  const { db, own } = await locked();
  own.unlock(await unwrap(lock, PIN));
  await own.letGo();
  assert.deepEqual(await db.all("entities"), [home()]);
});

test("after five wrong tries each one costs twice the wait of the one before, and the right one ends that", () => {
  let at = lock;
  for (let n = 1; n < 5; n += 1) at = tried(at, false, 1000);
  assert.equal(at.until, 0);
  at = tried(at, false, 1000);
  assert.equal(at.until, 31_000);
  at = tried(at, false, 1000);
  assert.equal(at.until, 61_000);
  assert.deepEqual([tried(at, true, 1000).wrong, tried(at, true, 1000).until], [0, 0]);
});
