// The function digest(): MD5, SHA-1, SHA-256, SHA-384 and SHA-512 of a text in UTF-8. The browser's own digests answer
// later than an expression can wait, so they are computed here; word sizes are done with BigInt for brevity.
// Hardly any form needs it: importing this part adds the function, and a definition says in `uses` when it must be.

import { FUNCTIONS } from '../core/expr-functions.js';
import { ExprError, toText } from '../core/expr-values.js';

/** @param {bigint} value @param {bigint} bits */
const cut = (value, bits) => BigInt.asUintN(Number(bits), value);

/** The first bits behind the point of the `root`-th root of `prime`. @param {bigint} prime @param {bigint} root @param {bigint} bits */
function fraction(prime, root, bits) {
  const target = prime << (bits * root);
  let low = 0n;
  let high = (prime + 1n) << bits;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** root <= target) low = middle;
    else high = middle;
  }
  return cut(low, bits);
}

/** @param {number} count @returns {bigint[]} */
function primes(count) {
  /** @type {bigint[]} */
  const found = [];
  for (let n = 2n; found.length < count; n++) if (found.every((p) => n % p)) found.push(n);
  return found;
}

/** The message with its length, in words. @param {Uint8Array} bytes @param {number} size bytes a word @param {boolean} little */
function padded(bytes, size, little) {
  const block = size * 16;
  const length = Math.ceil((bytes.length + 1 + size * 2) / block) * block;
  const all = new Uint8Array(length);
  all.set(bytes);
  all[bytes.length] = 128;
  const view = new DataView(all.buffer);
  view.setUint32(little ? length - 8 : length - 4, bytes.length * 8, little);
  return Array.from({ length: length / size }, (_, i) =>
    size === 8 ? view.getBigUint64(i * 8) : BigInt(view.getUint32(i * 4, little)));
}

/** @param {bigint[]} state @param {number} size @param {boolean} little */
const bytesOf = (state, size, little) => state.flatMap((word) => {
  const out = Array.from({ length: size }, (_, i) => Number((word >> BigInt(8 * (size - 1 - i))) & 255n));
  return little ? out.reverse() : out;
});

/** @param {Uint8Array} bytes @param {32|64} width @param {bigint[]} start @param {number} take bytes */
function sha2(bytes, width, start, take) {
  const bits = BigInt(width);
  const size = width / 8;
  const rounds = width === 32 ? 64 : 80;
  const keys = primes(rounds).map((prime) => fraction(prime, 3n, bits));
  const [a0, a1, a2, e0, e1, e2, s0, s1, s2, t0, t1, t2] =
    (width === 32 ? [2, 13, 22, 6, 11, 25, 7, 18, 3, 17, 19, 10] : [28, 34, 39, 14, 18, 41, 1, 8, 7, 19, 61, 6]).map(BigInt);
  /** @param {bigint} x @param {bigint} n */
  const turn = (x, n) => (x >> n) | cut(x << (bits - n), bits);
  const message = padded(bytes, size, false);
  const state = start.slice();
  for (let block = 0; block < message.length; block += 16) {
    const w = message.slice(block, block + 16);
    for (let i = 16; i < rounds; i++) {
      const [x, y] = [w[i - 15], w[i - 2]];
      w[i] = cut(w[i - 16] + (turn(x, s0) ^ turn(x, s1) ^ (x >> s2)) + w[i - 7] + (turn(y, t0) ^ turn(y, t1) ^ (y >> t2)), bits);
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < rounds; i++) {
      const first = h + (turn(e, e0) ^ turn(e, e1) ^ turn(e, e2)) + ((e & f) ^ (~e & g)) + keys[i] + w[i];
      const second = (turn(a, a0) ^ turn(a, a1) ^ turn(a, a2)) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, cut(d + first, bits), c, b, a, cut(first + second, bits)];
    }
    [a, b, c, d, e, f, g, h].forEach((value, i) => { state[i] = cut(state[i] + value, bits); });
  }
  return bytesOf(state, size, false).slice(0, take);
}

