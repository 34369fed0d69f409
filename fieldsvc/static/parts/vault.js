/**
 * What a phone holds of the register, unreadable without its owner's PIN. Rows are sealed to a public key, so that what
 * comes from the server is put away while the app is locked, and sending never waits for a PIN; the private key lies
 * here wrapped by a key made of the PIN. What is filled in and not sent yet is not sealed: it must leave without a PIN.
 */

import { EMPTY, restart } from "../core/replica.js";

/** @typedef {import("../core/types.js").Database} Database */
/** @typedef {import("../core/types.js").Write} Write */
/**
 * The lock of one person on one phone: a row of the device's database. `wrong` tries in a row, no other before `until`.
 * @typedef {{ id: string, open: ArrayBuffer, salt: Uint8Array, nonce: Uint8Array, wrapped: ArrayBuffer, wrong: number, until: number }} Lock
 */

const CURVE = { name: "ECDH", namedCurve: "P-256" };
/** Half a second on the phones of 2019: ten thousand PINs cost whoever copied the phone's storage hours, not days. */
const ROUNDS = 300_000;
const FREE_TRIES = 5;
const PAUSE_MS = 30_000;
/** What of a record says something about people. Keys, versions and what syncing needs stay readable. */
const VALUES = ["properties", "label", "origin"];
const SEALED = "entities";
/**
 * The row of a person's database that says to which lock its records are sealed: written with every record that is, and
 * kept, `gone`, when that lock goes. Another tab goes on with the old lock until it is closed; by this it learns to stop.
 */
const SEAL = "seal";

const encode = (/** @type {string} */ text) => new TextEncoder().encode(text);
const decode = (/** @type {ArrayBuffer} */ bytes) => new TextDecoder().decode(bytes);
const random = (/** @type {number} */ bytes) => crypto.getRandomValues(new Uint8Array(bytes));

/** The row's name in the device's database. @param {string} person */
export const lockId = (person) => `lock/${person}`;

/** What tells one lock from another. @param {Lock} lock @returns {string} */
const nameOf = (lock) => new Uint8Array(lock.open).join("");

/** @param {string} pin @param {Uint8Array} salt */
async function keyOf(pin, salt) {
  const from = await crypto.subtle.importKey("raw", encode(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, from, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** A new lock. @param {string} person @param {string} pin @returns {Promise<Lock>} */
export async function makeLock(person, pin) {
  const pair = /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]));
  const [salt, nonce] = [random(16), random(12)];
  const secret = encode(JSON.stringify(await crypto.subtle.exportKey("jwk", pair.privateKey)));
  const wrapped = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, await keyOf(pin, salt), secret);
  const open = await crypto.subtle.exportKey("raw", pair.publicKey);
  return { id: lockId(person), open, salt, nonce, wrapped, wrong: 0, until: 0 };
}

/** The private key, or null for a wrong PIN. @param {Lock} lock @param {string} pin @returns {Promise<CryptoKey|null>} */
export async function unwrap(lock, pin) {
  try {
    const how = { name: "AES-GCM", iv: lock.nonce };
    const secret = await crypto.subtle.decrypt(how, await keyOf(pin, lock.salt), lock.wrapped);
    return await crypto.subtle.importKey("jwk", JSON.parse(decode(secret)), CURVE, false, ["deriveBits"]);
  } catch {
    return null;
  }
}

/** The lock after a try. @param {Lock} lock @param {boolean} right @param {number} now @returns {Lock} */
export function tried(lock, right, now) {
  const wrong = right ? 0 : lock.wrong + 1;
  const pause = wrong < FREE_TRIES ? 0 : PAUSE_MS * 2 ** Math.min(wrong - FREE_TRIES, 10);
  return { ...lock, wrong, until: pause && now + pause };
}

/** The key two halves of a pair have in common. @param {CryptoKey} own @param {BufferSource} other */
async function shared(own, other) {
  const half = await crypto.subtle.importKey("raw", other, CURVE, false, []);
  const bits = await crypto.subtle.deriveBits({ name: "ECDH", public: half }, own, 256);
  return crypto.subtle.importKey("raw", await crypto.subtle.digest("SHA-256", bits), "AES-GCM", false, ["encrypt", "decrypt"]);
}

/**
 * The person's database with what it holds of the register sealed.
 * @param {Database} db
 * @param {Lock} lock
 * @returns {Database & { unlock: (key: CryptoKey) => void, lock: () => void, isLocked: () => boolean, letGo: () => Promise<void>, mend: () => Promise<void> }}
 */
