// The functions checklist() and weighted-checklist(): whether enough, and not too many, of some answers are true. Hardly
// any form needs them: importing this module adds them, and a definition says in `uses` when it must be.

import { FUNCTIONS } from '../core/expr-functions.js';
import { ExprError, flat, toBoolean, toNumber } from '../core/expr-values.js';

/** @typedef {import('../core/expr.js').Scope} Scope */
/** @typedef {import('../core/expr-values.js').Value} Value */

/** @param {(args: Value[], number: (value: Value) => number) => number[]} count what each answer counts for */
const entry = (count) => (/** @type {Value[]} */ [low, high, ...args], /** @type {Scope} */ at) => {
  /** @param {Value} value */
  const number = (value) => toNumber(value, at.world.context.utcOffset);
  const total = count(args, number).reduce((a, b) => a + b, 0);
  const [least, most] = [number(low), number(high)];
  return (least < 0 || total >= least) && (most < 0 || total <= most);
};

FUNCTIONS.checklist = [2, 99, entry((args) => flat(args).map((value) => Number(toBoolean(value))))];
FUNCTIONS['weighted-checklist'] = [2, 99, entry((args, number) => {
  const given = flat(args);
  // Answers and their weights by turns, or all answers of one node-set with all weights of another.
  const apart = args.length === 2 && args.every(Array.isArray);
  const [values, weights] = apart ? args.map((arg) => flat([arg])) : [0, 1].map((odd) => given.filter((_, i) => i % 2 === odd));
  if (apart && values.length !== weights.length) throw new ExprError('not-nodes');
  return weights.map((weight, i) => (toBoolean(values[i]) ? number(weight) : 0));
})];
