/**
 * What a phone holds of the register, unreadable without its owner's PIN. Rows are sealed to a public key, so that what
 * comes from the server is put away while the app is locked, and sending never waits for a PIN; the private key lies
 * here wrapped by a key made of the PIN. What is filled in and not sent yet is not sealed: it must leave without a PIN.
 */

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

const encode = (/** @type {string} */ text) => new TextEncoder().encode(text);
const decode = (/** @type {ArrayBuffer} */ bytes) => new TextDecoder().decode(bytes);
const random = (/** @type {number} */ bytes) => crypto.getRandomValues(new Uint8Array(bytes));

/** The row's name in the device's database. @param {string} person */
export const lockId = (person) => `lock/${person}`;

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
 * @returns {Database & { unlock: (key: CryptoKey) => void, isLocked: () => boolean, letGo: () => Promise<void> }}
 */
export function sealed(db, lock) {
  /** @type {CryptoKey|null} */
  let own = null;
  /** Rows that were put away together have a key in common. @type {Map<string, Promise<CryptoKey>>} */
  const opened = new Map();

  /** @param {Write[]} writes @returns {Promise<Write[]>} */
  async function close(writes) {
    const pair = /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]));
    const [key, half] = [await shared(pair.privateKey, lock.open), await crypto.subtle.exportKey("raw", pair.publicKey)];
    return Promise.all(writes.map(async (write) => {
      const row = write.put;
      if (write.store !== SEALED || !row || row.sealed) return write;
      const nonce = random(12);
      const text = encode(JSON.stringify(Object.fromEntries(VALUES.map((name) => [name, row[name]]))));
      const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, key, text);
      const { origin, ...rest } = row;
      return { store: SEALED, put: { ...rest, properties: {}, label: "", sealed: { half, nonce, data } } };
    }));
  }

  /** @param {any} row @returns {Promise<any>} */
  async function open(row) {
    if (!row?.sealed || !own) return row;
    const { sealed: { half, nonce, data }, ...rest } = row;
    const name = new Uint8Array(half).join();
    if (!opened.has(name)) opened.set(name, shared(own, half));
    const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce }, await /** @type {any} */ (opened.get(name)), data);
    return { ...rest, ...JSON.parse(decode(text)) };
  }

  return {
    ...db,
    get: async (store, key) => open(await db.get(store, key)),
    all: async (store, index, key) => Promise.all((await db.all(store, index, key)).map(open)),
    // What holds no record is written as it comes, in the order in which it was asked for.
    write: (writes, options) =>
      writes.some((write) => write.store === SEALED && write.put) ? close(writes).then((closed) => db.write(closed, options)) : db.write(writes, options),
    unlock: (key) => (own = key),
    isLocked: () => !own,
    /** Everything lies open again: asked before the lock goes, without which nobody could read it. */
    async letGo() {
      const standing = await db.get("meta", "replica");
      const rows = await Promise.all((await db.all(SEALED)).map(open));
      await db.write(rows.map((row) => ({ store: SEALED, put: row })), { durable: true, expect: unmoved(standing) });
    },
  };
}

/** Only where nobody has written since. @param {any} standing */
const unmoved = (standing) => standing && { store: "meta", key: "replica", stamp: standing.stamp };

/**
 * Put away what lies open, from before there was a lock. Another tab may have written meanwhile: then the next start does it.
 * @param {Database} db sealed
 */
export async function putAway(db) {
  const standing = await db.get("meta", "replica");
  const plain = (await db.all(SEALED)).filter((row) => !row.sealed);
  await db.write(plain.map((row) => ({ store: SEALED, put: row })), { durable: true, expect: unmoved(standing) }).catch((/** @type {any} */ error) => {
    if (error?.code !== "moved-on") throw error;
  });
}
