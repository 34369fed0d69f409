// The nodes of a form being filled: what is answered, computed and relevant. Repeats hold items with an id of their
// own. Expressions walk these nodes; the Python twin is fieldsvc/xlsform/tree.py.

import { attempt } from './expr.js';
import { toBoolean, toText } from './expr-values.js';
import { cell, read, spoil, unnoticed, write } from './form-cells.js';
import { fromAnswer, toAnswer } from './form-rules.js';

/** @typedef {import('./form-types.js').NodeDefinition} NodeDefinition */
/** @typedef {import('./form-types.js').Ast} Ast */
/** @typedef {import('./expr-values.js').Node} Node */
/** @typedef {import('./form-types.js').Value} Value */
/**
 * What the nodes of one open form share.
 * @typedef {{world: import('./expr.js').World, newId: () => string, initial: (node: FormNode) => Value}} Host
 */

/** More items than any household needs; a count computed from a mistyped number must not freeze the phone. */
const MOST_ITEMS = 200;

/** `text` with its values as they are at `node`. @param {import('./form-types.js').Text} text @param {FormNode|Series} node @returns {string} */
export function spell(text, node) {
  if (typeof text === 'string') return text;
  const { utcOffset } = node.host.world.context;
  return text.map((piece) =>
    typeof piece === 'string' ? piece : attempt(piece.$, node, node.host, (value) => toText(value, utcOffset), '')).join('');
}

/** What questions, groups, repeats and their items have in common: a place in the form, and whether they count. */
class Part {
  /** @param {NodeDefinition} def @param {FormNode|null} parent @param {Host} host @param {Series|null} within @param {string} id */
  constructor(def, parent, host, within, id) {
    this.def = def;
    this.parent = parent;
    this.host = host;
    this.within = within;
    this.id = id;
    this.relevance = !within && def.relevant ? cell(true, () => relevant(/** @type {any} */ (this))) : null;
  }

  /** Whether it counts now: irrelevant nodes keep their answers but say nothing. @returns {boolean} */
  live() {
    if (this.relevance) return read(this.relevance);
    const above = this.within || this.parent;
    return above ? above.live() : true;
  }

  /** @returns {FormNode|null} */
  up() {
    return this.parent;
  }

  series() {
    return this.within;
  }

  /** @returns {number} */
  place() {
    return this.within ? this.within.items().indexOf(/** @type {any} */ (this)) + 1 : 1;
  }

  /** A name for this node that stays while positions move. @returns {string} */
  key() {
    const own = `${this.parent ? this.parent.key() : ''}/${this.def.name}`;
    return this.within ? `${own}[${this.id}]` : own;
  }

  /** The path with positions as they are now; a repeat itself without one. @returns {string} */
  ref() {
    const own = `${this.parent ? this.parent.ref() : ''}/${this.def.name}`;
    return this.within ? `${own}[${this.place()}]` : own;
  }
}

/** A question, calculate, note or group, or one item of a repeat. @implements {Node} */
export class FormNode extends Part {
  /** @param {NodeDefinition} def @param {FormNode|null} parent @param {Host} host @param {Series|null} within @param {string} id */
  constructor(def, parent, host, within = null, id = '') {
    super(def, parent, host, within, id);
    /** @type {import('./form-cells.js').Cell<Value>} */
    this.stored = cell(/** @type {Value} */ (undefined), def.calculate ? () => this.compute() : null);
    /** @type {(FormNode|Series)[]} */
    this.parts = (def.children || []).map((each) =>
      each.kind === 'repeat' ? new Series(each, this, host) : new FormNode(each, this, host));
  }

  compute() {
    const { context } = this.host.world;
    return attempt(/** @type {Ast} */ (this.def.calculate), this, this.host,
      (value) => toAnswer(value, this.def.type || 'string', context.utcOffset), undefined);
  }

  /** The answer: absent, blanked (null), text or a photo. @returns {Value} */
  answer() {
    return read(this.stored);
  }

  /** @param {Value} value */
  put(value) {
    write(this.stored, value);
  }

  /** Fill with what a new form or item starts from. Never overwrites an answer. */
  start() {
    if (this.stored.value === undefined && !this.def.calculate) {
      const value = unnoticed(() => this.host.initial(this));
      if (value !== undefined) this.put(value);
    }
    for (const part of this.parts) part.start();
  }

  val() {
    return fromAnswer(this.answer(), this.def.type || 'string', this.host.world.context.utcOffset);
  }

  /** @param {string} name @returns {Node[]} */
  kids(name) {
    /** @type {Node[]} */
    const found = [];
    for (const part of this.parts) {
      if (name !== '*' && part.def.name !== name) continue;
      if (part instanceof Series) found.push(...part.items());
      else found.push(part);
    }
    return found;
  }
}

/** The items of one repeat inside one container. @implements {Node} */
export class Series extends Part {
  /** @param {NodeDefinition} def @param {FormNode} parent @param {Host} host */
  constructor(def, parent, host) {
    super(def, parent, host, null, '');
    /** @type {import('./form-cells.js').Cell<FormNode[]>} */
    this.all = cell(/** @type {FormNode[]} */ ([]));
    const { count } = def;
    this.counted = count ? cell(0, () => attempt(count, this, host, (value) => Number(toAnswer(value, 'int', 0)) || 0, 0)) : null;
  }

  /** The items that count now: a repeat with a computed count keeps the surplus, in case the number was a slip. */
  items() {
    if (!this.counted) return read(this.all);
    const wanted = Math.max(0, Math.min(read(this.counted), MOST_ITEMS));
    if (this.all.value.length < wanted) unnoticed(() => { while (this.all.value.length < wanted) this.add().start(); });
    return read(this.all).slice(0, wanted);
  }

  /** @param {string} [id] @returns {FormNode} */
  add(id) {
    const item = new FormNode(this.def, this.parent, this.host, this, id || this.host.newId());
    write(this.all, [...this.all.value, item]);
    return item;
  }

  /** @param {FormNode} item */
  remove(item) {
    write(this.all, this.all.value.filter((each) => each !== item));
    spoil(item.stored);
  }

  start() {
    for (const item of this.all.value) item.start();
  }

  val() {
    return '';
  }

  /** @returns {Node[]} */
  kids() {
    return [];
  }
}

/** @param {FormNode|Series} node */
function relevant(node) {
  if (node.parent && !node.parent.live()) return false;
  return attempt(/** @type {Ast} */ (node.def.relevant), node, node.host, toBoolean, true);
}

/** Every node under `top`, in the order of the form. @param {FormNode} top @returns {Generator<FormNode|Series>} */
export function* everything(top) {
  for (const part of top.parts) {
    yield part;
    for (const node of part instanceof Series ? part.items() : [part]) {
      if (part instanceof Series) yield node;
      yield* everything(node);
    }
  }
}

/** The node `ref` names, or null. Positions start at 1; a repeat without one is its series. @param {FormNode} root @param {string} ref @returns {FormNode|Series|null} */
export function find(root, ref) {
  const [, top, ...names] = ref.split('/');
  /** @type {FormNode|Series|null} */
  let at = top === root.def.name ? root : null;
  for (const name of names) {
    const [, plain, position] = /^([^[]+)(?:\[(\d+)\])?$/.exec(name) || [];
    /** @type {FormNode|Series|null} */
    const part = at instanceof FormNode ? at.parts.find((each) => each.def.name === plain) || null : null;
    at = part instanceof Series && position ? part.items()[Number(position) - 1] || null : part;
  }
  return at;
}
