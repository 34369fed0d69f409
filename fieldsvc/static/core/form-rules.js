// What is missing, wrong or doubtful about the answer of one node. Hard rules keep a form from being finished; soft ones
// ask for a reason. The Python twin is fieldsvc/xlsform/rules.py.

import { attempt } from './form-tree.js';
import { toBoolean, words } from './expr-values.js';
import { wellFormed } from './form-values.js';

/** @typedef {import('./form-tree.js').FormNode} FormNode */
/**
 * @typedef {{level: 'hard'|'soft', kind: import('./form-types.js').Violation['kind'], texts: import('./form-types.js').Texts,
 *   needsReason: boolean}} Finding
 */

/** @type {Record<string, import('./form-types.js').Texts>} */
const WORDS = {
  required: { zh: '请填写', en: 'Please answer' },
  type: { zh: '格式不对，请重新填写', en: 'This is not written the right way' },
  choice: { zh: '这个选项现在不适用，请重选', en: 'This choice no longer fits, choose again' },
  constraint: { zh: '填写的内容不符合要求', en: 'This does not fit the rule' },
  soft: { zh: '请核对', en: 'Please check' },
};

/** @param {import('./form-types.js').Ast|undefined} ast @param {FormNode} node @param {boolean} otherwise */
export const holds = (ast, node, otherwise) => (ast ? attempt(ast, node, node.host, toBoolean, otherwise) : otherwise);

/**
 * The findings about a relevant node, the gravest first.
 * @param {FormNode} node @param {(node: FormNode) => {value: string}[]|null} choices what may be chosen, null if nothing is to choose
 * @returns {Finding[]}
 */
export function findings(node, choices) {
  const { def } = node;
  const answer = node.answer();
  const blank = answer === undefined || answer === null || answer === '';
  const { messages = {} } = def;
  /** @type {Finding[]} */
  const found = [];
  /** @param {Finding['kind']} kind @param {import('./form-types.js').Texts} [texts] */
  const hard = (kind, texts) => found.push({ level: 'hard', kind, texts: texts || WORDS[kind], needsReason: false });
  if (blank) {
    if (def.kind === 'question' && holds(def.required, node, false)) hard('required', messages.required);
  } else if (!wellFormed(answer, def.type || 'string')) {
    if (def.kind === 'question') hard('type');
  } else {
    const offered = choices(node);
    if (offered && !words(String(answer)).every((word) => offered.some((choice) => choice.value === word))) hard('choice');
    if (!holds(def.constraint, node, true)) hard('constraint', messages.constraint);
  }
  for (const rule of def.soft || []) {
    if (holds(rule.test, node, true)) continue;
    found.push({ level: 'soft', kind: 'soft', texts: Object.keys(rule.message).length ? rule.message : WORDS.soft, needsReason: rule.reason });
  }
  return found;
}
