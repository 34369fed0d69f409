/**
 * What a phone holds of households, unreadable without its owner's PIN (decisions 0039 and 0045). Rows are sealed to a
 * public key, so that what comes from the server is put away while the app is locked; the private key lies here wrapped
 * by a key made of the PIN, and in a letter to the server. An operation's text stands in the outbox as a letter as well:
 * sending never waits for a PIN.
 */

import { EMPTY, restart } from "../core/replica.js";
import { CURVE, decode, encode, keyFrom, nameOf, random, shared } from "./keys.js";
import { writerTo } from "./letters.js";
import { DEEP, secretsOf, standIn } from "./secrets.js";

/** @typedef {import("../core/types.js").Database} Database */
/** @typedef {import("../core/types.js").Write} Write */
/** @typedef {import("./keys.js").Lock} Lock */

const REGISTER = "entities";
/**
 * The row of a person's database that says to which lock its rows are sealed, `of` none when that lock went: `last`. The
 * private `keys` of locks that went lie here open. Another tab goes on with the old lock until it is closed; by this it
 * learns to stop, and what it had sealed in that moment can still be read. `letters` hold the keys of locks that were lost.
 * `gone` says that nothing is left to open: from then on the app starts without this part.
 */
const SEAL = "seal";
/** A tab may sleep for days between sealing a row and writing it. */
const KEYS_KEPT_MS = 7 * 86_400_000;

/**
 * A sealed row as it was; one that this key does not open as it lies, for a list may not fail for one row.
 * @param {any} row
 * @param {CryptoKey|null} own
 * @param {Map<string, Promise<CryptoKey>>} opened rows that were put away together have a key in common
 * @returns {Promise<any>}
 */
