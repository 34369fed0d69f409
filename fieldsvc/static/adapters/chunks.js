/**
 * Bytes of pictures in the database, in pieces of 256 KB as plain buffers: iPhones have lost blobs stored whole. What
 * was written is read back and digested before anybody is told that a photo is kept.
 */

import { sha256 as digest } from "./device.js";

/** @typedef {import("../core/types.js").Database} Database */

export const CHUNK = 256 * 1024;

/**
 * Keep a file under its digest. Nothing is left behind when it fails half-way for want of space.
 * @param {Database} db
 * @param {{ sha256: string, bytes: ArrayBuffer }} file
 */
export async function keepFile(db, { sha256, bytes }) {
  const writes = [];
  for (let from = 0, index = 0; from < bytes.byteLength; from += CHUNK, index += 1) {
    writes.push({ store: "chunks", put: { sha256, index, bytes: bytes.slice(from, from + CHUNK) } });
  }
  await db.write(writes, { durable: true });
  const back = await readFile(db, sha256, 0, bytes.byteLength);
  if ((await digest(/** @type {BufferSource} */ (back))) !== sha256) {
    await dropFile(db, sha256);
    throw { code: "photo-unreadable" };
  }
}

/**
 * The bytes of a kept file from one place to another.
 * @param {Database} db
 * @param {string} sha256
 * @param {number} from
 * @param {number} to
 * @returns {Promise<Uint8Array>}
 */
export async function readFile(db, sha256, from, to) {
  const whole = new Uint8Array(to - from);
  for (let index = Math.floor(from / CHUNK); index * CHUNK < to; index += 1) {
    const chunk = await db.get("chunks", [sha256, index]);
    if (!chunk) throw { code: "photo-unreadable" };
    const start = index * CHUNK;
    const piece = new Uint8Array(chunk.bytes).subarray(Math.max(0, from - start), to - start);
    whole.set(piece, Math.max(0, start - from));
  }
  return whole;
}

/**
 * Everything kept under a digest, or null.
 * @param {Database} db
 * @param {string} sha256
 * @param {string} [type]
 * @returns {Promise<Blob|null>}
 */
export async function fileBlob(db, sha256, type = "image/jpeg") {
  const chunks = await db.all("chunks", "sha256", sha256);
  if (!chunks.length) return null;
  return new Blob(chunks.sort((one, other) => one.index - other.index).map((chunk) => chunk.bytes), { type });
}

/** @param {Database} db @param {string} sha256 */
export async function dropFile(db, sha256) {
  const chunks = await db.all("chunks", "sha256", sha256);
  await db.write(chunks.map((chunk) => ({ store: "chunks", delete: [sha256, chunk.index] })));
}
