/**
 * Pictures on the line: all thumbnails of the visits that arrived, a dozen per request, then the photos part by part.
 * After every part the phone writes down how far the server got, so that a killed tab goes on from there.
 */

import { problemOf } from "./exchange.js";
import { photosDue, THUMBNAILS_AT_ONCE, thumbnailsDue } from "./plan.js";
import { afterReply, afterSilence, nextStep, partSize, speed } from "./uploads.js";

/** @typedef {import("./types.js").PhotoRow} PhotoRow */
/**
 * `bytesOf` reads a kept file from one byte to another; the link's `bytesPerSecond` is updated in place.
 * @typedef {import("./exchange.js").Line & {
 *   bytesOf: (sha256: string, from: number, to: number) => Promise<Uint8Array>,
 *   link: { bytesPerSecond: number|null } }} PhotoLine
 */

/**
 * Send the thumbnails that are due. What the server does not name in its answer it has no use for (the photo was
 * withdrawn, say); the full photo will bring its own, so none is offered twice.
 * @param {PhotoLine} line
 * @param {Set<string>} received
 */
export async function sendThumbnails(line, received) {
  const due = thumbnailsDue(await line.db.all("photos"), received).slice(0, THUMBNAILS_AT_ONCE);
  const parts = [];
  for (const photo of due) {
    const thumb = /** @type {{sha256: string, bytes: number}} */ (photo.thumb);
    parts.push({ name: photo.sha256, type: "image/jpeg", bytes: await line.bytesOf(thumb.sha256, 0, thumb.bytes) });
  }
  const started = line.now();
  const answer = await line.http("POST", "/api/v1/thumbnails", { parts, token: line.token() });
  if (answer.status !== 200 || !Array.isArray(answer.body?.stored)) throw problemOf(answer);
  line.link.bytesPerSecond = speed(line.link.bytesPerSecond, sum(due.map((photo) => photo.thumb?.bytes || 0)), line.now() - started);
  await line.db.write(due.map((photo) => ({ store: "photos", put: { ...photo, thumb_sent: true } })));
}

/**
 * Send one part of the newest photo that is due.
 * @param {PhotoLine} line
 * @param {Set<string>} received
 * @param {number} failures
 */
export async function sendPhotoPart(line, received, failures) {
  const [photo] = photosDue(await line.db.all("photos"), received);
  if (!photo) return;
  const step = nextStep(photo, partSize({ ...line.link, failures }));
  /** @type {Uint8Array|undefined} */
  let bytes;
  try {
    bytes = step.method === "HEAD" ? undefined : await line.bytesOf(photo.sha256, step.from, step.to);
  } catch {
    // The bytes are gone or unreadable (seen on iPhones under storage pressure). Say so and let the others go on.
    await line.db.write([{ store: "photos", put: { ...photo, problem: "photo-unreadable" } }]);
    return;
  }
  const started = line.now();
  let answer;
  try {
    answer = await line.http(step.method, step.path, { bytes, headers: step.headers, token: line.token() });
  } catch (failure) {
    await line.db.write([{ store: "photos", put: afterSilence(photo) }]);
    throw failure;
  }
  const next = afterReply(photo, step, answer);
  if (!next) throw problemOf(answer);
  line.link.bytesPerSecond = speed(line.link.bytesPerSecond, step.to - step.from, line.now() - started);
  await line.db.write([{ store: "photos", put: next.done ? { ...next, done_at: line.now() } : next }]);
}

/**
 * What is still to be sent of pictures, in bytes and pieces.
 * @param {readonly PhotoRow[]} thumbnails
 * @param {readonly PhotoRow[]} photos
 * @returns {number}
 */
export const bytesDue = (thumbnails, photos) =>
  sum(thumbnails.map((photo) => photo.thumb?.bytes || 0)) + sum(photos.map((photo) => photo.bytes - photo.sent));

/** @param {number[]} values @returns {number} */
const sum = (values) => values.reduce((total, value) => total + value, 0);