async function open(row, own, opened) {
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

/** Whether its lock has gone. @param {any} seal */
const ended = (seal) => !!seal && (!!seal.gone || !seal.of);

/** Signing out removes what was fetched; how the rest is sealed is not of it. @param {Write[]} writes */
const kept = (writes) => writes.filter((write) => write.delete !== SEAL);

/**
 * A draft that does not open: it counts and keeps what it needs on the phone, but is in no household's way.
 * @param {string} store
 * @param {any} row
 */
const unopened = (store, row) => (store === "drafts" && row.sealed ? { ...row, subject: "", replaces: row.id } : row);

/**
 * The person's database where rows are left that nobody can open now: she works on beside them.
 * @param {Database} db
 * @param {unknown} why thrown in place of a draft
 * @returns {Database}
 */
export const beside = (db, why) => ({
  ...db,
  get: async (store, key) => {
    const row = await db.get(store, key);
    if (store === "drafts" && row?.sealed) throw why;
    return store === "meta" && row?.sealed ? undefined : row;
  },
  all: async (store, index, key) => (await db.all(store, index, key)).map((row) => unopened(store, row)),
  write: (writes, options) => db.write(kept(writes), options),
});

/**
 * The person's database with what it holds of households sealed.
 * @param {Database} db
 * @param {Lock} lock
 * @returns {Database & { unlock: (key: CryptoKey) => void, lock: () => void, isLocked: () => boolean, letGo: () => Promise<void>, mend: (lock: Lock) => Promise<void> }}
 */
export function sealed(db, lock) {
  /** @type {CryptoKey|null} */
  let own = null;
  /** @type {Map<string, Promise<CryptoKey>>} */
  const opened = new Map();
  const name = nameOf(lock);
  /** What is written in one turn is written in the order in which it was asked for. @type {Promise<unknown>} */
  let turn = Promise.resolve();
  /** @type {Promise<{ key: CryptoKey, half: ArrayBuffer, letter: (text: string) => Promise<string> }>|null} */
  let writer = null;
  const secretsIn = (/** @type {Write} */ write) => secretsOf(write.store, write.put, !!lock.server);

  async function makeWriter() {
    const pair = /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]));
    const letter = lock.server ? await writerTo(lock.server, "operation") : async () => "";
    return { key: await shared(pair.privateKey, lock.open), half: await crypto.subtle.exportKey("raw", pair.publicKey), letter };
  }

  /** Only what this lock still holds is sealed to it: a row sealed to one that went could never be read. @param {Write[]} writes @returns {Promise<Write[]>} */
  async function close(writes) {
    const seal = await db.get("meta", SEAL);
    if (seal && (ended(seal) || seal.of !== name)) return writes;
    writer ||= makeWriter().catch((error) => {
      writer = null;
      throw error;
    });
    const { key, half, letter } = await writer;
    const closed = await Promise.all(writes.map(async (write) => {
      const names = secretsIn(write);
      if (!names) return write;
      const row = write.put;
      const nonce = random(12);
      const rest = Object.fromEntries(Object.entries(row).filter(([field]) => !names.includes(field)));
      const text = encode(JSON.stringify(Object.fromEntries(names.map((field) => [field, row[field]]))));
      const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, key, text);
      const instead = standIn(write.store, row, write.store === "outbox" ? await letter(row.body) : "");
      return { store: write.store, put: { ...rest, ...instead, sealed: { half, nonce, data } } };
    }));
    // With the register's rows, which nobody writes over another tab's: alone it might cover that this lock has gone.
    const told = !seal && writes.some(({ store, put }) => store === REGISTER && put);
    return told ? [...closed, { store: "meta", put: { id: SEAL, of: name, letter: lock.letter } }] : closed;
  }
  const all = async (/** @type {string} */ store) => Promise.all((await db.all(store)).map((row) => open(row, own, opened)));

  /** @type {Database["write"]} */
  async function write(writes, options) {
    const secret = writes.some(secretsIn);
    const closing = secret ? close(writes) : Promise.resolve(writes);
    const ready = turn.then(() => closing);
    turn = ready.catch(() => {});
    await db.write(kept(await ready), options);
    // The lock went while this was being sealed: whoever opened the rest may have been done before it got there.
    const seal = secret && (await db.get("meta", SEAL));
    if (seal && seal.of !== name) await openAll(db);
  }

  return {
    ...db,
    get: async (store, key) => open(await db.get(store, key), own, opened),
    all: async (store, index, key) => Promise.all((await db.all(store, index, key)).map(async (row) =>
      own ? unopened(store, await open(row, own, opened)) : row)),
    write,
    unlock: (key) => (own = key),
    lock() {
      own = writer = null;
      opened.clear();
    },
    isLocked: () => !own,
    /**
     * Everything lies open again: asked before the lock goes, without which nobody could read it. The replica moves on
     * with it, so that a page another tab was about to put away is refused there and asked for again. The key lies open
     * from then on; with it the next start opens what an empty battery has left sealed.
     */
    async letGo() {
      // The app may lock itself before the end of this; without the key nothing may be written that says the lock went.
      const key = own;
      if (!key) throw { code: "moved-on" };
      const [standing, seal, jwk] = [await db.get("meta", EMPTY.id), await db.get("meta", SEAL), await crypto.subtle.exportKey("jwk", key)];
      // Another lock holds now: what is sealed to that one is not ours to let go.
      if (seal?.of && seal.of !== name) throw { code: "moved-on" };
      const common = new Map();
      const rows = await Promise.all((await db.all(REGISTER)).map((row) => open(row, key, common)));
      const next = rows.some((row) => row.sealed) ? anew(standing) : moved(standing);
      const put = { ...seal, id: SEAL, of: "", last: name, went: Date.now(), keys: [jwk, ...(seal?.keys || [])], gone: undefined, ...step(seal) };
      await db.write([...rows.map((row) => ({ store: REGISTER, put: row })), next, { store: "meta", put }], { durable: true, expect: unmoved(standing) });
      await openAll(db);
    },
    /** Everything is asked for anew where the key does not open all there is; and letters go to the server there is now. @param {Lock} now */
    async mend(now) {
      const standing = await db.get("meta", EMPTY.id);
      if ((await all(REGISTER)).some((row) => row.sealed)) await db.write([anew(standing)], { durable: true, expect: unmoved(standing) });
      if (lock.server === now.server) return;
      lock = now;
      writer = null;
      for (const store of DEEP) for (const row of await all(store)) if (secretsOf(store, row, true)) await only(write, store, row);
    },
  };
}

/**
 * Write one row, unless somebody has written a newer one meanwhile: a keystroke in another tab is never undone.
 * @param {Database["write"]} write
 * @param {string} store
 * @param {any} row
 */
const only = (write, store, row) =>
  write([{ store, put: row }], { durable: true, expect: { store, key: row.id, stamp: row.stamp } }).catch(unlessMoved);

/** @param {any} error */
function unlessMoved(error) {
  if (error?.code !== "moved-on") throw error;
}

/** Open what is still sealed to a lock that has gone, by the keys that are left, or this one. @param {Database} db @param {JsonWebKey} [more] */
export async function openAll(db, more) {
  const seal = await db.get("meta", SEAL);
  for (const jwk of [...(more ? [more] : []), ...(seal?.keys || [])]) {
    const [key, opened] = [await keyFrom(jwk), new Map()];
    for (const store of DEEP) {
      for (const row of (await db.all(store)).filter((each) => each.sealed)) {
        const plain = await open(row, key, opened);
        if (!plain.sealed) await only(db.write, store, plain);
      }
    }
  }
}

