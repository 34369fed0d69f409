// The functions checklist() and weighted-checklist(): whether enough, and not too many, of some answers are true. Hardly
// any form needs them: importing this module adds them, and a definition says in `uses` when it must be.

import { FUNCTIONS } from '../core/expr-functions.js';
import { flat, toBoolean, toNumber } from '../core/expr-values.js';

/** @typedef {import('../core/expr.js').Scope} Scope */
/** @typedef {import('../core/expr-values.js').Value} Value */

/** @param {(given: import('../core/expr-values.js').Scalar[], number: (value: Value) => number) => number[]} count what each answer counts for */
const entry = (count) => (/** @type {Value[]} */ [low, high, ...args], /** @type {Scope} */ at) => {
  /** @param {Value} value */
  const number = (value) => toNumber(value, at.world.context.utcOffset);
  const total = count(flat(args), number).reduce((a, b) => a + b, 0);
  const [least, most] = [number(low), number(high)];
  return (least < 0 || total >= least) && (most < 0 || total <= most);
};

FUNCTIONS.checklist = [2, 99, entry((given) => given.map((value) => Number(toBoolean(value))))];
FUNCTIONS['weighted-checklist'] = [2, 99, entry((given, number) =>
  given.filter((_, i) => i % 2).map((weight, i) => (toBoolean(given[2 * i]) ? number(weight) : 0)))];
