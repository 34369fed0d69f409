/**
 * The lock a PIN makes: a pair of keys, the private half wrapped by a key made of the PIN and, for whoever forgets it, in
 * a letter to the server. It is a row of the device's database, which every tab reads and writes.
 */

import { writerTo } from "./letters.js";

/** @typedef {import("../core/types.js").Database} Database */

/**
 * The lock of one person on one phone: a row of the device's database. `wrong` tries in a row, no other before `until`.
 * `server` is the key letters are sealed to, and `letter` holds the private key; one of an earlier release has neither,
 * and seals the register alone. `forgotten`: signed out because the PIN was, and its key is asked for on signing in;
 * `asked` is the session whose server could not read the letter. `stamp` counts its writes, from a number of its own.
 * @typedef {{ id: string, open: ArrayBuffer, salt: Uint8Array, nonce: Uint8Array, wrapped: ArrayBuffer, wrong: number, until: number,
 *   server?: string, letter?: string, forgotten?: boolean, asked?: string, stamp?: number }} Lock
 */

export const CURVE = { name: "ECDH", namedCurve: "P-256" };
/** Half a second on the phones of 2019: ten thousand PINs cost whoever copied the phone's storage hours, not days. */
const ROUNDS = 300_000;
const FREE_TRIES = 5;
const PAUSE_MS = 30_000;
/** How long the server may take to tell a key, while nothing is drawn. */
const ANSWER_MS = 10_000;
export const encode = (/** @type {string} */ text) => new TextEncoder().encode(text);
export const decode = (/** @type {ArrayBuffer} */ bytes) => new TextDecoder().decode(bytes);
export const random = (/** @type {number} */ bytes) => crypto.getRandomValues(new Uint8Array(bytes));

/** The row's name in the device's database. @param {string} person */
export const lockId = (person) => `lock/${person}`;

/** What tells one lock from another. @param {Lock} lock @returns {string} */
export const nameOf = (lock) => new Uint8Array(lock.open).join("");

/** @param {string} pin @param {Uint8Array} salt */
async function keyOf(pin, salt) {
  const from = await crypto.subtle.importKey("raw", encode(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, from, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** A new lock. @param {string} person @param {string} pin @param {string} [server] its key @returns {Promise<Lock>} */
export async function makeLock(person, pin, server) {
  const pair = /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]));
  const [salt, nonce] = [random(16), random(12)];
  const secret = encode(JSON.stringify(await crypto.subtle.exportKey("jwk", pair.privateKey)));
  const wrapped = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, await keyOf(pin, salt), secret);
  const open = await crypto.subtle.exportKey("raw", pair.publicKey);
  return addressed({ id: lockId(person), open, salt, nonce, wrapped, wrong: 0, until: 0, stamp: new Uint32Array(random(4).buffer)[0] }, pair.privateKey, server);
}

/**
 * The lock with its key in a letter to this server.
 * @param {Lock} lock
 * @param {CryptoKey} key
 * @param {string|undefined} server
 * @returns {Promise<Lock>}
 */
export async function addressed(lock, key, server) {
  if (!server || server === lock.server) return lock;
  const write = await writerTo(server, "key");
  const content = { person: lock.id.slice(lockId("").length), key: await crypto.subtle.exportKey("jwk", key) };
  return { ...lock, server, letter: await write(JSON.stringify(content)) };
}

/** A private key as it was written down. @param {JsonWebKey} jwk @returns {Promise<CryptoKey>} */
export const keyFrom = (jwk) => crypto.subtle.importKey("jwk", jwk, CURVE, true, ["deriveBits"]);