/** Whether anything is sealed that nobody could give this phone again. @param {Database} db */
async function isLeft(db) {
  for (const store of DEEP) if ((await db.all(store)).some((row) => row.sealed)) return true;
  return false;
}

/** The letters of locks that were lost, as long as they may open something. @param {Database} db @returns {Promise<string[]>} */
export const lettersLeft = async (db) => ((await isLeft(db)) && (await db.get("meta", SEAL))?.letters) || [];

/** The row of the seal a step on. @param {any} seal */
const step = (seal) => ({ stamp: (seal?.stamp || 0) + 1 });

/** Write it, unless another tab has: then that one counts. @param {Database} db @param {any} seal as it was read @param {any} put */
const reseal = (db, seal, put) =>
  db.write([{ store: "meta", put: { ...put, id: SEAL, ...step(seal) } }], { durable: true, expect: { store: "meta", key: SEAL, stamp: seal?.stamp } }).catch(unlessMoved);

/** The register anew where it is sealed to what does not open. @param {Database} db */
export async function readAnew(db) {
  const standing = await db.get("meta", EMPTY.id);
  if (!(await db.all(REGISTER)).some((row) => row.sealed)) return;
  await db.write([anew(standing)], { durable: true, expect: unmoved(standing) }).catch(unlessMoved);
}

/** Only where nobody has written since. @param {any} standing */
const unmoved = (standing) => ({ store: "meta", key: EMPTY.id, stamp: standing?.stamp || undefined });

/** The replica a step on. @param {any} standing @returns {Write} */
const moved = (standing) => ({ store: "meta", put: { ...EMPTY, ...standing, stamp: (standing?.stamp || 0) + 1 } });

/** The replica from its beginning, as after the server's history diverged. @param {any} standing @returns {Write} */
const anew = (standing = EMPTY) => ({ store: "meta", put: restart(standing, { epoch: standing.epoch, server_time: standing.serverTime }) });

/**
 * Whether a person's records are behind this lock, asked on opening. Where the lock was let go just before a battery was
 * empty they are not; where they are sealed to another lock, the register is asked for anew, and of the rest the letter
 * is kept that may open it.
 * @param {Database} db
 * @param {Lock|undefined} lock
 * @returns {Promise<boolean>}
 */
export async function holds(db, lock) {
  const seal = await db.get("meta", SEAL);
  if (!seal) return !!lock;
  await openAll(db);
  const left = await isLeft(db);
  const last = seal.of || seal.last;
  const fits = !!lock && last === nameOf(lock);
  if (!ended(seal) && !fits) {
    const standing = await db.get("meta", EMPTY.id);
    const letters = [...(seal.letters || []), ...(seal.letter ? [seal.letter] : [])];
    /** @type {Write} */
    const write = left ? { store: "meta", put: { ...seal, of: "", last, letter: undefined, letters, went: Date.now(), ...step(seal) } } : { store: "meta", delete: SEAL };
    await db.write([anew(standing), write], { durable: true, expect: unmoved(standing) }).catch(unlessMoved);
  } else if (ended(seal) && !seal.gone && !left && Date.now() - seal.went > KEYS_KEPT_MS) {
    await reseal(db, seal, { of: "", last, gone: true });
  }
  // One that went without leaving its key is the only thing that opens what it sealed.
  return !!lock && !(fits && ended(seal) && (!left || seal.keys));
}

/**
 * Put away what lies open, from before there was a lock. Another tab may have written meanwhile: then the next start does it.
 * @param {Database} db what lies on the phone
 * @param {Lock} lock
 */
export async function putAway(db, lock) {
  const standing = await db.get("meta", EMPTY.id);
  const seal = await db.get("meta", SEAL);
  // An earlier lock's: this one holds from here on, and a row another tab was just sealing to that one stays readable.
  if (seal?.of !== nameOf(lock) || seal.gone || seal.letter !== lock.letter) {
    const left = seal?.of && seal.of !== nameOf(lock) && seal.letter ? [seal.letter] : [];
    await reseal(db, seal, { of: nameOf(lock), keys: seal?.keys, letters: [...(seal?.letters || []), ...left], letter: lock.letter });
  }
  const own = sealed(db, lock);
  const plain = (await db.all(REGISTER)).filter((row) => !row.sealed);
  await own.write(plain.map((row) => ({ store: REGISTER, put: row })), { durable: true, expect: unmoved(standing) }).catch(unlessMoved);
  for (const store of DEEP) for (const row of await db.all(store)) if (secretsOf(store, row, !!lock.server)) await only(own.write, store, row);
}
