// What a screen draws of a form: pages and their items, in the language of the moment.

import { evaluate, scopeAt } from './expr.js';
import { ExprError, scalar, toText, words } from './expr-values.js';
import { cell, read } from './form-cells.js';
import { findings, holds } from './form-rules.js';
import { answerAt, previousAt } from './form-answers.js';
import { everything, FormNode, Series, spell } from './form-tree.js';

/** @typedef {import('./form-types.js').Item} Item */
/** @typedef {{value: string, label: string, image?: any}} Offer */
/**
 * @typedef {{definition: import('./form-types.js').Definition, options: import('./form-types.js').FormOptions, root: FormNode,
 *   pick: (texts: Record<string, any>|undefined) => any, touched: Set<string>, reasons: Map<string, string>}} Open
 */

/** @type {WeakMap<FormNode, import('./form-cells.js').Cell<Offer[]>>} */
const OFFERS = new WeakMap();

/** A text with its values filled in. @param {Open} open @param {Record<string, any>|undefined} texts @param {FormNode|Series} node @returns {string} */
export function say(open, texts, node) {
  return spell(open.pick(texts), node);
}

/** What may be chosen at `node` now, or null where nothing is to choose or this phone lacks the list. @param {Open} open @param {FormNode} node @returns {Offer[]|null} */
export function offersAt(open, node) {
  const { choices, itemset } = node.def;
  if (!itemset && !(choices && node.host.world.instance(choices))) return null;
  let offers = OFFERS.get(node);
  if (!offers) OFFERS.set(node, (offers = cell(/** @type {Offer[]} */ ([]), () => offer(open, node))));
  return read(offers);
}

/** @param {Open} open @param {FormNode} node @returns {Offer[]} */
function offer(open, node) {
  const { choices, filter = ['f', 'true'], itemset, seed, parameters = {} } = node.def;
  const at = scopeAt(node.host.world, node);
  const offset = open.options.context.utcOffset;
  try {
    const from = itemset || { value: 'name', label: 'label' };
    let listed = itemset ? itemset.nodes : ['p', ['f', 'instance', ['s', choices]], [['c', 'root'], ['c', 'item', filter]]];
    if (parameters.randomize === 'true') listed = ['f', 'randomize', listed, ...(seed ? [seed] : [])];
    const rows = /** @type {import('./expr-values.js').Node[]} */ (evaluate(listed, at));
    return rows.map((row) => ({ value: toText(scalar(row.kids(from.value)), offset), label: toText(scalar(row.kids(from.label)), offset), image: row.kids('image')[0]?.val() }));
  } catch (error) {
    if (error instanceof ExprError) return [];
    throw error;
  }
}

/** `value` as a person reads it. @param {Open} open @param {FormNode} node @param {any} value */
function display(open, node, value) {
  if (typeof value !== 'string') return '';
  const { choices } = node.def;
  return choices ? words(value).map((word) => node.host.world.choiceLabel(choices, word)).join('、') : value;
}

/** @param {Open} open @param {FormNode|Series} part @returns {Item[]} nothing when irrelevant or not for the eye */
export function itemsOf(open, part) {
  if (!part.live() || part.def.kind === 'calculate') return [];
  const { def } = part;
  /** @type {Item} */
  const item = {
    ref: part.ref(), name: def.name, kind: /** @type {any} */ (def.kind), type: def.type || '', label: say(open, def.label, part),
    hint: say(open, def.hint, part), guidance: say(open, def.guidance, part), value: undefined, required: false, readonly: false,
    appearance: def.appearance || '', part: def.part, image: def.image, error: null, warnings: [], prefilled: false, parameters: def.parameters || {},
  };
  if (part instanceof Series) {
    // A label with answers in it is each item's own: 程小明, not 义务教育 2.
    const own = typeof open.pick(def.label) !== 'string';
    if (own) item.label = '';
    item.canAdd = !part.counted;
    item.children = part.items().map((node) => ({
      ...item, ref: node.ref(), kind: 'item', label: own ? say(open, def.label, node) : '', canAdd: undefined, canRemove: !part.counted,
      children: node.parts.flatMap((each) => itemsOf(open, each)),
    }));
  } else if (def.kind === 'group') {
    item.children = part.parts.flatMap((each) => itemsOf(open, each));
    if (!item.children.length) return [];
  } else ask(open, part, item);
  return [item];
}

/** @param {Open} open @param {FormNode} node @param {Item} item */
function ask(open, node, item) {
  const { def } = node;
  const key = node.key();
  const found = findings(node, (each) => offersAt(open, each));
  const shown = open.touched.has(key);
  item.value = node.answer();
  item.required = holds(def.required, node, false);
  item.readonly = holds(def.readonly, node, false) || (!!def.calculate && def.kind === 'question');
  item.choices = offersAt(open, node) || undefined;
  item.prefilled = !!item.value && item.value === knownValue(open, node);
  const hard = found.find((each) => each.level === 'hard');
  item.error = shown && hard ? say(open, hard.texts, node) : null;
  if (shown) {
    item.warnings = found.filter((each) => each.level === 'soft').map((each) => ({
      message: say(open, each.texts, node), reasonRequired: each.needsReason, reason: open.reasons.get(key) || '',
    }));
  }
  const last = previousAt(open.options.previous, node);
  if (last !== undefined && last !== item.value) item.previous = display(open, node, last) || undefined;
  const { target } = item.parameters;
  if (target) item.target = open.options.entity?.properties[target] || undefined;
}

/** What the record, or the last visit, says about this question, when its author asked for it. @param {Open} open @param {FormNode} node @returns {string|null|undefined} */
export function knownValue(open, node) {
  const { entity } = open.options;
  if (!node.def.prefill) return undefined;
  const { property } = node.def.prefill;
  if (property[0] === '/') return answerAt(open.options.previous, property);
  if (!entity) return undefined;
  if (property === '__id') return entity.id;
  return property === '__label' ? entity.label : entity.properties[property];
}

/**
 * The parts of each page: a top-level group or repeat is a page, and so is each run of questions between them. The
 * numbers stay the same whatever is relevant.
 * @param {FormNode} root @returns {(FormNode|Series)[][]}
 */
export function pagesOf(root) {
  /** @type {(FormNode|Series)[][]} */
  const pages = [];
  let loose = false;
  for (const part of root.parts) {
    if (part.def.kind === 'calculate') continue;
    const single = part.def.kind === 'group' || part.def.kind === 'repeat';
    if (single || !loose) pages.push([part]);
    else pages[pages.length - 1].push(part);
    loose = !single;
  }
  return pages;
}

/** Whether anything of `part` would be drawn. @param {FormNode|Series} part @returns {boolean} */
export function visible(part) {
  if (!part.live() || part.def.kind === 'calculate') return false;
  return part instanceof FormNode && part.def.kind === 'group' ? part.parts.some(visible) : true;
}

/** The relevant nodes of one page or form that can hold an answer. @param {(FormNode|Series)[]} parts @returns {FormNode[]} */
export function questions(parts) {
  /** @type {FormNode[]} */
  const found = [];
  for (const part of parts) {
    const nodes = part instanceof Series ? part.items().flatMap((item) => [...everything(item)]) : [part, ...everything(part)];
    for (const node of nodes) {
      if (node instanceof FormNode && !node.def.children && node.live()) found.push(node);
    }
  }
  return found;
}
