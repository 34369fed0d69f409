// The functions base64-decode() and substring(), which hardly any form needs. Importing this part adds them; a definition
// says in `uses` when it must be.

import { FUNCTIONS } from '../core/expr-functions.js';
import { roundAt, toNumber, toText } from '../core/expr-values.js';

/** The bytes that base64 stands for, or null. @param {string} text @returns {Uint8Array|null} */
export function bytesOf(text) {
  const letters = text.replace(/[ \t\r\n]+/g, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(letters)) return null;
  return Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0));
}

/** @param {Uint8Array} bytes UTF-8 @returns {string} */
export const textOf = (bytes) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

Object.assign(FUNCTIONS, /** @type {Record<string, import('../core/expr-functions.js').Entry>} */ ({
  'base64-decode': [1, 1, ([a], at) => {
    const bytes = bytesOf(toText(a, at.world.context.utcOffset));
    return bytes ? textOf(bytes) : '';
  }],
  // As XPath has it: letters are counted from 1, and their places rounded.
  substring: [2, 3, ([a, b, c], at) => {
    const { utcOffset } = at.world.context;
    const from = roundAt(toNumber(b, utcOffset), 0);
    const until = c === undefined ? Infinity : from + roundAt(toNumber(c, utcOffset), 0);
    return Array.from(toText(a, utcOffset)).filter((_, index) => index + 1 >= from && index + 1 < until).join('');
  }],
}));
