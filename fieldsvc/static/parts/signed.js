// The function extract-signed(): the message of a signed QR code, if an Ed25519 key vouches for it. The browser's own
// check is missing before 2025 and answers later than an expression can wait. Needs the part `digest`.

import { FUNCTIONS } from '../core/expr-functions.js';
import { toText } from '../core/expr-values.js';
import { ALGORITHMS } from './digest.js';
import { bytesOf, textOf } from './texts.js';

/** @typedef {[bigint, bigint, bigint, bigint]} Point x, y, z and xy/z: sums without divisions */

const P = (1n << 255n) - 19n;
const ORDER = (1n << 252n) + 27742317777372353535851937790883648493n;

/** @param {bigint} value */
const mod = (value) => ((value % P) + P) % P;

/** @param {bigint} base @param {bigint} exponent */
function power(base, exponent) {
  let result = 1n;
  for (let square = mod(base), rest = exponent; rest; rest >>= 1n, square = mod(square * square)) {
    if (rest & 1n) result = mod(result * square);
  }
  return result;
}

const D = mod(-121665n * power(121666n, P - 2n));
const ROOT = power(2n, (P - 1n) / 4n);

/** @param {Uint8Array} bytes the last one highest @returns {bigint} */
const number = (bytes) => bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

/** @param {Point} a @param {Point} b @returns {Point} */
function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const [a, b, c, d] = [mod((y1 - x1) * (y2 - x2)), mod((y1 + x1) * (y2 + x2)), mod(2n * t1 * t2 * D), mod(2n * z1 * z2)];
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

/** @param {Point} point @param {bigint} times @returns {Point} */
function times(point, times) {
  /** @type {Point} */
  let sum = [0n, 1n, 1n, 0n];
  for (let double = point, rest = times; rest; rest >>= 1n, double = add(double, double)) if (rest & 1n) sum = add(sum, double);
  return sum;
}

/** The point these 32 bytes name. @param {Uint8Array} bytes @returns {Point|null} */
function point(bytes) {
  const whole = number(bytes);
  const odd = whole >> 255n;
  const y = whole & ((1n << 255n) - 1n);
  const square = mod((y * y - 1n) * power(D * y * y + 1n, P - 2n));
  let x = power(square, (P + 3n) / 8n);
  if (mod(x * x) !== square) x = mod(x * ROOT);
  if (y >= P || mod(x * x) !== square || (x === 0n && odd)) return null;
  if ((x & 1n) !== odd) x = P - x;
  return [x, y, 1n, mod(x * y)];
}

const BASE = /** @type {Point} */ (point(Uint8Array.of(0x58, ...Array(31).fill(0x66))));

/** @param {Uint8Array} key @param {Uint8Array} signature 64 bytes @param {Uint8Array} message */
function holds(key, signature, message) {
  const [r, s] = [signature.slice(0, 32), number(signature.slice(32))];
  const [x, y, z, t] = (key.length === 32 && point(key)) || [];
  if (x === undefined || y === undefined || z === undefined || t === undefined || s >= ORDER) return false;
  const digest = ALGORITHMS['SHA-512'](Uint8Array.of(...r, ...key, ...message));
  const [u, v, w] = add(times(BASE, s), times([P - x, y, z, P - t], number(Uint8Array.from(digest)) % ORDER));
  const inverse = power(w, P - 2n);
  return number(r) === mod(v * inverse) + ((mod(u * inverse) & 1n) << 255n);
}

FUNCTIONS['extract-signed'] = [2, 2, (args, at) => {
  const [signed, key] = args.map((arg) => bytesOf(toText(arg, at.world.context.utcOffset)));
  if (!signed || !key || signed.length < 64) return '';
  const message = signed.slice(64);
  return holds(key, signed.slice(0, 64), message) ? textOf(message) : '';
}];
