/** What a phone holds of the register behind a PIN: unreadable without it, and no hindrance to what syncing does. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { lockWhenAway } from "../../fieldsvc/static/parts/away.js";
import { makeLock, tried, unwrap } from "../../fieldsvc/static/parts/keys.js";
import { holds as behind, putAway, sealed } from "../../fieldsvc/static/parts/vault.js";
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

test("what a lock of an earlier release does not seal is written as it comes, in its order", async () => {
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
  const moved = { ...db, get: async (store, id) => (id === "replica" ? { id, stamp: 7 } : db.get(store, id)) };
  await putAway(moved, lock);
  assert.deepEqual(await db.all("entities"), [home()]);
  await putAway(db, lock);
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

/** A page that a tab takes: it was asked for at this stamp. */
const page = (stamp, row) => [
  [{ store: "entities", put: row }, { store: "meta", put: { id: "replica", stamp: stamp + 1, cursor: "next" } }],
  { expect: { store: "meta", key: "replica", stamp: stamp || undefined } },
];

test("once the PIN is removed, no tab seals to it any more: a page it was about to put away is refused, the next lies open", async () => {
  const { db, own } = await locked();
  const other = sealed(db, lock);
  own.unlock(await unwrap(lock, PIN));
  await own.letGo();
  await assert.rejects(other.write(...page(0, home({ version: 2 }))), { code: "moved-on" });
  await other.write(...page(1, home({ version: 2 })));
  await own.write(...page(2, home({ id: "h2" })));
  assert.deepEqual(await db.all("entities"), [home({ version: 2 }), home({ id: "h2" })]);
});

test("a lock let go just before the battery was empty holds no longer, and one set later does", async () => {
  const { db, own } = await locked();
  own.unlock(await unwrap(lock, PIN));
  await own.letGo();
  assert.equal(await behind(db, lock), false);
  const next = await makeLock("p1", "111222");
  assert.equal(await behind(db, next), true);
  await putAway(db, next);
  assert.equal(holds((await db.all("entities"))[0], "张三"), false);
  await own.write([{ store: "entities", put: home({ id: "h2" }) }]);
  assert.deepEqual(await db.get("entities", "h2"), home({ id: "h2" }), "a tab with the old lock does not seal to it");
  assert.equal((await db.get("meta", "replica")).cursor, null);
});

test("what is sealed to a lock that is not there is asked for anew, with another lock and with none", async () => {
  for (const present of [undefined, await makeLock("p1", PIN)]) {
    const { db } = await locked();
    await db.write([{ store: "meta", put: { id: "replica", stamp: 4, cursor: "c", epoch: "e", generation: 1, snapshot: false, more: false } }]);
    assert.equal(await behind(db, present), !!present);
    const { stamp, cursor, generation, snapshot, more } = await db.get("meta", "replica");
    assert.deepEqual([stamp, cursor, generation, snapshot, more], [5, null, 2, true, true]);
    assert.equal(await behind(db, present), !!present);
    assert.equal((await db.get("meta", "replica")).stamp, 5, "once is enough");
  }
});

test("one row the key does not open fails no list, and has everything asked for anew", async () => {
  const { db, own } = await locked([home(), home({ id: "h2" })]);
  const row = await db.get("entities", "h2");
  await db.write([{ store: "entities", put: { ...row, sealed: { ...row.sealed, nonce: new Uint8Array(12) } } },
    { store: "meta", put: { id: "replica", stamp: 1, cursor: "c", generation: 1 } }]);
  own.unlock(await unwrap(lock, PIN));
  assert.deepEqual((await own.all("entities")).map(({ label }) => label), ["张三", ""]);
  await own.mend(lock);
  assert.equal((await db.get("meta", "replica")).cursor, null);
});

test("whoever was away for five minutes is asked again, but not before her form is left, and never once it is stopped", () => {
  const [screen, route] = [Object.assign(new EventTarget(), { hidden: false }), new EventTarget()];
  let [at, working, times] = [1000, true, 0];
  const stop = lockWhenAway({ page: screen, route, now: () => at, atWork: () => working, lock: () => (times += 1) });
  const away = (minutes) => {
    for (const hidden of [true, false]) {
      screen.hidden = hidden;
      screen.dispatchEvent(new Event("visibilitychange"));
      at += hidden ? minutes * 60_000 : 0;
    }
  };
  away(4);
  away(6);
  assert.equal(times, 0, "a camera, a recording or a sketch may be open");
  working = false;
  route.dispatchEvent(new Event("hashchange"));
  assert.equal(times, 1);
  stop();
  away(6);
  assert.equal(times, 1);
});
