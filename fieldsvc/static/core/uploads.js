/**
 * Pictures on the line: all thumbnails of the visits that arrived, a dozen per request, then the photos, several whole
 * ones at once where the link is good, or each resumable at any byte. Pure steps say the next request and what an answer
 * means; the server's word about how far it got counts, and after a lost reply the phone asks before it sends.
 */

import { problemOf, standingOf } from "./exchange.js";
import { photosDue, THUMBNAILS_AT_ONCE, thumbnailsDue } from "./plan.js";

/** @typedef {import("./types.js").PhotoRow} PhotoRow */
/** @typedef {{ method: string, path: string, headers: Record<string, string>, from: number, to: number }} Step */
/** @typedef {{ status: number, header: (name: string) => string|null }} Reply */

/** @param {string} text @returns {string} base64 of ASCII text */
const base64 = (text) => btoa(text);

const SMALLEST = 16 * 1024;
const FIRST = 64 * 1024;
const LARGEST = 1024 * 1024;
const SECONDS_PER_PART = 12;
/** Of a photo: after a request that got no answer at all, and where its bytes are gone (iPhones under storage pressure). */
const UNSURE = { unsure: true };
const UNREADABLE = { problem: "photo-unreadable" };

/**
 * How many bytes to send in one request: about twelve seconds of this link, so that a cut costs little and a round
 * trip of three seconds does not dominate.
 * @param {{ bytesPerSecond: number|null, failures: number }} link
 * @returns {number}
 */
export function partSize({ bytesPerSecond, failures }) {
  const wanted = bytesPerSecond === null ? FIRST : bytesPerSecond * SECONDS_PER_PART;
  const careful = wanted / 2 ** Math.min(failures, 6);
  return Math.min(LARGEST, Math.max(SMALLEST, Math.floor(careful / SMALLEST) * SMALLEST));
}

/**
 * The speed to expect, from the one expected before and one transfer more. Short transfers say little: they are mostly
 * round trip.
 * @param {number|null} before
 * @param {number} bytes
 * @param {number} milliseconds
 * @returns {number|null}
 */
export function speed(before, bytes, milliseconds) {
  if (bytes < 8 * 1024 || milliseconds <= 0) return before;
  const measured = (bytes * 1000) / milliseconds;
  return before === null ? measured : before * 0.5 + measured * 0.5;
}

/**
 * The next request for a photo. `unsure` is set after a request without an answer: where it was the creation that broke
 * off, the same without a byte says how much of it came, because the server knows an upload by its digest.
 * @param {PhotoRow} photo
 * @param {number} part
 * @returns {Step}
 */
export function nextStep(photo, part) {
  const path = photo.location || "/api/v1/uploads";
  if (photo.location && photo.unsure) return { method: "HEAD", path, headers: {}, from: 0, to: 0 };
  const from = photo.location ? photo.sent : 0;
  const to = photo.unsure ? from : Math.min(photo.bytes, from + part);
  /** @type {Record<string, string>} */
  const headers = { "Content-Type": "application/offset+octet-stream", "Tus-Resumable": "1.0.0" };
  if (photo.location) return { method: "PATCH", path, headers: { ...headers, "Upload-Offset": String(from) }, from, to };
  headers["Upload-Length"] = String(photo.bytes);
  headers["Upload-Metadata"] = `sha256 ${base64(photo.sha256)},type ${base64(photo.type)}`;
  return { method: "POST", path, headers, from, to };
}

/**
 * What an answer changes of the photo; `null` for one that says nothing about it (the caller then backs off).
 * @param {PhotoRow} photo
 * @param {Step} step
 * @param {Reply} reply
 * @returns {Partial<PhotoRow>|null}
 */
export function afterReply(photo, step, reply) {
  const offset = reply.header("Upload-Offset");
  switch (reply.status) {
    case 200:
    case 201:
    case 204: {
      if (offset === null && step.method !== "PATCH") return null;
      const sent = offset === null ? step.to : Number(offset);
      const location = reply.header("Location") || photo.location;
      return { sent, location, unsure: false, done: sent >= photo.bytes };
    }
    case 409:
    case 460:
      return UNSURE;
    case 404:
    case 410:
      // Forgotten or expired on the server. The digest still names the photo, so it simply starts again.
      return step.method === "POST" ? null : { location: null, sent: 0, unsure: false };
    case 413:
    case 415:
    case 422:
      return { problem: "photo-refused" };
    default:
      return null;
  }
}