export function sealed(db, lock) {
  /** @type {CryptoKey|null} */
  let own = null;
  /** Rows that were put away together have a key in common. @type {Map<string, Promise<CryptoKey>>} */
  const opened = new Map();
  const name = nameOf(lock);

  /** Only what this lock still holds is sealed to it: a row sealed to one that went could never be read. @param {Write[]} writes @returns {Promise<Write[]>} */
  async function close(writes) {
    const seal = await db.get("meta", SEAL);
    if (seal && (seal.gone || seal.of !== name)) return writes;
    const pair = /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]));
    const [key, half] = [await shared(pair.privateKey, lock.open), await crypto.subtle.exportKey("raw", pair.publicKey)];
    const closed = await Promise.all(writes.map(async (write) => {
      const row = write.put;
      if (write.store !== SEALED || !row || row.sealed) return write;
      const nonce = random(12);
      const text = encode(JSON.stringify(Object.fromEntries(VALUES.map((value) => [value, row[value]]))));
      const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, key, text);
      const { origin, ...rest } = row;
      return { store: SEALED, put: { ...rest, properties: {}, label: "", sealed: { half, nonce, data } } };
    }));
    return [...closed, { store: "meta", put: { id: SEAL, of: name } }];
  }

  /** The row as it was; one that this lock does not open as it lies, for a list may not fail for one row. @param {any} row @returns {Promise<any>} */
  async function open(row) {
    if (!row?.sealed || !own) return row;
    const { sealed: { half, nonce, data }, ...rest } = row;
    const common = new Uint8Array(half).join();
    if (!opened.has(common)) opened.set(common, shared(own, half));
    try {
      const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce }, await /** @type {any} */ (opened.get(common)), data);
      return { ...rest, ...JSON.parse(decode(text)) };
    } catch {
      return row;
    }
  }
  const all = async () => Promise.all((await db.all(SEALED)).map(open));

  return {
    ...db,
    get: async (store, key) => open(await db.get(store, key)),
    all: async (store, index, key) => Promise.all((await db.all(store, index, key)).map(open)),
    // What holds no record is written as it comes, in the order in which it was asked for.
    write: (writes, options) =>
      writes.some((write) => write.store === SEALED && write.put) ? close(writes).then((closed) => db.write(closed, options)) : db.write(writes, options),
    unlock: (key) => (own = key),
    lock() {
      own = null;
      opened.clear();
    },
    isLocked: () => !own,
    /**
     * Everything lies open again: asked before the lock goes, without which nobody could read it. The replica moves on
     * with it, so that a page another tab was about to put away is refused there and asked for again.
     */
    async letGo() {
      const standing = await db.get("meta", EMPTY.id);
      const rows = await all();
      const next = rows.some((row) => row.sealed) ? anew(standing) : moved(standing);
      await db.write([...rows.map((row) => ({ store: SEALED, put: row })), next, { store: "meta", put: { id: SEAL, of: name, gone: true } }], {
        durable: true, expect: unmoved(standing),
      });
    },
    /** Everything is asked for anew where the key does not open all there is. */
    async mend() {
      const standing = await db.get("meta", EMPTY.id);
      if ((await all()).some((row) => row.sealed)) await db.write([anew(standing)], { durable: true, expect: unmoved(standing) });
    },
  };
}

/** Only where nobody has written since. @param {any} standing */
const unmoved = (standing) => ({ store: "meta", key: EMPTY.id, stamp: standing?.stamp || undefined });

/** The replica a step on. @param {any} standing @returns {Write} */
const moved = (standing) => ({ store: "meta", put: { ...EMPTY, ...standing, stamp: (standing?.stamp || 0) + 1 } });

/** The replica from its beginning, as after the server's history diverged. @param {any} standing @returns {Write} */
const anew = (standing = EMPTY) => ({ store: "meta", put: restart(standing, { epoch: standing.epoch, server_time: standing.serverTime }) });

/**
 * Whether a person's records are behind this lock, asked on opening. Where the lock was let go just before a battery was
 * empty they are not; where they are sealed to another lock, nobody can read them, and all of it is asked for anew.
 * @param {Database} db
 * @param {Lock|undefined} lock
 * @returns {Promise<boolean>}
 */
export async function holds(db, lock) {
  const seal = await db.get("meta", SEAL);
  const fits = !!lock && seal?.of === nameOf(lock);
  if (seal && !seal.gone && !fits) {
    const standing = await db.get("meta", EMPTY.id);
    await db.write([anew(standing), { store: "meta", delete: SEAL }], { durable: true, expect: unmoved(standing) });
  }
  return !!lock && !(fits && seal.gone);
}

/**
 * Put away what lies open, from before there was a lock. Another tab may have written meanwhile: then the next start does it.
 * @param {Database} db what lies on the phone
 * @param {Lock} lock
 */
export async function putAway(db, lock) {
  const standing = await db.get("meta", EMPTY.id);
  const seal = await db.get("meta", SEAL);
  // An earlier lock's: this one holds from here on.
  if (seal && seal.of !== nameOf(lock)) await db.write([{ store: "meta", put: { id: SEAL, of: nameOf(lock) } }], { durable: true });
  const plain = (await db.all(SEALED)).filter((row) => !row.sealed);
  await sealed(db, lock).write(plain.map((row) => ({ store: SEALED, put: row })), { durable: true, expect: unmoved(standing) }).catch((/** @type {any} */ error) => {
    if (error?.code !== "moved-on") throw error;
  });
}
