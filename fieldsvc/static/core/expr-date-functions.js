// The functions that make, read and print dates and times.

import { fromDays, fromMillis, parseDate, parseTime, patternDate } from './expr-dates.js';
import { ExprError, isDate, scalar, toNumber, toText } from './expr-values.js';

/** @typedef {import('./expr.js').Scope} Scope */
/** @typedef {import('./expr-values.js').Value} Value */
/** @typedef {import('./expr-dates.js').DateValue} DateValue */

/**
 * The day or moment `value` names; null when blank.
 * @param {Value} value @param {Scope} at @returns {DateValue|null}
 */
function read(value, at) {
  const one = scalar(value);
  if (one === '') return null;
  if (typeof one === 'number') return fromDays(one);
  if (typeof one === 'boolean') throw new ExprError('not-a-date', String(one));
  const date = isDate(one) ? one : parseDate(one, at.world.context.utcOffset);
  if (!date) throw new ExprError('not-a-date', String(one));
  return date;
}

/** @param {(date: DateValue, at: Scope, pattern: string) => Value} body what to do with a date; a blank stays blank */
const dated = (body) => (/** @type {Value[]} */ [a, b], /** @type {Scope} */ at) => {
  const date = read(a, at);
  return date ? body(date, at, b === undefined ? '' : toText(b, at.world.context.utcOffset)) : '';
};

/** @param {Scope} at */
const now = (at) => fromMillis(at.world.context.now, at.world.context.utcOffset);
const moment = dated((date) => (date.ms === null ? { day: date.day, ms: 0 } : date));
const printed = dated((date, _, pattern) => patternDate(date, pattern));

/** @type {Record<string, import('./expr-functions.js').Entry>} */
export const DATES = {
  today: [0, 0, (_, at) => ({ day: now(at).day, ms: null })],
  now: [0, 0, (_, at) => now(at)],
  date: [1, 1, dated((date) => ({ day: date.day, ms: null }))],
  'date-time': [1, 1, moment],
  'format-date': [2, 2, printed],
  'format-date-time': [2, 2, printed],
  'decimal-date-time': [1, 1, dated((date) => toNumber(date, 0))],
  'decimal-time': [1, 1, ([a], at) => {
    const one = scalar(a);
    const time = typeof one === 'string' ? parseTime(one, at.world.context.utcOffset) : null;
    if (time !== null) return (((time / 86400000) % 1) + 1) % 1;
    const date = read(a, at);
    return date ? (date.ms || 0) / 86400000 : '';
  }],
};