/** The private key, or null for a wrong PIN. @param {Lock} lock @param {string} pin @returns {Promise<CryptoKey|null>} */
export async function unwrap(lock, pin) {
  try {
    const how = { name: "AES-GCM", iv: lock.nonce };
    const secret = await crypto.subtle.decrypt(how, await keyOf(pin, lock.salt), lock.wrapped);
    return await keyFrom(JSON.parse(decode(secret)));
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
export async function shared(own, other) {
  const half = await crypto.subtle.importKey("raw", other, CURVE, false, []);
  const bits = await crypto.subtle.deriveBits({ name: "ECDH", public: half }, own, 256);
  return crypto.subtle.importKey("raw", await crypto.subtle.digest("SHA-256", bits), "AES-GCM", false, ["encrypt", "decrypt"]);
}

/**
 * Change the lock's row, if it is still this lock's: read and written as one step. Other tabs have the same row, and one
 * that was set aside for days must never write its old lock over a newer one: it holds the only key to what is sealed.
 * @param {Database} device
 * @param {Lock} lock
 * @param {(row: Lock) => Promise<Lock|null>|Lock|null} next null removes it
 * @returns {Promise<Lock|null>} the row as it is, or was; null where another tab has removed or changed it
 */
export async function changed(device, lock, next) {
  const row = /** @type {Lock|undefined} */ (await device.get("meta", lock.id));
  if (!row || nameOf(row) !== nameOf(lock)) return null;
  const put = await next(row);
  const stamp = (row.stamp || 0) + 1;
  /** @type {import("../core/types.js").Write} */
  const write = put ? { store: "meta", put: { ...put, stamp } } : { store: "meta", delete: row.id };
  try {
    await device.write([write], { durable: true, expect: { store: "meta", key: row.id, stamp: row.stamp } });
  } catch (error) {
    if (/** @type {any} */ (error)?.code === "moved-on") return null;
    throw error;
  }
  return put ? { ...put, stamp } : row;
}

/**
 * Try a PIN, and write the try down.
 * @param {Database} device
 * @param {Lock} lock
 * @param {string} pin
 * @param {number} now
 * @param {string} [server] its key, to which a lock of an earlier release or of another server is addressed once it opens
 * @returns {Promise<{ row: Lock|null, key: CryptoKey|null, waits: boolean }>} without a row another tab has changed it
 */
export async function tryPin(device, lock, pin, now, server) {
  /** @type {CryptoKey|null} */
  let key = null;
  let waits = false;
  const row = await changed(device, lock, async (found) => {
    waits = found.until > now;
    if (waits) return found;
    key = await unwrap(found, pin);
    const next = tried(found, !!key, now);
    return key ? { ...(await addressed(next, key, server)), forgotten: false, asked: undefined } : next;
  });
  return { row, key, waits };
}

/**
 * The key behind a PIN that was forgotten: told by the server to whoever has just signed in (Protocol 1.11).
 * @param {string|undefined} letter
 * @param {string} token
 * @returns {Promise<JsonWebKey|"unreadable"|null>} null when it is not told now
 */
export async function keyTold(letter, token) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), ANSWER_MS);
  try {
    const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
    const answer = await fetch("/api/v1/session/key", { method: "POST", headers, body: JSON.stringify({ letter }), signal: stop.signal });
    // A captive portal answers too.
    if (!answer.headers.get("Fieldsvc-Protocol")) return null;
    const told = await answer.json();
    return told.key || (told.code === "letter-unreadable" ? "unreadable" : null);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Her lock is a row of the device's database, opened here by itself: nothing is behind a lock yet. One that
 * another tab has set meanwhile stays: rows may be sealed to it already.
 * @param {string} person
 * @param {string} pin
 * @returns {Promise<void>}
 */
export async function keep(person, pin) {
  const database = await answer(indexedDB.open("fieldsvc"));
  try {
    const { feed } = await answer(database.transaction("people").objectStore("people").get(person));
    const lock = await makeLock(person, pin, feed.rescue_key);
    const write = database.transaction("meta", "readwrite");
    await Promise.all([
      answer(write.objectStore("meta").add(lock)).catch(() => {}),
      new Promise((resolve) => (write.oncomplete = write.onabort = resolve)),
    ]);
  } finally {
    database.close();
  }
}

/** @param {IDBRequest} request @returns {Promise<any>} */
const answer = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
