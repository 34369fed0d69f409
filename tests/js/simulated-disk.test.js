/** The databases of the simulator's phones keep the laws of IndexedDB that the app relies on, as a whole IndexedDB does. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { IDBFactory } from "fake-indexeddb";

import { deleteDatabase, DEVICE_STORES, openDatabase, PERSON_STORES } from "../../fieldsvc/static/adapters/idb.js";
import { Factory } from "../simulation/phones/disk.js";

const turn = () => new Promise(setImmediate);
const raw = (name) => new Promise((resolve) => {
  const request = globalThis.indexedDB.open(name, 1);
  request.onsuccess = () => resolve(request.result);
});
const answer = (request) => new Promise((resolve, reject) => Object.assign(request, { onsuccess: () => resolve(request.result), onerror: () => reject(request.error) }));
const ended = (transaction) => new Promise((resolve) => Object.assign(transaction, { oncomplete: () => resolve("complete"), onabort: () => resolve("abort") }));

/** @type {Record<string, (db: import("../../fieldsvc/static/core/types.js").Database) => Promise<void>>} */
const LAWS = {
  async "rows come in the order of their keys"(db) {
    const ids = ["b", "a", "Ü", "c", "B", "10", "9"];
    await db.write(ids.map((id) => ({ store: "outbox", put: { id } })));
    assert.deepEqual((await db.all("outbox")).map(({ id }) => id), [...ids].sort());
    await db.write([["x", 10], ["x", 9], ["w", 2], ["x", -1]].map(([sha256, index]) => ({ store: "chunks", put: { sha256, index } })));
    assert.deepEqual((await db.all("chunks")).map(({ sha256, index }) => `${sha256}${index}`), ["w2", "x-1", "x9", "x10"]);
    assert.deepEqual((await db.all("chunks", "sha256", "x")).map(({ index }) => index), [-1, 9, 10]);
    assert.deepEqual(await db.get("chunks", ["x", 9]), { sha256: "x", index: 9 });
  },
  async "a row put again replaces the one of its key, one removed is gone, and what is not there is undefined"(db) {
    await db.write([{ store: "drafts", put: { id: "1", n: 1 } }, { store: "drafts", put: { id: "1", n: 2 } }, { store: "drafts", put: { id: "2" } }]);
    await db.write([{ store: "drafts", delete: "2" }, { store: "drafts", delete: "nobody" }]);
    assert.deepEqual(await db.all("drafts"), [{ id: "1", n: 2 }]);
    assert.equal(await db.get("drafts", "2"), undefined);
  },
  async "only rows that have the property are in its index"(db) {
    await db.write([{ id: "1", subject: "s" }, { id: "2" }, { id: "3", subject: "t" }].map((put) => ({ store: "entities", put })));
    assert.deepEqual((await db.all("entities", "subject", "s")).map(({ id }) => id), ["1"]);
  },
  async "what was put is a copy, and so is what is read"(db) {
    const row = { id: "1", list: [1], bytes: new Uint8Array([1]).buffer };
    const writing = db.write([{ store: "drafts", put: row }]);
    row.list.push(2);
    new Uint8Array(row.bytes)[0] = 9;
    await writing;
    const read = await db.get("drafts", "1");
    assert.deepEqual([read.list, new Uint8Array(read.bytes)[0]], [[1], 1]);
    new Uint8Array(read.bytes)[0] = 7;
    assert.equal(new Uint8Array((await db.get("drafts", "1")).bytes)[0], 1);
  },
  async "of a write in which anything cannot be stored nothing stays"(db) {
    await db.write([{ store: "drafts", put: { id: "1", n: 1 } }, { store: "outbox", put: { id: "o" } }]);
    const bad = [{ id: "3", deed: () => {} }, {}, { id: null }, { id: NaN }, { id: { a: 1 } }, { id: true }];
    for (const put of bad) {
      const writes = [{ store: "drafts", put: { id: "1", n: 2 } }, { store: "drafts", put: { id: "2" } }, { store: "outbox", delete: "o" }, { store: "outbox", put }];
      await assert.rejects(db.write(writes), ({ name }) => name === (put.deed ? "DataCloneError" : "DataError"));
    }
    assert.deepEqual([await db.all("drafts"), await db.all("outbox")], [[{ id: "1", n: 1 }], [{ id: "o" }]]);
  },
  async "a write that expects another row is refused whole"(db) {
    await db.write([{ store: "drafts", put: { id: "1", stamp: 1 } }]);
    const next = (stamp) => [[{ store: "drafts", put: { id: "1", stamp: 2 } }, { store: "outbox", put: { id: "o" } }], { expect: { store: "drafts", key: "1", stamp } }];
    await assert.rejects(db.write(...next(5)), { code: "moved-on" });
    assert.deepEqual([await db.all("drafts"), await db.all("outbox")], [[{ id: "1", stamp: 1 }], []]);
    const both = await Promise.allSettled([db.write(...next(1)), db.write(...next(1))]);
    assert.deepEqual(both.map(({ status }) => status), ["fulfilled", "rejected"]);
  },
  async "reads see the writes before them, whole, and none of those after"(db) {
    const write = (n) => db.write(["drafts", "outbox"].map((store) => ({ store, put: { id: "1", n } })));
    const seen = [];
    await Promise.all([1, 2, 3].flatMap((n) => [write(n), db.get("drafts", "1").then((row) => seen.push(row.n)), db.get("outbox", "1").then((row) => seen.push(row.n))]));
    assert.deepEqual(seen, [1, 1, 2, 2, 3, 3]);
  },
  async "a database that is removed is left by who has it open, and begins empty"(db) {
    await db.write([{ store: "drafts", put: { id: "1" } }]);
    await deleteDatabase("laws");
    await assert.rejects(db.all("drafts"), { code: "moved-on" });
    const again = await openDatabase("laws", PERSON_STORES);
    assert.deepEqual(await again.all("drafts"), []);
    again.close();
  },
  async "databases of other names are others"(db) {
    const other = await openDatabase("other", DEVICE_STORES);
    await db.write([{ store: "meta", put: { id: "1" } }]);
    assert.deepEqual(await other.all("meta"), []);
    other.close();
  },
};

