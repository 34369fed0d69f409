// Computes an expression given as a syntax tree. Pure: the clock, the seed and the nodes come with the scope.
// The Python twin is fieldsvc/xlsform/evaluate.py; tests/vectors keeps the two equal.

import { FUNCTIONS, LAZY } from './expr-functions.js';
import { ExprError, isDate, scalar, toBoolean, toNumber, toText } from './expr-values.js';

/** @typedef {import('./form-types.js').Ast} Ast */
/** @typedef {import('./expr-values.js').Node} Node */
/** @typedef {import('./expr-values.js').Value} Value */
/**
 * What surrounds every expression of an open form.
 * @typedef {{root: Node, context: import('./form-types.js').FormContext, instance: (id: string) => Node|null,
 *   choiceLabel: (list: string, value: string) => string}} World
 */
/**
 * Where an expression is computed: `current` is the node it belongs to, `node` the one a predicate is trying.
 * @typedef {{world: World, node: Node, current: Node, position: number, size: number, inside: boolean,
 *   chosen: Map<any, Node>|null, drawn: {count: number}}} Scope
 */

/** The scope of an expression that belongs to `node`. @param {World} world @param {Node} node @returns {Scope} */
export const scopeAt = (world, node) => ({
  world, node, current: node, position: 1, size: 1, inside: false, chosen: null, drawn: { count: 0 },
});

/** @param {Ast} ast @param {Scope} at @returns {Value} */
export function evaluate(ast, at) {
  const [op, a, b] = ast;
  switch (op) {
    case 'n': return Number(a);
    case 's': return a;
    case 'p': return walk(a, b, at);
    case 'f': return call(a, ast.slice(2), at);
    case 'neg': return -number(a, at);
    case 'and': return toBoolean(evaluate(a, at)) && toBoolean(evaluate(b, at));
    case 'or': return toBoolean(evaluate(a, at)) || toBoolean(evaluate(b, at));
    case '=': return equal(scalar(evaluate(a, at)), scalar(evaluate(b, at)), at);
    case '!=': return !equal(scalar(evaluate(a, at)), scalar(evaluate(b, at)), at);
  }
  const [x, y] = [number(a, at), number(b, at)];
  switch (op) {
    case '+': return x + y;
    case '-': return x - y;
    case '*': return x * y;
    case 'div': return x / y;
    case 'mod': return x % y;
    case '<': return x < y;
    case '<=': return x <= y;
    case '>': return x > y;
    case '>=': return x >= y;
  }
  throw new ExprError('unsupported', op);
}

/** @param {Ast} ast @param {Scope} at */
const number = (ast, at) => toNumber(evaluate(ast, at), at.world.context.utcOffset);

/** Equal as booleans if one is a boolean, as numbers if one is a number, else as text. @param {import('./expr-values.js').Scalar} a @param {import('./expr-values.js').Scalar} b @param {Scope} at */
function equal(a, b, at) {
  const offset = at.world.context.utcOffset;
  if (typeof a === 'boolean' || typeof b === 'boolean') return toBoolean(a) === toBoolean(b);
  if (typeof a === 'number' || typeof b === 'number') {
    const [x, y] = [toNumber(a, offset), toNumber(b, offset)];
    return x === y || Math.abs(x - y) < 1e-12;
  }
  // A day is its midnight.
  if (isDate(a) && isDate(b)) return a.day === b.day && (a.ms || 0) === (b.ms || 0);
  return toText(a, offset) === toText(b, offset);
}

/** @param {string} name @param {Ast[]} args @param {Scope} at @returns {Value} */
function call(name, args, at) {
  const lazy = LAZY[name];
  const known = lazy || FUNCTIONS[name];
  if (!known) throw new ExprError('unknown-function', name);
  if (args.length < known[0] || args.length > known[1]) throw new ExprError('wrong-arguments', name);
  if (lazy) return lazy[2](args, at, evaluate);
  return FUNCTIONS[name][2](args.map((arg) => evaluate(arg, at)), at);
}

/**
 * The relevant nodes a path reaches. An absolute path into a repeat the expression stands in stays in that item, as in
 * JavaRosa, unless the repeat itself is asked for: `/data/m/age` is this member's, `count(/data/m)` is all.
 * @param {'/'|'.'|Ast} start @param {any[][]} steps @param {Scope} at @returns {Node[]}
 */
