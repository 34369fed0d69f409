/**
 * What waits to be sent, and what became of it. Entries are frozen when they enter: the JSON text is made once, before
 * its first byte leaves, and sent again unchanged until a receipt comes. Settled ones stay for a month, because a
 * server put back from a backup has to be given again what it forgot.
 */

import { begins } from "./rebase.js";

/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").Receipt} Receipt */

export const BATCH_OPERATIONS = 50;
export const BATCH_BYTES = 64 * 1024;
export const KEPT_MS = 30 * 24 * 3600 * 1000;

/**
 * Bytes of a text in UTF-8, without an encoder: the core may not ask the browser for one.
 * @param {string} text
 * @returns {number}
 */
export function utf8Length(text) {
  let bytes = 0;
  for (const character of text) {
    const point = /** @type {number} */ (character.codePointAt(0));
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/**
 * A new entry, last in line. From here on its text never changes.
 * @param {Omit<Entry, "seq"|"state">} operation
 * @param {readonly Entry[]} outbox
 * @returns {Entry}
 */
export function enqueue(operation, outbox) {
  const seq = outbox.reduce((last, entry) => Math.max(last, entry.seq), 0) + 1;
  return { ...operation, seq, state: "waiting" };
}

/** @param {Entry} entry @returns {boolean} it has no receipt yet */
export const isUnsent = (entry) => entry.state === "waiting" || entry.state === "sending";

/** Begins a household that is not in the register, and neither refused nor taken back: on its way, or a person looks at it. @param {Entry} entry */
export const isBeginning = (entry) => begins(entry) && (isUnsent(entry) || /held|review/.test(entry.receipt?.status || ""));

/** What their own author took back or put another visit in the place of, before it took effect. */
const SET_ASIDE = ["replaced", "withdrawn"];

/** Refused, and somebody has to look at it. @param {Entry} entry @returns {boolean} */
export const isRefused = (entry) => entry.state === "refused" && !SET_ASIDE.includes(entry.receipt?.problem?.code || "");

/**
 * The next operations to send, oldest first: as many as fit in the limits, and at least one. Entries left "sending" by
 * a tab that was killed are sent again like waiting ones; the server knows their ids.
 * @param {readonly Entry[]} outbox
 * @param {{ operations?: number, bytes?: number, skip?: number }} [limits] `skip`: begin behind so many, where there are more
 * @returns {Entry[]}
 */
export function batch(outbox, { operations = BATCH_OPERATIONS, bytes = BATCH_BYTES, skip = 0 } = {}) {
  /** @type {Entry[]} */
  const taken = [];
  let size = 0;
  const line = outbox.filter(isUnsent).sort((one, other) => one.seq - other.seq);
  for (const entry of line.slice(skip % line.length)) {
    size += utf8Length(entry.body);
    if (taken.length && (size > bytes || taken.length >= operations)) break;
    taken.push(entry);
  }
  return taken;
}

/**
 * The entries a list of receipts changes. An operation without a receipt was never answered: it goes back to waiting
 * and is sent again with the same id. A refused one stays, so that a person can see it. Where the server's digest is
 * not that of our bytes, nothing was received of ours.
 * @param {readonly Entry[]} sent
 * @param {readonly Receipt[]} receipts
 * @param {number} serverTime
 * @returns {Entry[]}
 */
export function settle(sent, receipts, serverTime) {
  const byId = new Map(receipts.map((receipt) => [receipt.id, receipt]));
  return sent.map((entry) => {
    const receipt = byId.get(entry.id);
    if (!receipt || (receipt.sha256 && receipt.sha256 !== entry.sha256 && receipt.status !== "refused")) {
      return { ...entry, state: /** @type {const} */ ("waiting") };
    }
    return verdict(entry, receipt, serverTime);
  });
}

/**
 * An entry with its verdict, the first or a later one. The month for which it is kept begins with the first: since then
 * the server has its bytes, which is all it is kept for. What a later verdict brings about comes with the pull.
 * @param {Entry} entry
 * @param {Receipt} receipt
 * @param {number} serverTime
 * @returns {Entry}
 */
export function verdict(entry, receipt, serverTime) {
  const state = receipt.status === "refused" ? "refused" : "settled";
  return { ...entry, state, receipt, settled_at: entry.settled_at || serverTime };
}

/**
 * What to send again to a server whose history is another one than this phone took part in: everything kept, without
 * its receipt, which speaks of versions that are somebody else's now. Ids make the repetition harmless. What was refused
 * goes too: the refusal was a word of the lost history, and a server that knows nothing of the visit keeps nothing of it.
 * Taken now, it is of today, and not as old as its refusal: it would be forgotten before its photos went. Of each photo
 * it is asked first how much of it is there.
 * @param {readonly Entry[]} outbox
 * @param {readonly import("./types.js").PhotoRow[]} photos
 * @returns {import("./types.js").Write[]}
 */
export const again = (outbox, photos) => [
  ...outbox.filter((entry) => entry.state !== "waiting").map((entry) => ({ store: "outbox",
    put: { ...entry, state: "waiting", receipt: undefined, ...(entry.state === "refused" && { settled_at: 0 }) } })),
  ...photos.map((photo) => ({ store: "photos", put: { ...photo, done: false, location: null, sent: 0, thumb_sent: false, unsure: true } })),
];

/** Queue all of it, where no page says so. @param {import("./types.js").Database} db @param {import("./types.js").Write[]} [more] to write with it */
export const sendAgain = async (db, more = []) => db.write([...more, ...again(await db.all("outbox"), await db.all("photos"))]);

/**
 * Entries kept long enough. Ages are by the server's clock on both sides: a phone whose clock jumps a year must not
 * forget what it sent yesterday. What begins a household that the register has not got is kept however old it is, with
 * all that is about it: nothing else on this phone tells of that household. What is sealed may be such a one.
 * @param {readonly Entry[]} outbox
 * @param {number} serverTime
 * @returns {Entry[]}
 */
export function expired(outbox, serverTime) {
  const begun = outbox.filter(isBeginning).map((entry) => entry.subject);
  return outbox.filter((entry) =>
    entry.state === "settled" && !("sealed" in entry) && serverTime - (entry.settled_at || serverTime) > KEPT_MS && !begun.includes(entry.subject));
}
