// What expressions do with dates and times, in the local time the context names. The clock is never asked: `now` is
// given.

import { DAY, fromMillis, parseDate } from './expr-days.js';
import { ExprError, isDate, scalar, toText } from './expr-values.js';

/** @typedef {import('./expr.js').Scope} Scope */
/** @typedef {import('./expr-days.js').DateValue} DateValue */
/** @typedef {import('./expr-values.js').Value} Value */

/** The day, and the moment in it when there is a fraction; years 0 to 9999. @param {number} days @returns {DateValue} */
export function fromDays(days) {
  if (!(days >= -719528 && days < 2932897)) throw new ExprError('not-a-date', String(days));
  const day = Math.floor(days);
  const ms = Math.round((days - day) * DAY);
  return ms ? { day: ms === DAY ? day + 1 : day, ms: ms % DAY } : { day, ms: null };
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

