/**
 * A picture from the camera or the gallery, made fit for a slow line: upright, at most so many pixels, with a thumbnail
 * of its own. Drawn through an image element, which turns pictures upright on every browser of our floor.
 *
 * What cannot be drawn here (HEIC on most Androids, or more pixels than this phone's memory) is kept as it came: the
 * server converts it. A photo is never lost because a phone is small.
 */

import { sha256 } from "./device.js";

/** @typedef {{ bytes: ArrayBuffer, sha256: string, type: string }} Picture */

const THUMB_EDGE = 320;
const THUMB_BYTES = 12 * 1024;
const THUMB_BYTES_SLOW = 6 * 1024;
const PHOTO_BYTES = 350 * 1024;
const PHOTO_BYTES_SLOW = 180 * 1024;
const QUALITIES = [0.82, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2];
const BYTES_PER_PIXEL = 4;

/**
 * The photo and its thumbnail, ready to store. The file's bytes are copied at once: handles from Android's picker go
 * stale while the phone is busy.
 * @param {Blob} file
 * @param {{ maxPixels: number, slow: boolean }} wish
 * @returns {Promise<{ photo: Picture, thumb: Picture|null }>}
 */
export async function preparePhoto(file, { maxPixels, slow }) {
  const original = await file.arrayBuffer();
  if (!original.byteLength) throw { code: "photo-empty" };
  const type = sniff(new Uint8Array(original, 0, Math.min(16, original.byteLength))) || file.type || "application/octet-stream";
  const image = await decode(original, type);
  if (!image) return { photo: await picture(original, type), thumb: null };
  try {
    const target = slow ? PHOTO_BYTES_SLOW : PHOTO_BYTES;
    // A picture that came small enough is kept bit for bit: drawing it again would only cost sharpness.
    const fits = Math.max(image.naturalWidth, image.naturalHeight) <= maxPixels && original.byteLength <= target;
    const full = type === "image/jpeg" && fits && !hasExif(original) ? null : await shrink(image, maxPixels, target);
    // Where there is no signal now there will be little later, and all thumbnails go before the first photo.
    const thumb = await shrink(image, THUMB_EDGE, slow || !navigator.onLine ? THUMB_BYTES_SLOW : THUMB_BYTES);
    return {
      photo: await (full ? picture(full, "image/jpeg") : picture(original, type)),
      thumb: thumb && (await picture(thumb, "image/jpeg")),
    };
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

/** @param {ArrayBuffer} bytes @param {string} type @returns {Promise<Picture>} */
const picture = async (bytes, type) => ({ bytes, type, sha256: await sha256(bytes) });

/** What the bytes are, whatever the name says. @param {Uint8Array} head @returns {string|null} */
export function sniff(head) {
  const text = String.fromCharCode(...head);
  if (text.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (text.startsWith("\x89PNG")) return "image/png";
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "image/webp";
  if (/^ftyp(hei|hev|mif|msf)/.test(text.slice(4, 11))) return "image/heic";
  return null;
}

/** @param {ArrayBuffer} bytes @param {string} type @returns {Promise<HTMLImageElement|null>} */
async function decode(bytes, type) {
  const size = type === "image/jpeg" ? jpegSize(new DataView(bytes)) : null;
  const memory = /** @type {any} */ (navigator).deviceMemory || 4;
  if (size && size.width * size.height * BYTES_PER_PIXEL > memory * 1024 ** 3 * 0.08) return null;
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([bytes], { type }));
  try {
    await image.decode();
    return image.naturalWidth ? image : null;
  } catch {
    URL.revokeObjectURL(image.src);
    return null;
  }
}

/**
 * The image as JPEG within `edge` pixels and, if any quality allows, `target` bytes; null when the canvas gave nothing
 * (iPhones do so silently when canvas memory is used up).
 * @param {HTMLImageElement} image
 * @param {number} edge
 * @param {number} target
 * @returns {Promise<ArrayBuffer|null>}
 */
async function shrink(image, edge, target) {
  const scale = Math.min(1, edge / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
  const context = canvas.getContext("2d");
  if (!context) return null;
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  /** @type {Blob|null} */
  let best = null;
  for (const quality of QUALITIES) {
    best = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
    if (!best || best.size <= target) break;
  }
  canvas.width = canvas.height = 1;
  return best && best.size > 200 ? best.arrayBuffer() : null;
}

/**
 * Width and height from a JPEG's frame header, without decoding it.
 * @param {DataView} view
 * @returns {{ width: number, height: number }|null}
 */
export function jpegSize(view) {
  let at = 2;
  while (at + 9 < view.byteLength) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

/** Whether a JPEG carries EXIF: it may have to be turned, and it tells more of a home than it should. */
const hasExif = (/** @type {ArrayBuffer} */ bytes) => {
  const view = new DataView(bytes);
  return view.byteLength > 12 && view.getUint16(2) === 0xffe1;
};
