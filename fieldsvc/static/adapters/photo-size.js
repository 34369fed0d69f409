/**
 * What the first bytes of a picture say: its kind and how many pixels it has. Read before anything is decoded, because
 * a cheap phone that tries to unpack 108 megapixels is killed together with the form.
 */

/** Far enough for the boxes before a picture's data; and the name of the box that states a size, `ispe`. */
const HEADER_BYTES = 65_536;
const ISPE = 0x69737065;

/** What the bytes are, whatever the name says. @param {ArrayBuffer} bytes @returns {string|null} */
export function sniff(bytes) {
  const head = textAt(bytes, 0, 12);
  if (head.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (head.startsWith("\x89PNG")) return "image/png";
  if (head.startsWith("GIF8")) return "image/gif";
  if (head.startsWith("RIFF") && head.endsWith("WEBP")) return "image/webp";
  return /^ftyp(hei|hev|mif|msf)/.test(head.slice(4)) ? "image/heic" : null;
}

/**
 * Width and height as the header states them; null where it does not say.
 * @param {ArrayBuffer} bytes
 * @param {string} type
 * @returns {[number, number]|null}
 */
export function sizeOf(bytes, type) {
  const view = new DataView(bytes);
  const end = view.byteLength;
  if (type === "image/jpeg") return jpegSize(view);
  if (type === "image/png" && end > 24) return [view.getUint32(16), view.getUint32(20)];
  if (type === "image/gif" && end > 10) return [view.getUint16(6, true), view.getUint16(8, true)];
  if (type === "image/heic") return heicSize(view);
  if (type !== "image/webp" || end <= 30) return null;
  const kind = textAt(bytes, 12, 4);
  if (kind === "VP8 ") return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff];
  if (kind === "VP8X") return [(view.getUint32(24, true) & 0xffffff) + 1, (view.getUint32(26, true) >>> 8) + 1];
  const packed = view.getUint32(21, true);
  return [(packed & 0x3fff) + 1, ((packed >>> 14) & 0x3fff) + 1];
}

/** Whether a JPEG carries EXIF: it may have to be turned, and it tells more of a home than it should. @param {ArrayBuffer} bytes */
export const hasExif = (bytes) => bytes.byteLength > 12 && new DataView(bytes).getUint16(2) === 0xffe1;

/** From the frame header. @param {DataView} view @returns {[number, number]|null} */
function jpegSize(view) {
  let at = 2;
  while (at + 9 < view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return [view.getUint16(at + 7), view.getUint16(at + 5)];
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

/** From the largest `ispe` box: a picture made of tiles states theirs too. @param {DataView} view @returns {[number, number]|null} */
function heicSize(view) {
  /** @type {[number, number]} */
  let size = [0, 0];
  for (let at = 0; at + 16 <= Math.min(view.byteLength, HEADER_BYTES); at += 1) {
    if (view.getUint32(at) !== ISPE) continue;
    const [width, height] = [view.getUint32(at + 8), view.getUint32(at + 12)];
    if (width * height > size[0] * size[1]) size = [width, height];
  }
  return size[0] ? size : null;
}

/** @param {ArrayBuffer} bytes @param {number} from @param {number} length */
const textAt = (bytes, from, length) =>
  String.fromCharCode(...new Uint8Array(bytes, from, Math.max(0, Math.min(length, bytes.byteLength - from))));
