// The functions of expressions: logic, numbers, text, choices, nodes and chance. Each entry is [fewest, most arguments, body];
// those in LAZY get syntax trees, because they compute only what they need or must see a path before it is walked.

import { DATES } from './expr-dates.js';
import { ExprError, flat, roundAt, scalar, toBoolean, toNumber, toText, words } from './expr-values.js';

/** @typedef {import('./expr.js').Scope} Scope */
/** @typedef {import('./expr-values.js').Value} Value */
/** @typedef {import('./expr-values.js').Node} Node */
/** @typedef {import('./form-types.js').Ast} Ast */
/** @typedef {[number, number, (args: any[], at: Scope) => Value]} Entry */
/** @typedef {[number, number, (args: Ast[], at: Scope, evaluate: (ast: Ast, at: Scope) => Value) => Value]} LazyEntry */

const MANY = 99;

/** @param {Value} value @param {Scope} at */
const num = (value, at) => toNumber(value, at.world.context.utcOffset);
/** @param {Value} value @param {Scope} at */
const text = (value, at) => toText(value, at.world.context.utcOffset);
/** @param {Value} value @returns {Node[]} */
const nodes = (value) => {
  if (!Array.isArray(value)) throw new ExprError('not-nodes');
  return value;
};
/** The numbers in `args`; blanks are skipped, so that an unanswered amount does not spoil a sum. @param {Value[]} args @param {Scope} at */
const numbers = (args, at) => flat(args).filter((value) => value !== '').map((value) => num(value, at));
/** A function of one or two numbers. @param {(x: number, y: number) => number} body @param {number} [count] @returns {Entry} */
export const math = (body, count = 1) => [count, count, ([a, b], at) => body(num(a, at), count > 1 ? num(b, at) : 0)];
/** @param {(a: string, b: string) => Value} body @returns {Entry} */
const two = (body) => [2, 2, ([a, b], at) => body(text(a, at), text(b, at))];
/** The text of the argument or, inside a predicate, of the node it tries. @param {Value[]} args @param {Scope} at */
const own = (args, at) => {
  if (args.length) return text(args[0], at);
  if (!at.inside) throw new ExprError('wrong-arguments');
  return text(at.node.val(), at);
};

/** The codes with a blank around each: an answer without any holds the blank code, and no other answer does. @param {string} list */
const spaced = (list) => ` ${words(list).join(' ')} `;

/** `x` without its fraction, as far as a place in a text or number can be. @param {number} x */
const whole = (x) => Math.max(-1e9, Math.min(1e9, Math.trunc(x))) || 0;

/** @param {string} word @param {number} start @param {number} [end] negative counts from the end */
function part(word, start, end) {
  const letters = Array.from(word);
  return letters.slice(whole(start), end === undefined ? letters.length : whole(end)).join('');
}

