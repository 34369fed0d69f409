/**
 * Letters to the server: texts that lie on this phone and can be read there, but not here. What was filled in leaves by
 * one while the app is locked (Protocol 3.20); the key of a PIN that is forgotten comes back by one. The other side is
 * `fieldsvc/services/letters.py`.
 */

const MARK = "fieldsvc-letter/1";
const CURVE = { name: "ECDH", namedCurve: "P-256" };

const encode = (/** @type {string} */ text) => new TextEncoder().encode(text);

/** Byte by byte: a long answer would be more arguments than a browser takes at once. @param {ArrayBuffer} bytes @returns {string} */
const text64 = (bytes) => btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(""));

/**
 * What writes letters to a server, with a one-time key that they have in common.
 * @param {string} serverKey its point in base64, as it was told with the session
 * @param {"operation"|"key"} purpose what they are for: the server opens none for anything else
 * @returns {Promise<(text: string) => Promise<string>>}
 */
export async function writerTo(serverKey, purpose) {
  const own = /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]));
  const half = await crypto.subtle.exportKey("raw", own.publicKey);
  const point = Uint8Array.from(atob(serverKey), (letter) => letter.charCodeAt(0));
  const server = await crypto.subtle.importKey("raw", point, CURVE, false, []);
  const bits = await crypto.subtle.deriveBits({ name: "ECDH", public: server }, own.privateKey, 256);
  const from = await crypto.subtle.importKey("raw", bits, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: half, info: encode(`${MARK} ${purpose}`) };
  const key = await crypto.subtle.deriveKey(how, from, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  return async (text) => {
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, key, encode(text));
    return [MARK, text64(half), text64(nonce.buffer), text64(data)].join(" ");
  };
}