/**
 * `bytesOf` reads a kept file from one byte to another; what is learnt of the link is updated in place: its
 * `bytesPerSecond`, and whether photos travel `apart`.
 * @typedef {import("./exchange.js").Line & {
 *   bytesOf: (sha256: string, from: number, to: number) => Promise<Uint8Array>,
 *   link: { bytesPerSecond: number|null, apart?: boolean } }} PhotoLine
 */

/**
 * Write what changed of photos into their rows as they are now: while a request was under way, another tab may have given
 * one to a second visit, or let go of it.
 * @param {PhotoLine} line
 * @param {readonly PhotoRow[]} photos
 * @param {Partial<PhotoRow>} change
 */
async function note({ db }, photos, change) {
  const rows = await Promise.all(photos.map((photo) => db.get("photos", photo.sha256)));
  await db.write(rows.filter(Boolean).map((row) => ({ store: "photos", put: { ...row, ...change } })));
}

/**
 * Send kept files in one request, each named by the digest of its photo. One that cannot be read is passed over, because
 * everything else on the line waits behind it.
 * @param {PhotoLine} line
 * @param {string} path
 * @param {readonly PhotoRow[]} photos
 * @param {(photo: PhotoRow) => { sha256: string, bytes: number, type?: string }} fileOf
 * @param {(photo: PhotoRow) => Promise<void>|void} passOver
 * @returns {Promise<string[]>} the digests the server has kept
 */
async function sendTogether(line, path, photos, fileOf, passOver) {
  /** @type {{name: string, bytes: Uint8Array, type: string}[]} */
  const parts = [];
  for (const photo of photos) {
    const file = fileOf(photo);
    await line.bytesOf(file.sha256, 0, file.bytes).then((bytes) => void parts.push({ name: photo.sha256, type: file.type || "image/jpeg", bytes }), () => passOver(photo));
  }
  if (!parts.length) return [];
  const started = line.now();
  const answer = await line.http("POST", path, { parts, token: line.token() });
  if (answer.status !== 200 || !Array.isArray(answer.body?.stored)) throw problemOf(answer);
  line.link.bytesPerSecond = speed(line.link.bytesPerSecond, sum(parts.map((part) => part.bytes.byteLength)), line.now() - started);
  return answer.body.stored;
}

/**
 * Send the thumbnails that are due. What the server does not name in its answer it has no use for (the photo was
 * withdrawn, say); the full photo will bring its own, so none is offered twice.
 * @param {PhotoLine} line
 * @param {Set<string>} received
 */
export async function sendThumbnails(line, received) {
  const due = thumbnailsDue(await line.db.all("photos"), received).slice(0, THUMBNAILS_AT_ONCE);
  await sendTogether(line, "/api/v1/thumbnails", due, (photo) => /** @type {{sha256: string, bytes: number}} */ (photo.thumb), () => {});
  await note(line, due, { thumb_sent: true });
}

/**
 * The newest photos of which nothing was sent yet, as long as all of them fit one part: on a good link the photos of a
 * visit share a request. After a failure each goes alone, and loses nothing of what came.
 * @param {readonly PhotoRow[]} due
 * @param {number} part
 * @returns {PhotoRow[]}
 */
export function fitTogether(due, part) {
  const few = [];
  let left = part;
  for (const photo of due.slice(0, THUMBNAILS_AT_ONCE)) {
    left -= photo.bytes;
    if (photo.location || photo.unsure || left < 0) break;
    few.push(photo);
  }
  return few;
}

/**
 * Send the newest photos that are due: several whole ones where they fit, or one part of one; after some failures of another,
 * which shall not wait for good behind one that the server cannot take.
 * @param {PhotoLine} line
 * @param {Set<string>} received
 * @param {number} failures
 */