/** Those of the interface itself, on a database in which nothing is yet. @type {Record<string, () => Promise<void>>} */
const CLAUSES = {
  async "a transaction that waited for something else is over"() {
    const db = await raw("laws");
    const transaction = db.transaction(["drafts"], "readwrite");
    const store = transaction.objectStore("drafts");
    await answer(store.get("1"));
    await answer(store.put({ id: "1" }));
    const over = ended(transaction);
    await turn();
    await turn();
    assert.throws(() => store.put({ id: "2" }), { name: "TransactionInactiveError" });
    assert.equal(await over, "complete");
    assert.throws(() => transaction.abort(), { name: "InvalidStateError" });
    db.close();
  },
  async "an abort takes back what was written, and tells whoever still waits"() {
    const db = await raw("laws");
    const transaction = db.transaction(["drafts", "outbox"], "readwrite");
    const [drafts, outbox] = ["drafts", "outbox"].map((name) => transaction.objectStore(name));
    await answer(drafts.put({ id: "1" }));
    const waits = answer(outbox.put({ id: "2" }));
    const over = ended(transaction);
    transaction.abort();
    await assert.rejects(waits, { name: "AbortError" });
    assert.equal(await over, "abort");
    const looks = db.transaction(["drafts", "outbox"]);
    const found = await Promise.all(["drafts", "outbox"].map((name) => answer(looks.objectStore(name).getAll())));
    assert.deepEqual(found, [[], []]);
    db.close();
  },
  async "what may not be asked throws at once"() {
    const db = await raw("laws");
    const reads = db.transaction("drafts");
    assert.throws(() => reads.objectStore("drafts").put({ id: "1" }), { name: "ReadOnlyError" });
    assert.throws(() => reads.objectStore("outbox"), { name: "NotFoundError" });
    assert.throws(() => reads.objectStore("drafts").get(undefined), { name: "DataError" });
    assert.throws(() => db.transaction("nowhere"), { name: "NotFoundError" });
    assert.throws(() => db.transaction([]), { name: "InvalidAccessError" });
    db.close();
    assert.throws(() => db.transaction("drafts"), { name: "InvalidStateError" });
  },
  async "somebody who does not let go is told of, and keeps what she has until she does"() {
    const db = await raw("laws");
    await answer(db.transaction("drafts", "readwrite").objectStore("drafts").put({ id: "1" }));
    await deleteDatabase("laws"); // blocked
    assert.deepEqual(await answer(db.transaction("drafts").objectStore("drafts").getAll()), [{ id: "1" }]);
    const again = openDatabase("laws", PERSON_STORES);
    db.close();
    assert.deepEqual(await (await again).all("drafts"), []);
  },
};

for (const [kind, make] of [["a whole IndexedDB", () => new IDBFactory()], ["the simulator's disk", () => new Factory()]]) {
  for (const [law, holds] of Object.entries({ ...LAWS, ...CLAUSES })) {
    test(`${kind}: ${law}`, async () => {
      globalThis.indexedDB = make();
      const db = await openDatabase("laws", PERSON_STORES);
      if (law in CLAUSES) db.close();
      await holds(db);
      db.close();
    });
  }
}