/** What the server's language spells otherwise, or not at all; the Python twin is fieldsvc/xlsform/regexes.py. */
const NOT_SHARED = /\(\?<|\(\?P|\(\?[aiLmsux-]|\\|[*+?}]\+|\[\^?\]|\[\[|\{,/;

/** Blanks and all other characters. @type {Record<string, string>} */
const KINDS = { s: ' \\t-\\r', S: '\\0-\\x08\\x0e-\\x1f!-\u{10ffff}' };

/** The pattern with blanks of ASCII, and without escapes that need none: a browser that counts 𠮷 as one takes no others. @param {string} pattern */
function strict(pattern) {
  let inside = false;
  return pattern.replace(/\\([^])|[[\]]/g, (all, letter) => {
    if (!letter) inside = all === '[';
    const kind = KINDS[letter];
    if (kind) return inside ? kind : `[${kind}]`;
    return !letter || (letter === '-' ? inside : /[a-zA-Z0-9^$\\.*+?()[\]{}|/]/.test(letter)) ? all : letter;
  });
}

/** @param {string} pattern @param {string} value */
function matches(pattern, value) {
  const bare = pattern.replace(/\\[^apPAZzGKQeN]/g, '_').replace(/\[(?!\^?\]|\[)[^\]\\]+\]/g, '[_'); // no sign in a class is more than itself
  if (NOT_SHARED.test(bare)) throw new ExprError('regex', pattern);
  // Some patterns are good enough for the server and for browsers of old, and for no strict one: a bracket that closes nothing.
  for (const flags of ['u', '']) {
    try {
      return new RegExp(`^(?:${strict(pattern)})$`, flags).test(value);
    } catch {
      // The next one, or none.
    }
  }
  throw new ExprError('regex', pattern);
}

// Chance can be repeated: everything follows from the seed in the form's context, the node it is drawn for and how often
// it was drawn, so the server draws the same numbers as the phone did.

/** 32 bits of `text` (FNV-1a over code points, then mixed). @param {string} text @returns {number} */
function hash(text) {
  let h = 0x811c9dc5;
  for (const letter of text) h = Math.imul(h ^ /** @type {number} */ (letter.codePointAt(0)), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The salt comes first: behind the rest it would leave a UUID with 32 bits of chance. @param {Scope} at @param {string} salt */
const next = (at, salt) => {
  const { seed, now } = at.world.context;
  return hash(`${salt}|${seed}|${now}|${at.current.key()}|${at.drawn.count++}`);
};

/** A number from 0 up to 1. @param {Scope} at */
const draw = (at) => next(at, 'r') / 4294967296;

/** @param {Scope} at @returns {string} a version 4 UUID */
function drawUuid(at) {
  const hex = ['a', 'b', 'c', 'd'].map((salt) => next(at, salt).toString(16).padStart(8, '0')).join('');
  const variant = '89ab'[parseInt(hex[16], 16) & 3];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** @param {Scope} at @param {number} count @returns {string} so many letters and digits */
const drawLetters = (at, count) =>
  count > 0 ? Math.floor(draw(at) * 36).toString(36).toUpperCase() + drawLetters(at, count - 1) : '';

/**
 * `items` in the order the ODK XForms specification gives for `seed` (Park-Miller, Fisher-Yates).
 * @template T @param {T[]} items @param {number} seed @returns {T[]}
 */
function shuffle(items, seed) {
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

/** @type {Record<string, Entry>} */
export const FUNCTIONS = {
  ...DATES,
  true: [0, 0, () => true],
  false: [0, 0, () => false],
  not: [1, 1, ([a]) => !toBoolean(a)],
  boolean: [1, 1, ([a]) => toBoolean(a)],
  'boolean-from-string': [1, 1, ([a], at) => ['true', '1'].includes(text(a, at))],
  number: [1, 1, ([a], at) => num(a, at)],
  string: [1, 1, ([a], at) => text(a, at)],
  int: math((x) => Math.trunc(x)),
  round: [1, 2, ([a, b], at) => roundAt(num(typeof scalar(a) === 'string' ? text(a, at).replace(',', '.') : a, at), b === undefined ? 0 : whole(num(b, at)))],
  abs: math(Math.abs),
  sum: [1, 1, ([a], at) => numbers([nodes(a)], at).reduce((x, y) => x + y, 0)],
  min: [1, MANY, (args, at) => { const all = numbers(args, at); return all.length ? Math.min(...all) : NaN; }],
  max: [1, MANY, (args, at) => { const all = numbers(args, at); return all.length ? Math.max(...all) : NaN; }],
  count: [1, 1, ([a]) => nodes(a).length],
  'count-non-empty': [1, 1, ([a], at) => nodes(a).filter((node) => text(node.val(), at) !== '').length],
  concat: [0, MANY, (args, at) => flat(args).map((value) => text(value, at)).join('')],
  join: [1, MANY, ([glue, ...args], at) => flat(args).map((value) => text(value, at)).join(text(glue, at))],
  contains: two((a, b) => a.includes(b)),
  'starts-with': two((a, b) => a.startsWith(b)),
  'ends-with': two((a, b) => a.endsWith(b)),
  'substring-before': two((a, b) => (b && a.includes(b) ? a.slice(0, a.indexOf(b)) : '')),
  'substring-after': two((a, b) => (a.includes(b) ? a.slice(a.indexOf(b) + b.length) : '')),
  substr: [2, 3, ([a, b, c], at) => part(text(a, at), num(b, at), c === undefined ? c : num(c, at))],
  'string-length': [0, 1, (args, at) => Array.from(own(args, at)).length],
  'normalize-space': [0, 1, (args, at) => words(own(args, at)).join(' ')],
  translate: [3, 3, (args, at) => {
    const [source, from, to] = args.map((arg) => Array.from(text(arg, at)));
    return source.map((c) => (from.includes(c) ? to[from.indexOf(c)] || '' : c)).join('');
  }],
  regex: two((value, pattern) => matches(pattern, value)),
  selected: two((list, value) => spaced(list).includes(spaced(value))),
  'selected-at': [2, 2, ([a, b], at) => words(text(a, at))[num(b, at)] || ''],
  'count-selected': [1, 1, ([a], at) => words(text(a, at)).length],
  'jr:choice-name': [2, 2, ([a, b], at) => words(text(a, at)).map((v) => at.world.choiceLabel(text(b, at), v)).join(', ')],
  position: [0, 1, ([a], at) => (a === undefined ? at.position : nodes(a).length ? a[0].place() : 0)],
  last: [0, 0, (_, at) => at.size],
  current: [0, 0, (_, at) => [at.current]],
  instance: [1, 1, ([id], at) => {
    const table = at.world.instance(text(id, at));
    return table ? [table] : [];
  }],
  pulldata: [4, 4, (args, at) => {
    const [id, column, key, value] = args.map((arg) => text(arg, at));
    const table = at.world.instance(id);
    const [row] = table?.kids('root')[0].where?.(key, value) || [];
    return row ? text(row.kids(column), at) : '';
  }],
  random: [0, 0, (_, at) => draw(at)],
  uuid: [0, 1, ([a], at) => (a === undefined ? drawUuid(at) : drawLetters(at, Math.min(whole(num(a, at)), 200)))],
  randomize: [1, 2, ([a, seed], at) => shuffle(nodes(a), seed === undefined ? draw(at) * 2147483647 : num(seed, at))],
};

/** @type {Record<string, LazyEntry>} */
export const LAZY = {
  if: [3, 3, ([test, yes, no], at, evaluate) => scalar(evaluate(toBoolean(evaluate(test, at)) ? yes : no, at))],
  coalesce: [1, MANY, (args, at, evaluate) => {
    /** @type {Value} */
    let value = '';
    for (const arg of args) {
      value = scalar(evaluate(arg, at));
      if (value !== '' && !Number.isNaN(value)) break;
    }
    return value;
  }],
  once: [1, 1, ([first], at, evaluate) => {
    const kept = at.current.val();
    return kept === '' ? scalar(evaluate(first, at)) : kept;
  }],
  'indexed-repeat': [3, 11, ([target, ...pairs], at, evaluate) => {
    const chosen = new Map(at.chosen || []);
    for (let i = 0; i + 1 < pairs.length; i += 2) {
      const items = nodes(evaluate(pairs[i], { ...at, chosen }));
      const item = items[num(evaluate(pairs[i + 1], at), at) - 1];
      if (!item) return '';
      chosen.set(item.series(), item);
    }
    return evaluate(target, { ...at, chosen });
  }],
};
