// Chance that can be repeated: everything follows from the seed in the form's context, the node it is drawn for and how
// often it was drawn, so the server draws the same numbers as the phone did.

/** @typedef {import('./expr.js').Scope} Scope */

/** 32 bits of `text` (FNV-1a over code points, then mixed). @param {string} text @returns {number} */
function hash(text) {
  let h = 0x811c9dc5;
  for (const letter of text) h = Math.imul(h ^ /** @type {number} */ (letter.codePointAt(0)), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** @param {Scope} at @param {string} salt */
const next = (at, salt) => hash(`${at.world.context.seed}|${at.current.key()}|${at.drawn.count++}|${salt}`);

/** A number from 0 up to 1. @param {Scope} at */
export const draw = (at) => next(at, 'r') / 4294967296;

/** @param {Scope} at @returns {string} a version 4 UUID */
export function drawUuid(at) {
  const hex = ['a', 'b', 'c', 'd'].map((salt) => next(at, salt).toString(16).padStart(8, '0')).join('');
  const variant = '89ab'[parseInt(hex[16], 16) & 3];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/**
 * `items` in the order the ODK XForms specification gives for `seed` (Park-Miller, Fisher-Yates).
 * @template T @param {T[]} items @param {number} seed @returns {T[]}
 */
export function shuffle(items, seed) {
  const order = items.slice();
  let state = Math.trunc(seed) % 2147483647 || 0;
  if (state <= 0) state += 2147483646;
  for (let i = order.length - 1; i > 0; i--) {
    state = (state * 16807) % 2147483647;
    const j = Math.floor(((state - 1) / 2147483646) * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
