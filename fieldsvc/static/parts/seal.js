/**
 * A backup of what has not arrived, sealed to the server's public key: whoever carries it, and every chat it passes
 * through, sees noise. First a list of what is in it, with the frozen operations exactly as they would be sent and the
 * drafts, then the photos' bytes in the order of the list; the layout is that of `fieldsvc/services/envelope.py`.
 */

import { isUnsent } from "../core/outbox.js";

const FORMAT = { format: "fieldsvc-rescue", version: 2 };
const PURPOSE = "fieldsvc rescue 2";
const CURVE = { name: "ECDH", namedCurve: "P-256" };

const encode = (/** @type {string} */ text) => new TextEncoder().encode(text);
/** Byte by byte: a long draft would be more arguments than a browser takes at once. @param {ArrayBuffer} bytes */
const text64 = (bytes) => btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(""));
const bytes64 = (/** @type {string} */ text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/**
 * A one-time key pair and the first line of the file, which names its public half.
 * @param {string} serverKey the server's point in base64
 */
async function cipherFor(serverKey) {
  const own = /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]));
  const line = JSON.stringify({ ...FORMAT, key: text64(await crypto.subtle.exportKey("raw", own.publicKey)) });
  const server = await crypto.subtle.importKey("raw", bytes64(serverKey), CURVE, false, []);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: server }, own.privateKey, 256);
  const from = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: encode(line), info: encode(PURPOSE) };
  const key = await crypto.subtle.deriveKey(how, from, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  return { line, key };
}

/**
 * The file. Without a server's key it is plain, and the office will ask a person about all of it.
 * @param {string|undefined} serverKey
 * @param {AsyncIterable<string|ArrayBuffer>} pieces
 * @returns {Promise<Blob>}
 */
export async function seal(serverKey, pieces) {
  const { line, key } = serverKey ? await cipherFor(serverKey) : { line: JSON.stringify(FORMAT), key: null };
  /** @type {BlobPart[]} */
  const parts = [`${line}\n`];
  let number = 0;
  const add = async (/** @type {string|ArrayBuffer} */ piece, /** @type {boolean} */ last) => {
    const plain = typeof piece === "string" ? encode(piece) : new Uint8Array(piece);
    const nonce = new Uint8Array(12);
    new DataView(nonce.buffer).setUint32(8, number);
    const how = { name: "AES-GCM", iv: nonce, additionalData: new Uint8Array([Number(last)]) };
    const frame = key ? await crypto.subtle.encrypt(how, key, plain) : plain;
    const length = new DataView(new ArrayBuffer(4));
    length.setUint32(0, frame.byteLength);
    parts.push(length.buffer, frame);
    number += 1;
  };
  /** @type {string|ArrayBuffer|undefined} */
  let waiting;
  for await (const piece of pieces) {
    if (waiting !== undefined) await add(waiting, false);
    waiting = piece;
  }
  if (waiting !== undefined) await add(waiting, true);
  return new Blob(parts, { type: "application/octet-stream" });
}

/**
 * The pieces in order, one in memory at a time: a phone with a hundred photos has no room for them twice. The list
 * holds the phone's token, by which the server knows whose phone made it, so it must leave the phone sealed only.
 * @param {import("../core/types.js").Database} db
 * @param {{ person: import("../core/types.js").PersonRow, installId: string, now: number }} who
 * @returns {AsyncGenerator<string|ArrayBuffer>}
 */
export async function* rescuePieces(db, { person, installId, now }) {
  const outbox = /** @type {import("../core/types.js").Entry[]} */ (await db.all("outbox"));
  const operations = outbox
    .filter((entry) => isUnsent(entry) || entry.state === "refused")
    .map(({ id, body, sha256, state }) => ({ id, body, sha256, state }));
  const photos = /** @type {import("../core/types.js").PhotoRow[]} */ (await db.all("photos")).filter((photo) => !photo.done);
  const { id, name, token, feed } = person;
  const drafts = await db.all("drafts");
  // Drafts behind a PIN go as they lie, their bytes as text, with the letter that holds their key for the server.
  const seal = drafts.some((each) => each.sealed) ? await db.get("meta", "seal") : undefined;
  const lock = seal?.letter || seal?.letters?.[0];
  yield JSON.stringify({
    made_at: now, install_id: installId, person: { id, name }, token: feed.rescue_key ? token : null, feed, operations, drafts, lock,
    photos: photos.map(({ sha256, bytes, type }) => ({ sha256, bytes, type })),
  }, (_, value) => (value instanceof ArrayBuffer ? text64(value) : value instanceof Uint8Array ? text64(value.slice().buffer) : value));
  for (const { sha256, bytes } of photos) {
    const chunks = (await db.all("chunks", "sha256", sha256)).sort((one, other) => one.index - other.index);
    const left = chunks.reduce((rest, chunk) => rest - chunk.bytes.byteLength, bytes);
    for (const chunk of chunks) yield chunk.bytes;
    // What this phone has lost of a photo must not shift the ones behind it.
    if (left > 0) yield new ArrayBuffer(left);
  }
}
