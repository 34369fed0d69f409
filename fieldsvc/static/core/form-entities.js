// What a form would write to entities: each declaration, at each relevant container it stands in.
// The Python twin is fieldsvc/xlsform/effects.py.

import { attempt, everything, find, FormNode } from './form-tree.js';
import { toBoolean, toText } from './expr-values.js';

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
    if (answer !== undefined) changes[property] = answer && typeof answer === 'object' ? answer.sha256 : answer || null;
  }
  return [{ dataset: declaration.dataset, path: node.ref(), item, id, create, label: text(declaration.label) || null, changes }];
}

/** @param {FormNode} node @returns {string|null} the id of the innermost repeat item around it */
function itemOf(node) {
  for (let up = /** @type {FormNode|null} */ (node); up; up = up.parent) if (up.within) return up.id;
  return null;
}
