// What an answer is worth: its value in expressions, whether it is written as its type demands, and what is missing, wrong
// or doubtful about it. Hard rules keep a form from being finished; soft ones ask for a reason. Answers are text, null
// (blanked) or absent. The Python twins are fieldsvc/xlsform/answers.py and rules.py.

import { fromDays } from './expr-dates.js';
import { parseDate, parseTime } from './expr-days.js';
import { attempt } from './expr.js';
import { isDate, scalar, toBoolean, toNumber, toText, words } from './expr-values.js';

/** @typedef {import('./form-types.js').Value} Answer */

const INTEGER = /^-?\d{1,15}$/;
const DECIMAL = /^-?(\d{1,15}\.?\d{0,15}|\.\d{1,15})$/;
const POINT = /^-?\d{1,2}(\.\d+)? -?\d{1,3}(\.\d+)?( -?\d+(\.\d+)?( \d+(\.\d+)?)?)?$/;
const DIGEST = /^[0-9a-f]{64}$/;

/** @param {Answer} answer @param {string} type @param {number} offset @returns {import('./expr-values.js').Scalar} */
export function fromAnswer(answer, type, offset) {
  if (answer === undefined || answer === null) return '';
  if (typeof answer === 'object') return answer.sha256;
  if ((type === 'int' || type === 'decimal') && DECIMAL.test(answer)) return Number(answer);
  if (type === 'date' || type === 'dateTime') return parseDate(answer, offset) || answer;
  return answer;
}

/**
 * What a calculation leaves as an answer of `type`: nothing for a blank, or for a number that is none.
 * @param {import('./expr-values.js').Value} value @param {string} type @param {number} offset @returns {string|undefined}
 */
export function toAnswer(value, type, offset) {
  let one = scalar(value);
  if (one === '' || Number.isNaN(one)) return undefined;
  if (type === 'int' || type === 'decimal') {
    const number = toNumber(one, offset);
    if (Number.isNaN(number)) return undefined;
    return toText(type === 'int' && isFinite(number) ? Math.trunc(number) : number, offset);
  }
  if ((type === 'date' || type === 'dateTime') && typeof one !== 'boolean') {
    const date = isDate(one) ? one : typeof one === 'number' && isFinite(one) ? fromDays(one) : parseDate(String(one), offset);
    if (!date) return toText(one, offset);
    one = { day: date.day, ms: type === 'date' ? null : date.ms || 0 };
  }
  return toText(one, offset);
}

/** @param {import('./form-types.js').AttachmentValue} answer */
const isAttachment = ({ sha256, bytes }) => DIGEST.test(sha256) && Number.isInteger(bytes) && bytes > 0;

/** Whether `answer` is written as its type demands. @param {Exclude<Answer, null|undefined>} answer @param {string} type @returns {boolean} */
export function wellFormed(answer, type) {
  const attached = typeof answer === 'object';
  switch (type) {
    case 'image': case 'signature': case 'audio': case 'video': case 'file': return attached && isAttachment(answer);
    case 'int': return !attached && INTEGER.test(answer);
    case 'decimal': return !attached && DECIMAL.test(answer);
    case 'date': { const date = attached ? null : parseDate(answer, 0); return !!date && date.ms === null; }
    case 'dateTime': { const date = attached ? null : parseDate(answer, 0); return !!date && date.ms !== null; }
    case 'time': return !attached && parseTime(answer, 0) !== null;
    // A code that the phone could not read is photographed.
    case 'barcode': return !attached || isAttachment(answer);
    case 'geopoint': return !attached && POINT.test(answer);
    default: return !attached;
  }
}

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
