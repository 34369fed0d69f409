// Days and moments in the local time of a form, and how they are written. The clock is never asked.

/**
 * A local day (days since 1970-01-01) and, for a moment, the milliseconds into it.
 * @typedef {{day: number, ms: number|null}} DateValue
 */

/** Milliseconds. */
export const DAY = 86400000;
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
