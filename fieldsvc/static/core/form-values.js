// How an answer becomes a value of expressions and back, and whether a text is of its question's type.
// Answers are text, null (blanked) or absent; the Python twin is fieldsvc/xlsform/answers.py.

import { fromDays, parseDate, parseTime } from './expr-dates.js';
import { isDate, scalar, toNumber, toText } from './expr-values.js';

/** @typedef {import('./form-types.js').Value} Answer */

const INTEGER = /^-?\d{1,15}$/;
const DECIMAL = /^-?(\d{1,15}\.?\d{0,15}|\.\d{1,15})$/;
const POINT = /^-?\d{1,2}(\.\d+)? -?\d{1,3}(\.\d+)?( -?\d+(\.\d+)?( \d+(\.\d+)?)?)?$/;
const DIGEST = /^[0-9a-f]{64}$/;

/** @param {Answer} answer @param {string} type @param {number} offset @returns {import('./expr-values.js').Scalar} */
export function fromAnswer(answer, type, offset) {
  if (answer === undefined || answer === null) return '';
  if (typeof answer === 'object') return answer.sha256;
  if ((type === 'int' || type === 'decimal') && DECIMAL.test(answer)) return Number(answer);
  if (type === 'date' || type === 'dateTime') return parseDate(answer, offset) || answer;
  return answer;
}

/**
 * What a calculation leaves as an answer of `type`: nothing for a blank, or for a number that is none.
 * @param {import('./expr-values.js').Value} value @param {string} type @param {number} offset @returns {string|undefined}
 */
export function toAnswer(value, type, offset) {
  let one = scalar(value);
  if (one === '' || Number.isNaN(one)) return undefined;
  if (type === 'int' || type === 'decimal') {
    const number = toNumber(one, offset);
    if (Number.isNaN(number)) return undefined;
    return toText(type === 'int' && isFinite(number) ? Math.trunc(number) : number, offset);
  }
  if ((type === 'date' || type === 'dateTime') && typeof one !== 'boolean') {
    const date = isDate(one) ? one : typeof one === 'number' && isFinite(one) ? fromDays(one) : parseDate(String(one), offset);
    if (!date) return toText(one, offset);
    one = { day: date.day, ms: type === 'date' ? null : date.ms || 0 };
  }
  return toText(one, offset);
}

/** Whether `answer` is written as its type demands. @param {Exclude<Answer, null|undefined>} answer @param {string} type @returns {boolean} */
export function wellFormed(answer, type) {
  const attached = typeof answer === 'object';
  switch (type) {
    case 'image': case 'signature': case 'audio': case 'video': case 'file':
      return attached && DIGEST.test(answer.sha256) && Number.isInteger(answer.bytes) && answer.bytes > 0;
    case 'int': return !attached && INTEGER.test(answer);
    case 'decimal': return !attached && DECIMAL.test(answer);
    case 'date': { const date = attached ? null : parseDate(answer, 0); return !!date && date.ms === null; }
    case 'dateTime': { const date = attached ? null : parseDate(answer, 0); return !!date && date.ms !== null; }
    case 'time': return !attached && parseTime(answer, 0) !== null;
    case 'geopoint': return !attached && POINT.test(answer);
    default: return !attached;
  }
}
