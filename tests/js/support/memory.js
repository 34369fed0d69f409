/** A database that lives in memory and keeps the promises of `adapters/idb.js`: all of a write, or none. */

const KEYS = { photos: ["sha256"], chunks: ["sha256", "index"] };

const keyOf = (store, row) => (KEYS[store] || ["id"]).map((name) => row[name]).join("/");
const plain = (key) => (Array.isArray(key) ? key.join("/") : String(key));
const copy = (row) => (row === undefined ? undefined : structuredClone(row));

/** @returns {import("../../../fieldsvc/static/core/types.js").Database & { stores: Map<string, Map<string, any>>, failNext: any }} */
export function memoryDatabase() {
  const stores = new Map();
  const rows = (store) => stores.get(store) || stores.set(store, new Map()).get(store);
  const database = {
    stores,
    /** Thrown by the next write, in place of storing anything. */
    failNext: null,
    get: async (store, key) => copy(rows(store).get(plain(key))),
    all: async (store, index, key) =>
      [...rows(store).entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => copy(row))
        .filter((row) => !index || row[index] === key),
    async write(writes, { expect } = {}) {
      if (database.failNext) {
        const failure = database.failNext;
        database.failNext = null;
        throw failure;
      }
      if (expect && rows(expect.store).get(plain(expect.key))?.stamp !== expect.stamp) throw { code: "moved-on" };
      for (const write of writes) {
        if ("put" in write) rows(write.store).set(keyOf(write.store, write.put), copy(write.put));
        else rows(write.store).delete(plain(write.delete));
      }
    },
    close() {},
  };
  return database;
}
