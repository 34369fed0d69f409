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
const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const WEEKDAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const SHAPE = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:T(\d{2}:\d{2}.*))?$/;
const CLOCK = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/;

/** @param {number} year @param {number} month @param {number} day */
function toDay(year, month, day) {
  const y = month < 3 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468;
}

/** @param {number} day @returns {[number, number, number]} year, month, day */
function fromDay(day) {
  const z = day + 719468;
  const era = Math.floor(z / 146097);
  const d = z - era * 146097;
  const yearOfEra = Math.floor((d - Math.floor(d / 1460) + Math.floor(d / 36524) - Math.floor(d / 146096)) / 365);
  const dayOfYear = d - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const m = Math.floor((5 * dayOfYear + 2) / 153);
  const month = m < 10 ? m + 3 : m - 9;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - Math.floor((153 * m + 2) / 5) + 1];
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

/** @param {number} number @param {number} [width] */
const pad = (number, width = 2) => String(number).padStart(width, '0');

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

/** `date` by a strftime-like pattern, names in English. @param {DateValue} date @param {string} pattern @returns {string} */
export function patternDate(date, pattern) {
  const [year, month, day] = fromDay(date.day);
  const ms = date.ms || 0;
  const hour = Math.floor(ms / 3600000);
  const weekday = (((date.day + 4) % 7) + 7) % 7;
  /** @type {Record<string, string>} */
  const parts = {
    Y: pad(year, 4), y: pad(year % 100), m: pad(month), n: String(month), B: MONTHS[month - 1],
    b: MONTHS[month - 1].slice(0, 3), d: pad(day), e: String(day), H: pad(hour), h: String(hour),
    M: pad(Math.floor(ms / 60000) % 60), S: pad(Math.floor(ms / 1000) % 60), 3: pad(ms % 1000, 3),
    a: WEEKDAYS[weekday].slice(0, 3), A: WEEKDAYS[weekday], w: String(weekday), '%': '%',
  };
  return pattern.replace(/%(.)/g, (_, letter) => {
    if (!(letter in parts)) throw new ExprError('date-pattern', letter);
    return parts[letter];
  });
}

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

