// A form's answers as JSON and back: the submission without what is irrelevant, the draft with everything, and what the
// answers would write to entities. The Python twin of the last is fieldsvc/xlsform/effects.py.

import { attempt } from './expr.js';
import { toBoolean, toText } from './expr-values.js';
import { read } from './form-cells.js';
import { everything, find, FormNode, Series } from './form-tree.js';

/** @param {FormNode} node @param {(child: FormNode) => any} dump what stands for a node without children; undefined leaves it out */
function collect(node, dump) {
  /** @type {Record<string, any>} */
  const out = node.within ? { _id: node.id } : {};
  for (const part of node.parts) {
    if (part instanceof Series) {
      const items = dump === everyValue ? part.all.value : part.live() ? part.items() : [];
      if (items.length) out[part.def.name] = items.map((item) => collect(item, dump));
    } else if (part.def.kind === 'group') {
      const inner = collect(part, dump);
      if (Object.keys(inner).length) out[part.def.name] = inner;
    } else {
      const value = dump(part);
      if (value !== undefined) out[part.def.name] = value;
    }
  }
  return out;
}

/**
 * What the draft keeps of a node. A calculation is computed again when the draft is opened, except one that drew its
 * value once. @param {FormNode} node
 */
const everyValue = ({ def, stored }) =>
  def.calculate && !JSON.stringify(def.calculate).includes('["f","once"') ? undefined : read(stored);

/** @param {FormNode} node */
const liveValue = (node) => {
  if (node.def.kind === 'note' || !node.live()) return undefined;
  const answer = node.answer();
  return answer === '' ? null : answer;
};

/** What is submitted: relevant answers only, blanked ones as null. @param {FormNode} root @returns {any} */
export const answersOf = (root) => collect(root, liveValue);

/** Everything that was ever put in, also where it is irrelevant now. @param {FormNode} root @returns {any} */
export const draftOf = (root) => collect(root, everyValue);

/** Put stored answers into a fresh tree. What the form no longer has is left out. @param {FormNode} node @param {any} stored */
export function load(node, stored) {
  if (!stored || typeof stored !== 'object') return;
  for (const part of node.parts) {
    const value = stored[part.def.name];
    if (value === undefined) continue;
    if (part instanceof Series) {
      for (const each of Array.isArray(value) ? value : []) load(part.add(each && each._id), each);
    } else if (part.def.kind === 'group') load(part, value);
    else part.stored.value = value;
  }
}

/** The answer of `answers` at a node outside repeats. @param {any} answers @param {FormNode} node @returns {any} */
export function previousAt(answers, node) {
  if (!answers) return undefined;
  /** @type {string[]} */
  const names = [];
  for (let up = /** @type {FormNode|null} */ (node); up && up.parent; up = up.parent) {
    if (up.within) return undefined;
    names.unshift(up.def.name);
  }
  return descend(answers, names);
}

/** The answer at a path like "/data/record/log". @param {any} answers @param {string} path @returns {any} */
export const answerAt = (answers, path) => descend(answers, path.split('/').slice(2));

/** @param {any} answers @param {string[]} names @returns {any} */
const descend = (answers, names) => names.reduce((at, name) => (at && typeof at === 'object' ? at[name] : undefined), answers);

/** @typedef {import('./form-types.js').EntityDeclaration} EntityDeclaration */
/** @typedef {import('./form-types.js').EntityChange} EntityChange */

/** @param {FormNode} root @param {EntityDeclaration[]} declarations @returns {EntityChange[]} */
export function changesOf(root, declarations) {
  return declarations.flatMap((declaration) =>
    containers(root, declaration.path).flatMap((node) => changeAt(node, declaration)));
}

/** @param {FormNode} root @param {string} path @returns {FormNode[]} */
function containers(root, path) {
  const all = [root, ...everything(root)];
  return /** @type {FormNode[]} */ (all.filter((node) => node instanceof FormNode && node.def.ref === path && node.live()));
}

/** @param {FormNode} node @param {EntityDeclaration} declaration @returns {EntityChange[]} */
function changeAt(node, declaration) {
  const offset = node.host.world.context.utcOffset;
  /** @param {any} rule */
  const when = (rule) => (Array.isArray(rule) ? attempt(rule, node, node.host, toBoolean, false) : !!rule);
  /** @param {any} ast */
  const text = (ast) => (ast ? attempt(ast, node, node.host, (value) => toText(value, offset), '') : '');
  const item = itemOf(node);
  const create = when(declaration.create);
  const id = create ? (node.within ? node.id : null) : text(declaration.id) || null;
  if (!create && !(when(declaration.update) && id)) return [];
  /** @type {Record<string, string|null>} */
  const changes = {};
  for (const [property, ref] of Object.entries(declaration.saves)) {
    const source = find(node, `/${node.def.name}${ref.slice(declaration.path.length)}`);
    if (!(source instanceof FormNode) || !source.live()) continue;
    const answer = source.answer();
    // A photographed code says nothing yet: what is read in it is for a person to take over.
    if (answer !== undefined && !(answer && typeof answer === 'object' && source.def.type === 'barcode')) changes[property] = answer && typeof answer === 'object' ? answer.sha256 : answer || null;
  }
  return [{ dataset: declaration.dataset, path: node.ref(), item, id, create, label: text(declaration.label) || null, changes }];
}

/** @param {FormNode} node @returns {string|null} the id of the innermost repeat item around it */
function itemOf(node) {
  for (let up = /** @type {FormNode|null} */ (node); up; up = up.parent) if (up.within) return up.id;
  return null;
}