/** @param {bigint} x @param {number} n */
const left = (x, n) => cut(x << BigInt(n), 32n) | (x >> BigInt(32 - n));
const SHA1 = [0x67452301n, 0xefcdab89n, 0x98badcfen, 0x10325476n, 0xc3d2e1f0n];

/** @param {Uint8Array} bytes */
function sha1(bytes) {
  const state = SHA1.slice();
  const message = padded(bytes, 4, false);
  for (let block = 0; block < message.length; block += 16) {
    const w = message.slice(block, block + 16);
    for (let i = 16; i < 80; i++) w[i] = left(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    let [a, b, c, d, e] = state;
    for (let i = 0; i < 80; i++) {
      const mix = i < 20 ? ((b & c) | (~b & d)) + 0x5a827999n
        : i < 40 ? (b ^ c ^ d) + 0x6ed9eba1n : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdcn : (b ^ c ^ d) + 0xca62c1d6n;
      [e, d, c, b, a] = [d, c, left(b, 30), a, cut(left(a, 5) + mix + e + w[i], 32n)];
    }
    [a, b, c, d, e].forEach((value, i) => { state[i] = cut(state[i] + value, 32n); });
  }
  return bytesOf(state, 4, false);
}

/** @param {Uint8Array} bytes */
function md5(bytes) {
  const state = SHA1.slice(0, 4);
  const turns = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
  const message = padded(bytes, 4, true);
  for (let block = 0; block < message.length; block += 16) {
    let [a, b, c, d] = state;
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const mix = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | cut(~d, 32n))][round];
      const at = [i, 5 * i + 1, 3 * i + 5, 7 * i][round] % 16;
      const key = BigInt(Math.floor(Math.abs(Math.sin(i + 1)) * 4294967296));
      [a, d, c, b] = [d, c, b, cut(b + left(cut(a + mix + key + message[block + at], 32n), turns[round][i % 4]), 32n)];
    }
    [a, b, c, d].forEach((value, i) => { state[i] = cut(state[i] + value, 32n); });
  }
  return bytesOf(state, 4, true);
}

/** @type {Record<string, (bytes: Uint8Array) => number[]>} */
export const ALGORITHMS = {
  MD5: md5,
  'SHA-1': sha1,
  'SHA-256': (bytes) => sha2(bytes, 32, primes(8).map((prime) => fraction(prime, 2n, 32n)), 32),
  'SHA-384': (bytes) => sha2(bytes, 64, primes(16).slice(8).map((prime) => fraction(prime, 2n, 64n)), 48),
  'SHA-512': (bytes) => sha2(bytes, 64, primes(8).map((prime) => fraction(prime, 2n, 64n)), 64),
};

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** @param {number[]} bytes */
function base64(bytes) {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const three = (bytes[i] << 16) | ((bytes[i + 1] || 0) << 8) | (bytes[i + 2] || 0);
    for (let j = 0; j < 4; j++) out += j > bytes.length - i ? '=' : BASE64[(three >> (18 - 6 * j)) & 63];
  }
  return out;
}

/** The digest of `text`, in `base64` or `hex`. @param {string} text @param {string} algorithm @param {string} encoding @returns {string} */
function digest(text, algorithm, encoding) {
  const made = ALGORITHMS[algorithm];
  if (!made || (encoding !== 'base64' && encoding !== 'hex')) throw new ExprError('unknown-digest', `${algorithm} ${encoding}`);
  const bytes = made(new TextEncoder().encode(text));
  return encoding === 'hex' ? bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('') : base64(bytes);
}

FUNCTIONS.digest = [2, 3, (args, at) => {
  const [text, algorithm, encoding = 'base64'] = args.map((arg) => toText(arg, at.world.context.utcOffset));
  return digest(text, algorithm, encoding);
}];
