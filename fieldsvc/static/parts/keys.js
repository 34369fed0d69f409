/**
 * The lock a PIN makes: a pair of keys, the private half wrapped by a key made of the PIN and, for whoever forgets it, in
 * a letter to the server.
 */

import { writerTo } from "./letters.js";

/**
 * The lock of one person on one phone: a row of the device's database. `wrong` tries in a row, no other before `until`.
 * `server` is the key letters are sealed to, and `letter` holds the private key; one of an earlier release has neither,
 * and seals the register alone. `forgotten`: signed out because the PIN was, and its key is asked for on signing in.
 * @typedef {{ id: string, open: ArrayBuffer, salt: Uint8Array, nonce: Uint8Array, wrapped: ArrayBuffer, wrong: number, until: number,
 *   server?: string, letter?: string, forgotten?: boolean }} Lock
 */

export const CURVE = { name: "ECDH", namedCurve: "P-256" };
/** Half a second on the phones of 2019: ten thousand PINs cost whoever copied the phone's storage hours, not days. */
const ROUNDS = 300_000;
const FREE_TRIES = 5;
const PAUSE_MS = 30_000;
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
  return addressed({ id: lockId(person), open, salt, nonce, wrapped, wrong: 0, until: 0 }, pair.privateKey, server);
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
