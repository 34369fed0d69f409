/** Photos of a few kilobytes, each a real JPEG like no other, in place of a camera and a canvas. */

import { sha256 } from "../../../fieldsvc/static/adapters/device.js";

/** @type {{ photos: Uint8Array[], thumb: Uint8Array }} drawn by the program that started this one */
let album;

/** @param {{ photos: string[], thumb: string }} base64 */
export function stock(base64) {
  const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
  album = { photos: base64.photos.map(bytes), thumb: bytes(base64.thumb) };
}

/** The picture with a comment in its header, which no decoder shows. @param {Uint8Array} picture @param {Uint8Array} comment */
function withComment(picture, comment) {
  const length = comment.length + 2;
  const whole = new Uint8Array(picture.length + length + 2);
  whole.set(picture.subarray(0, 2));
  whole.set([0xff, 0xfe, length >> 8, length & 0xff], 2);
  whole.set(comment, 6);
  whole.set(picture.subarray(2), length + 4);
  return whole;
}

/** A shutter. @param {ReturnType<typeof import("./dice.js").dice>} random @param {number} size about how many bytes it shall weigh */
export function shoot(random, size) {
  const view = random.pick(album.photos);
  return withComment(view, random.bytes(Math.min(65_000, Math.max(16, size - view.length))));
}

/** What the phone makes of a picture: itself and its thumbnail. @param {Uint8Array} picture */
export async function developed(picture) {
  const kept = async (bytes) => ({ bytes: bytes.buffer, sha256: await sha256(bytes), type: "image/jpeg" });
  return { photo: await kept(picture), thumb: await kept(withComment(album.thumb, picture.slice(6, 22))) };
}
