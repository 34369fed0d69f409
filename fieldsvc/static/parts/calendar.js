// Dates in words and as numbers: format-date(), format-date-time(), decimal-date-time() and decimal-time(). Importing this
// part adds them; a definition says in `uses` when it must be.

import { dated, readDate } from '../core/expr-dates.js';
import { fromDay, pad, parseTime } from '../core/expr-days.js';
import { FUNCTIONS } from '../core/expr-functions.js';
import { ExprError, scalar } from '../core/expr-values.js';

/** @typedef {import('../core/expr-values.js').DateValue} DateValue */

const DAY = 86400000;
const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const WEEKDAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

/** `date` by a strftime-like pattern, names in English. @param {DateValue} date @param {string} pattern @returns {string} */
function patternDate(date, pattern) {
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

const printed = dated((date, _, pattern) => patternDate(date, pattern));

/** @type {Record<string, import('../core/expr-functions.js').Entry>} */
const CALENDAR = {
  'format-date': [2, 2, printed],
  'format-date-time': [2, 2, printed],
  // Days since 1970 in UTC, whatever the place.
  'decimal-date-time': [1, 1, ([a], at) => {
    const one = scalar(a);
    if (typeof one === 'number') return one;
    const date = readDate(one, at);
    return date ? (date.day * DAY + (date.ms || 0) - at.world.context.utcOffset * 60000) / DAY : '';
  }],
  'decimal-time': [1, 1, ([a], at) => {
    const one = scalar(a);
    if (typeof one === 'number') return isFinite(one) ? one - Math.floor(one) : NaN;
    const time = typeof one === 'string' ? parseTime(one, at.world.context.utcOffset) : null;
    if (time !== null) return ((time / 86400000) % 1) + (time < 0 ? 1 : 0);
    const date = readDate(a, at);
    return date ? (date.ms || 0) / 86400000 : '';
  }],
};

Object.assign(FUNCTIONS, CALENDAR);
