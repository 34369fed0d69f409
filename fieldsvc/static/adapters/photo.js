/**
 * A picture from the camera or the gallery, made fit for a slow line: upright, at most so many pixels, with a thumbnail
 * of its own.
 *
 * What cannot be drawn here (HEIC on most Androids, or more pixels than this phone's memory) is kept as it came: the
 * server converts it. A photo is never lost because a phone is small.
 */

import { link, sha256 } from "./device.js";
import { hasExif, sizeOf, sniff } from "./photo-size.js";
import { draw } from "./photo-work.js";

/** @typedef {{ bytes: ArrayBuffer, sha256: string, type: string }} Picture */
/** @typedef {import("./photo-work.js").Drawn} Drawn */

const THUMB_BYTES = 12 * 1024;
const THUMB_BYTES_SLOW = 6 * 1024;
/** What one photo may weigh on each kind of link: at 5 KB/s the smallest takes twenty seconds. */
const PHOTO_BYTES = { fast: 300 * 1024, slow: 150 * 1024, slowest: 100 * 1024 };
/** Unpacked, a pixel takes four bytes, and the page has other things to keep. */
const BYTES_PER_PIXEL = 4;
const MOST_UNPACKED = 256 * 1024 ** 2;
/** A worker that says nothing for so long has been killed for its memory. */
const PATIENCE_MS = 60_000;

/** @type {Promise<unknown>} */
let turn = Promise.resolve();

/**
 * The photo and its thumbnail, ready to store. The file's bytes are copied at once: handles from Android's picker go
 * stale while the phone is busy. One picture is unpacked at a time.
 * @param {Blob} file
 * @param {{ maxPixels: number, maxBytes?: number, slow: boolean }} wish `maxBytes` is the form's, if it has one
 * @returns {Promise<{ photo: Picture, thumb: Picture|null }>}
 */
export async function preparePhoto(file, wish) {
  const original = await file.arrayBuffer();
  if (!original.byteLength) throw { code: "photo-empty" };
  const type = sniff(original) || file.type || "application/octet-stream";
  const work = turn.then(() => drawn(original, type, wish));
  turn = work.catch(() => {});
  const { photo, thumb } = await work;
  return {
    photo: await (photo ? picture(photo, "image/jpeg") : picture(original, type)),
    thumb: thumb && (await picture(thumb, "image/jpeg")),
  };
}

/** @param {ArrayBuffer} bytes @param {string} type @returns {Promise<Picture>} */
const picture = async (bytes, type) => ({ bytes, type, sha256: await sha256(bytes) });

/**
 * @param {ArrayBuffer} bytes
 * @param {string} type
 * @param {{ maxPixels: number, maxBytes?: number, slow: boolean }} wish
 * @returns {Promise<Drawn>}
 */
async function drawn(bytes, type, { maxPixels, maxBytes = Infinity, slow }) {
  const [width, height] = sizeOf(bytes, type) || [0, 0];
  const memory = /** @type {any} */ (navigator).deviceMemory || 4;
  if (width * height * BYTES_PER_PIXEL > Math.min(MOST_UNPACKED, memory * 1024 ** 3 * 0.08)) return { photo: null, thumb: null };
  const target = Math.min(maxBytes, PHOTO_BYTES[link()]);
  // A picture that came small enough is kept bit for bit: drawing it again would only cost sharpness.
  const fits = width > 0 && Math.max(width, height) <= maxPixels && bytes.byteLength <= target;
  const keep = fits && type === "image/jpeg" && !hasExif(bytes);
  // Where there is no signal now there will be little later, and all thumbnails go before the first photo.
  const thumbTarget = slow || !navigator.onLine ? THUMB_BYTES_SLOW : THUMB_BYTES;
  const job = { bytes, type, edge: maxPixels, target, thumbTarget, keep };
  return typeof OffscreenCanvas === "function" ? inWorker(job) : draw(job);
}

/**
 * The same in a worker of its own, ended afterwards: what it unpacked goes with it.
 * @param {import("./photo-work.js").Job} job
 * @returns {Promise<Drawn>}
 */
function inWorker(job) {
  const worker = new Worker(new URL("./photo-work.js", import.meta.url), { type: "module" });
  return new Promise((resolve) => {
    const nothing = () => resolve({ photo: null, thumb: null });
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = nothing;
    setTimeout(nothing, PATIENCE_MS);
    worker.postMessage(job);
  }).finally(() => worker.terminate());
}
