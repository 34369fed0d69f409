/**
 * One photo on its way, resumable at any byte (Protocol: uploads). Each call says the next request; each answer says
 * how far the server got. The server's word counts: after a lost reply the phone asks before it sends.
 */

/** @typedef {import("./types.js").PhotoRow} PhotoRow */
/** @typedef {{ method: string, path: string, headers: Record<string, string>, from: number, to: number }} Step */
/** @typedef {{ status: number, header: (name: string) => string|null }} Reply */

const SMALLEST = 16 * 1024;
const FIRST = 64 * 1024;
const LARGEST = 1024 * 1024;
const SECONDS_PER_PART = 12;

/** @param {string} text @returns {string} base64 of ASCII text */
const base64 = (text) => btoa(text);

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
 * The next request for a photo. `unsure` is set after a request without an answer.
 * @param {PhotoRow} photo
 * @param {number} part
 * @returns {Step}
 */
export function nextStep(photo, part) {
  const path = photo.location || "/api/v1/uploads";
  if (photo.location && photo.unsure) return { method: "HEAD", path, headers: {}, from: 0, to: 0 };
  const from = photo.location ? photo.sent : 0;
  const to = Math.min(photo.bytes, from + part);
  /** @type {Record<string, string>} */
  const headers = { "Content-Type": "application/offset+octet-stream", "Tus-Resumable": "1.0.0" };
  if (photo.location) return { method: "PATCH", path, headers: { ...headers, "Upload-Offset": String(from) }, from, to };
  headers["Upload-Length"] = String(photo.bytes);
  headers["Upload-Metadata"] = `sha256 ${base64(photo.sha256)},type ${base64(photo.type)}`;
  return { method: "POST", path, headers, from, to };
}

/**
 * The photo after an answer; `null` for an answer that says nothing about the photo (the caller then backs off).
 * @param {PhotoRow} photo
 * @param {Step} step
 * @param {Reply} reply
 * @returns {PhotoRow|null}
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
      return { ...photo, sent, location, unsure: false, done: sent >= photo.bytes };
    }
    case 409:
      return { ...photo, unsure: true };
    case 404:
    case 410:
      // Forgotten or expired on the server. The digest still names the photo, so it simply starts again.
      return step.method === "POST" ? null : { ...photo, location: null, sent: 0, unsure: false };
    case 460:
      return { ...photo, unsure: true };
    case 413:
    case 415:
    case 422:
      return { ...photo, problem: "photo-refused" };
    default:
      return null;
  }
}

/**
 * The photo after a request that got no answer at all.
 * @param {PhotoRow} photo
 * @returns {PhotoRow}
 */
export const afterSilence = (photo) => ({ ...photo, unsure: photo.location !== null });