export async function sendPhotos(line, received, failures) {
  const due = photosDue(await line.db.all("photos"), received);
  const together = failures || line.link.apart ? [] : fitTogether(due, partSize({ ...line.link, failures }));
  if (together.length < 2) return sendPhotoPart(line, due[(failures >> 2) % due.length], failures);
  // Noted before they go: where no good answer comes, each goes alone and asks first.
  await note(line, together, UNSURE);
  const stored = await sendTogether(line, "/api/v1/uploads/together", together, (photo) => photo, (photo) => note(line, [photo], UNREADABLE)).catch((failure) => {
    // Some networks refuse such a request always, and older servers do not know it: whatever comes later goes alone too,
    // until the app is opened anew. A signal that was lost says nothing of it.
    line.link.apart = !/^(no-network|timeout)$/.test(failure.code);
    throw failure;
  });
  // What the server does not name goes alone, and is then told what is wrong with it.
  await note(line, together.filter((photo) => stored.includes(photo.sha256)), { done: true, unsure: false, done_at: await serverTime(line.db) });
}

/**
 * Send one part of a photo.
 * @param {PhotoLine} line
 * @param {PhotoRow|undefined} photo
 * @param {number} failures
 */
async function sendPhotoPart(line, photo, failures) {
  if (!photo) return;
  const step = nextStep(photo, partSize({ ...line.link, failures }));
  /** @type {Uint8Array|undefined} */
  let bytes;
  try {
    bytes = step.method === "HEAD" ? undefined : await line.bytesOf(photo.sha256, step.from, step.to);
  } catch {
    // Say so and let the others go on.
    return note(line, [photo], UNREADABLE);
  }
  const started = line.now();
  let answer;
  try {
    answer = await line.http(step.method, step.path, { bytes, headers: step.headers, token: line.token() });
  } catch (failure) {
    await note(line, [photo], UNSURE);
    throw failure;
  }
  const next = afterReply(photo, step, answer);
  if (!next) throw problemOf(answer);
  line.link.bytesPerSecond = speed(line.link.bytesPerSecond, step.to - step.from, line.now() - started);
  await note(line, [photo], next.done ? { ...next, done_at: await serverTime(line.db) } : next);
}

/**
 * What is still to be sent of pictures, in bytes and pieces.
 * @param {readonly PhotoRow[]} thumbnails
 * @param {readonly PhotoRow[]} photos
 * @returns {number}
 */
export const bytesDue = (thumbnails, photos) =>
  sum(thumbnails.map((photo) => photo.thumb?.bytes || 0)) + sum(photos.map((photo) => photo.bytes - photo.sent));

/** What the server's clock said last: a phone's own may be fifty years off. @param {import("./types.js").Database} db */
const serverTime = async (db) => (await standingOf(db)).serverTime;

/**
 * Let go of photos the server has had for long enough: its answer to the last part came after it had verified them.
 * @param {import("./types.js").Database} db
 * @param {(db: import("./types.js").Database, sha256: string) => Promise<void>} dropFile
 * @param {number} keep_ms by its clock, for one put back to an older backup asks for them again
 */
export async function forgetSent(db, dropFile, keep_ms) {
  const now = await serverTime(db);
  const photos = /** @type {PhotoRow[]} */ (await db.all("photos"));
  const old = photos.filter((photo) => photo.done && now - (photo.done_at ?? now) >= keep_ms);
  const needed = new Set(photos.filter((photo) => !old.includes(photo)).flatMap(filesOf));
  for (const photo of old) {
    await db.write([{ store: "photos", delete: photo.sha256 }]);
    for (const file of filesOf(photo)) if (!needed.has(file)) await dropFile(db, file);
  }
}

/** The kept files of a photo: itself and its thumbnail. @param {PhotoRow} photo @returns {string[]} */
export const filesOf = (photo) => [photo.sha256, ...(photo.thumb ? [photo.thumb.sha256] : [])];

/** @param {number[]} values @returns {number} */
const sum = (values) => values.reduce((total, value) => total + value, 0);
