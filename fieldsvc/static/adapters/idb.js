/**
 * IndexedDB as a list of stores with reads and all-or-nothing writes. Nothing but IndexedDB is awaited inside a
 * transaction: any other wait ends it with the first half already committed.
 */

/** @typedef {import("../core/types.js").Database} Database */
/** @typedef {import("../core/types.js").Write} Write */
/** @typedef {Record<string, {key: string|string[], indexes?: string[]}>} Schema */

const VERSION = 1;
const SPENT = "spent";

/** Stores of one person's database. @type {Schema} */
export const PERSON_STORES = {
  meta: { key: "id" },
  entities: { key: "id", indexes: ["subject"] },
  submissions: { key: "id", indexes: ["subject"] },
  subjects: { key: "id" },
  notices: { key: "id", indexes: ["subject"] },
  forms: { key: "id" },
  datasets: { key: "id" },
  drafts: { key: "id" },
  outbox: { key: "id" },
  photos: { key: "sha256" },
  chunks: { key: ["sha256", "index"], indexes: ["sha256"] },
};

/** Stores of the device: who is signed in, and settings. @type {Schema} */
export const DEVICE_STORES = { meta: { key: "id" }, people: { key: "id" } };

/**
 * Open a database. A connection the system dropped (iPhones do so in the background) is opened again once; when a
 * newer release wants to change the stores, this one lets go and calls `onOutdated`.
 * @param {string} name
 * @param {Schema} schema
 * @param {() => void} [onOutdated]
 * @returns {Promise<Database>}
 */
export async function openDatabase(name, schema, onOutdated = () => {}) {
  /** @type {IDBDatabase|null} */
  let open = null;
  /** One, however many ask for it at once: a second would hold a database that is to go. @type {Promise<IDBDatabase>|null} */
  let opening = null;
  let closed = false;

  const connect = () =>
    (opening ||= new Promise((/** @type {(made: IDBDatabase) => void} */ resolve, reject) => {
      const request = indexedDB.open(name, VERSION);
      request.onupgradeneeded = () => create(request.result, schema);
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        const made = (open = request.result);
        made.onclose = () => (open = null);
        made.onversionchange = ({ newVersion }) => {
          made.close();
          open = null;
          // Removed by a tab that signed out: opening it again here would bring her rows back.
          closed ||= newVersion === null;
          onOutdated();
        };
        if (closed) made.close();
        resolve(made);
      };
    }).finally(() => (opening = null)));

  /** @template T @param {(database: IDBDatabase) => Promise<T>} use @returns {Promise<T>} */
  async function connected(use) {
    // A step of somebody who has signed out must not bring her database back to life.
    if (closed) throw { code: "moved-on" };
    let at = open;
    try {
      return await use((at ||= await connect()));
    } catch (error) {
      const lost = error instanceof DOMException && (error.name === "InvalidStateError" || error.name === "UnknownError");
      if (!lost || closed) throw error;
      // Whoever else met it may have opened the next already.
      if (open === at) {
        at?.close();
        open = null;
      }
      return use(open || (await connect()));
    }
  }

  await connect();
  return {
    get: (store, key) =>
      connected((database) => answer(database.transaction(store).objectStore(store).get(key))),
    all: (store, index, key) =>
      connected((database) => {
        const from = database.transaction(store).objectStore(store);
        return answer(index ? from.index(index).getAll(key) : from.getAll());
      }),
    write: (writes, { durable = false, expect } = {}) =>
      writes.length ? connected((database) => commit(database, writes, durable, expect)) : Promise.resolve(),
    close() {
      closed = true;
      open?.close();
    },
  };
}

/**
 * Remove a database; resolves also when another tab still holds it, which then loses it on closing.
 * @param {string} name
 * @returns {Promise<void>}
 */
export const deleteDatabase = (name) =>
  new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = request.onerror = request.onblocked = () => resolve();
  });

/**
 * Have the browser begin a new file for what is written from now on. Killed in the middle of a write, Chromium goes on
 * behind the torn half, and at the start after that takes everything for broken and empties it: every form that was
 * promised, for one that was not (google/leveldb issue 1287). When a database goes, even an empty one, the file goes too.
 * @returns {Promise<void>}
 */
export const writeAnew = () =>
  new Promise((resolve) => {
    const request = indexedDB.open(SPENT);
    request.onerror = () => resolve();
    request.onsuccess = () => {
      request.result.close();
      resolve(deleteDatabase(SPENT));
    };
  });

/** @param {IDBDatabase} database @param {Schema} schema */
function create(database, schema) {
  for (const [name, { key, indexes = [] }] of Object.entries(schema)) {
    if (database.objectStoreNames.contains(name)) continue;
    const store = database.createObjectStore(name, { keyPath: key });
    for (const index of indexes) store.createIndex(index, index);
  }
}

/** @param {IDBRequest} request @returns {Promise<any>} */
const answer = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/**
 * @param {IDBDatabase} database
 * @param {Write[]} writes
 * @param {boolean} durable
 * @param {{store: string, key: any, stamp: number|undefined}} [expect]
 * @returns {Promise<void>}
 */
function commit(database, writes, durable, expect) {
  return new Promise((resolve, reject) => {
    const stores = new Set(writes.map((write) => write.store));
    if (expect) stores.add(expect.store);
    // "relaxed", the default, may report success before the bytes are on the disk; a flat battery then loses them.
    const options = /** @type {IDBTransactionOptions} */ ({ durability: durable ? "strict" : "relaxed" });
    const transaction = database.transaction([...stores], "readwrite", options);
    /** @type {unknown} */
    let refusal = null;
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(refusal || transaction.error);

    const run = () => {
      for (const write of writes) {
        const store = transaction.objectStore(write.store);
        if ("put" in write) store.put(write.put);
        else store.delete(write.delete);
      }
    };
    /** @param {unknown} why */
    const refuse = (why) => {
      refusal = why;
      transaction.abort();
    };
    if (!expect) {
      // A value that cannot be stored throws here; without the abort the writes before it would stay.
      try {
        run();
      } catch (error) {
        refuse(error);
      }
      return;
    }
    const check = transaction.objectStore(expect.store).get(expect.key);
    check.onsuccess = () => {
      if (check.result?.stamp !== expect.stamp) return refuse({ code: "moved-on" });
      try {
        run();
      } catch (error) {
        refuse(error);
      }
    };
  });
}
