// Dates and times of expressions, and the functions on them, in the local time the context names. The clock is never
// asked: `now` is given.

import { ExprError, isDate, scalar, toNumber, toText } from './expr-values.js';

/** @typedef {import('./expr.js').Scope} Scope */
/** @typedef {import('./expr-values.js').Value} Value */

/**
 * A local day (days since 1970-01-01) and, for a moment, the milliseconds into it.
 * @typedef {{day: number, ms: number|null}} DateValue
 */

const DAY = 86400000;
const SHAPE = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:T(\d{2}:\d{2}.*))?$/;
const CLOCK = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/;

/** @param {number} year @param {number} month @param {number} day */
const toDay = (year, month, day) => new Date(0).setUTCFullYear(year, month - 1, day) / DAY;

/** The civil date of a day. @param {number} day @returns {[number, number, number]} year, month, day */
export function fromDay(day) {
  const at = new Date(day * DAY);
  return [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
}

/** @param {string} text @param {number} offset @returns {number|null} milliseconds since local midnight; may leave the day */
export function parseTime(text, offset) {
  const clock = CLOCK.exec(text);
  if (!clock) return null;
  const [hours, minutes, seconds] = [clock[1], clock[2], clock[3] || '0'].map(Number);
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  const ms = ((hours * 60 + minutes) * 60 + seconds) * 1000 + Number(((clock[4] || '') + '000').slice(0, 3));
  return clock[5] ? ms + (offset - zone(clock[5])) * 60000 : ms;
}

/** @param {string} text */
function zone(text) {
  if (text === 'Z') return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(3).replace(':', '') || 0);
  return text[0] === '-' ? -minutes : minutes;
}

/**
 * The day or moment `text` names in ISO form, or null. A moment with a zone is moved to local time.
 * @param {string} text @param {number} offset minutes east of UTC @returns {DateValue|null}
 */
export function parseDate(text, offset) {
  const shape = SHAPE.exec(text);
  if (!shape) return null;
  const [year, month, date] = shape.slice(1, 4).map(Number);
  const day = toDay(year, month, date);
  const back = fromDay(day);
  if (month < 1 || month > 12 || back[1] !== month || back[2] !== date) return null;
  if (!shape[4]) return { day, ms: null };
  const ms = parseTime(shape[4], offset);
  if (ms === null) return null;
  return { day: day + Math.floor(ms / DAY), ms: ((ms % DAY) + DAY) % DAY };
}

/** `ms` UTC as a local moment. @param {number} ms @param {number} offset @returns {DateValue} */
export function fromMillis(ms, offset) {
  const local = ms + offset * 60000;
  const day = Math.floor(local / DAY);
  return { day, ms: local - day * DAY };
}

/** The day, and the moment in it when there is a fraction; years 0 to 9999. @param {number} days @returns {DateValue} */
export function fromDays(days) {
  if (!(days >= -719528 && days < 2932897)) throw new ExprError('not-a-date', String(days));
  const day = Math.floor(days);
  const ms = Math.round((days - day) * DAY);
  return ms ? { day: ms === DAY ? day + 1 : day, ms: ms % DAY } : { day, ms: null };
}

/** A number with zeros before it. @param {number} number @param {number} [width] */
export const pad = (number, width = 2) => String(number).padStart(width, '0');

/** @param {number} ms */
const clock = (ms) =>
  `${pad(Math.floor(ms / 3600000))}:${pad(Math.floor(ms / 60000) % 60)}:${pad(Math.floor(ms / 1000) % 60)}.${pad(ms % 1000, 3)}`;

/** ISO text: a day, or a moment with its offset. @param {DateValue} date @param {number} offset @returns {string} */
export function formatDate(date, offset) {
  const [year, month, day] = fromDay(date.day);
  const iso = `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
  if (date.ms === null) return iso;
  const away = Math.abs(offset);
  return `${iso}T${clock(date.ms)}${offset < 0 ? '-' : '+'}${pad(Math.floor(away / 60))}:${pad(away % 60)}`;
}

/**
 * The day or moment `value` names; null when blank. A number is a moment in days of UTC, as in JavaRosa; with `days`
 * a local day.
 * @param {Value} value @param {Scope} at @param {boolean} [days] @returns {DateValue|null}
 */
export function readDate(value, at, days) {
  const one = scalar(value);
  if (one === '') return null;
  if (typeof one === 'number') {
    const local = fromDays(Math.trunc(one));
    return days ? local : fromMillis(Math.trunc(one * DAY), at.world.context.utcOffset);
  }
  if (typeof one === 'boolean') throw new ExprError('not-a-date', String(one));
  const date = isDate(one) ? one : parseDate(one, at.world.context.utcOffset);
  if (!date) throw new ExprError('not-a-date', String(one));
  return date;
}

/**
 * A function of a date; a blank stays blank, and no number no number.
 * @param {(date: DateValue, at: Scope, pattern: string) => Value} body @param {boolean} [days]
 */
export const dated = (body, days) => (/** @type {Value[]} */ [a, b], /** @type {Scope} */ at) => {
  if (Number.isNaN(scalar(a))) return b === undefined ? NaN : '';
  const date = readDate(a, at, days);
  return date ? body(date, at, b === undefined ? '' : toText(b, at.world.context.utcOffset)) : '';
};

/** @param {Scope} at */
const now = (at) => fromMillis(at.world.context.now, at.world.context.utcOffset);
const moment = dated((date) => (date.ms === null ? { day: date.day, ms: 0 } : date));

/** @type {Record<string, import('./expr-functions.js').Entry>} */
export const DATES = {
  today: [0, 0, (_, at) => ({ day: now(at).day, ms: null })],
  now: [0, 0, (_, at) => now(at)],
  date: [1, 1, dated((date) => ({ day: date.day, ms: null }), true)],
  'date-time': [1, 1, moment],
};

