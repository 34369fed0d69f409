// The values an expression works with, and how one kind becomes another: number, text, boolean, date, node-set.
// JavaRosa decides in doubt. The Python twin is fieldsvc/xlsform/values.py; tests/vectors keeps the two equal.

import { formatDate, parseDate } from './expr-days.js';

/** @typedef {import('./expr-days.js').DateValue} DateValue */
/**
 * What a path can stand on: a node of the form being filled, or a row of a list.
 * @typedef {{kids: (name: string) => Node[], up: () => Node|null, val: () => Scalar, live: () => boolean,
 *   place: () => number, series: () => any, key: () => string, where?: (column: string, value: string) => Node[]}} Node
 * `where` belongs to the root of a list: the rows with a value in a column, found without trying each.
 */
/** @typedef {string|number|boolean|DateValue} Scalar */
/** @typedef {Scalar|Node[]} Value */

/** An expression that cannot be computed. `code` is stable; a form treats the result as blank. */
export class ExprError extends Error {
  /** @param {string} code @param {string} [detail] */
  constructor(code, detail = '') {
    super(`${code} ${detail}`);
    this.code = code;
  }
}

/** @param {Value} value @returns {value is DateValue} */
export const isDate = (value) => typeof value === 'object' && 'day' in value;

/** The one value of `value`: a node-set gives its first node's, an empty one gives blank. @param {Value} value @returns {Scalar} */
export const scalar = (value) => (Array.isArray(value) ? (value.length ? value[0].val() : '') : value);

/** All values in `args`, node-sets opened. @param {Value[]} args @returns {Scalar[]} */
export const flat = (args) => args.flatMap((arg) => (Array.isArray(arg) ? arg.map((node) => node.val()) : [arg]));

const NUMBER = /^[ \t\r\n]*-?(\d+\.?\d*|\.\d+)[ \t\r\n]*$/;

/**
 * `value` as a number; NaN where it is none. A date, also one written out, is its days since 1970.
 * @param {Value} value @param {number} offset minutes east of UTC
 * @returns {number}
 */
export function toNumber(value, offset) {
  const one = scalar(value);
  if (typeof one === 'number') return one;
  if (typeof one === 'boolean') return one ? 1 : 0;
  const date = typeof one === 'object' ? one : null;
  if (!date && NUMBER.test(/** @type {string} */ (one))) return Number(one);
  const read = date || parseDate(/** @type {string} */ (one), offset);
  return read ? read.day + (read.ms || 0) / 86400000 : NaN;
}

/** `value` as text, numbers without exponent. @param {Value} value @param {number} offset @returns {string} */
export function toText(value, offset) {
  const one = scalar(value);
  if (typeof one === 'string') return one;
  if (typeof one === 'number') return numberText(one);
  return typeof one === 'boolean' ? String(one) : formatDate(one, offset);
}

/** @param {Value} value @returns {boolean} */
export function toBoolean(value) {
  const one = scalar(value);
  if (typeof one === 'number') return Math.abs(one) > 1e-12;
  return typeof one === 'string' ? one.length > 0 : one !== false;
}

/** `number` written out in full: 1e21 as its digits, -0 as 0. @param {number} number @returns {string} */
export function numberText(number) {
  const text = String(number === 0 ? 0 : number);
  const parts = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!parts) return text;
  const [, sign, first, rest = '', power] = parts;
  const digits = first + rest;
  const point = 1 + Number(power);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return sign + digits + '0'.repeat(Math.max(0, point - digits.length));
}

/**
 * Round half towards plus infinity at `places` decimals, on the digits as written, so that 1.005 becomes 1.01: people
 * check these figures with a pencil.
 * @param {number} number @param {number} places
 */
export function roundAt(number, places) {
  if (!isFinite(number) || number === 0) return number;
  const shifted = shift(number, places);
  if (!isFinite(shifted)) return number;
  const whole = Math.floor(shifted + 0.5);
  return whole === 0 ? (number < 0 ? -0 : 0) : shift(whole, -places);
}

/** @param {number} number @param {number} places */
function shift(number, places) {
  const [digits, power = '0'] = String(number).split('e');
  return Number(`${digits}e${Number(power) + places}`);
}

/** Cut at blanks, as a select_multiple keeps its values. @param {string} text @returns {string[]} */
export const words = (text) => text.split(/[ \t\r\n]+/).filter(Boolean);