function walk(start, steps, at) {
  /** @type {Node[]} */
  let nodes = [at.node];
  let absolute = false;
  if (start === '/') {
    nodes = [at.world.root];
    absolute = true;
  } else if (start !== '.') {
    const found = evaluate(start, at);
    if (!Array.isArray(found)) throw new ExprError('not-nodes');
    nodes = found;
  }
  for (let i = 0; i < steps.length; i++) {
    const [axis, name] = steps[i];
    if (axis === '.') continue;
    const own = absolute && i < steps.length - 1 && steps[i].length === 2;
    /** @type {Node[]} */
    const reached = [];
    for (const node of nodes) {
      if (axis === '..') {
        const up = node.up();
        if (up) reached.push(up);
        continue;
      }
      let kids = node.kids(name);
      if (own) kids = narrow(kids, at);
      for (let j = 2; j < steps[i].length; j++) kids = filter(kids, steps[i][j], at, j > 2 ? null : candidates(node, steps[i][j], at));
      for (const kid of kids) reached.push(kid);
    }
    nodes = reached;
  }
  if (start === '.' && !steps.length) return nodes;
  return (nodes.length > 1 ? [...new Set(nodes)] : nodes).filter((node) => node.live());
}

/** @param {Node[]} nodes @param {Scope} at @returns {Node[]} */
function narrow(nodes, at) {
  const series = nodes.length ? nodes[0].series() : null;
  if (!series) return nodes;
  const chosen = at.chosen && at.chosen.get(series);
  if (chosen) return [chosen];
  for (let up = /** @type {Node|null} */ (at.current); up; up = up.up()) if (up.series() === series) return [up];
  return nodes;
}

/**
 * The nodes a predicate keeps; `few` of a list's rows are worth trying where its index has found them.
 * @param {Node[]} nodes @param {Ast} predicate @param {Scope} at @param {Node[]|null} few @returns {Node[]}
 */
function filter(nodes, predicate, at, few) {
  const live = few ? nodes : nodes.filter((node) => node.live());
  return (few || live).filter((node, index) => {
    const position = few ? node.place() : index + 1;
    const value = evaluate(predicate, { ...at, node, position, size: live.length, inside: true });
    return typeof value === 'number' ? value === position : toBoolean(value);
  });
}

/**
 * The rows left by the comparison a predicate begins with, from the list's index; null where there is none. The
 * comparison comes first, so the rows left out would never have been looked at further.
 * @param {Node} root @param {Ast} predicate @param {Scope} at @returns {Node[]|null}
 */
function candidates(root, predicate, at) {
  while (predicate[0] === 'and') predicate = predicate[1];
  if (!root.where || predicate[0] !== '=') return null;
  for (const [own, other] of [[predicate[1], predicate[2]], [predicate[2], predicate[1]]]) {
    const [kind, start, [step, more] = []] = own;
    if (kind !== 'p' || start !== '.' || !step || more || step[0] !== 'c' || step[1] === '*' || step[2] || !fixed(other)) continue;
    const value = scalar(evaluate(other, at));
    return typeof value === 'string' || isDate(value) ? root.where(step[1], toText(value, at.world.context.utcOffset)) : null;
  }
  return null;
}

/** What these answer depends on the row that is tried, or on how often they were asked. */
const UNSTEADY = /^(position|last|string-length|normalize-space|random|uuid|randomize|once|indexed-repeat)$/;

/** Whether an expression in a predicate is the same for every row. @param {Ast} tree @returns {boolean} */
function fixed([kind, first, ...rest]) {
  if (kind === 'n' || kind === 's') return true;
  if (kind === 'p') return (first === '/' || first[1] === 'current') && rest[0].every((/** @type {any[]} */ step) => step.length === 2);
  return kind === 'f' ? !UNSTEADY.test(first) && rest.every(fixed) : fixed(first) && rest.every(fixed);
}

/**
 * `ast` for `node`, or `otherwise` when it cannot be computed: a broken rule must not stop a visit.
 * @template T @param {Ast} ast @param {Node} node @param {{world: World}} host @param {(value: Value) => T} as
 * @param {T} otherwise @returns {T}
 */
export function attempt(ast, node, host, as, otherwise) {
  try {
    return as(evaluate(ast, scopeAt(host.world, node)));
  } catch (error) {
    if (error instanceof ExprError) return otherwise;
    throw error;
  }
}
