// Computes the expressions of tests/vectors: in the answers of a small form where a file gives one, else in an empty one.

import '../../fieldsvc/static/parts/checklists.js';
import '../../fieldsvc/static/parts/calendar.js';
import '../../fieldsvc/static/parts/digest.js';
import '../../fieldsvc/static/parts/distance.js';
import '../../fieldsvc/static/parts/mathematics.js';
import '../../fieldsvc/static/parts/signed.js';
import '../../fieldsvc/static/parts/texts.js';
import { evaluate, scopeAt } from '../../fieldsvc/static/core/expr.js';
import { ExprError, scalar, toText } from '../../fieldsvc/static/core/expr-values.js';
import { cell } from '../../fieldsvc/static/core/form-cells.js';
import { lists } from '../../fieldsvc/static/core/form-lists.js';
import { load } from '../../fieldsvc/static/core/form-answers.js';
import { find, FormNode } from '../../fieldsvc/static/core/form-tree.js';

const EMPTY = { form: 'e', version: 1, title: {}, languages: ['zh'], default_language: 'zh', root: '/data', nodes: [], choices: {} };

/** 14:00 on 22 November 2026 in Huangshan. */
export const CONTEXT = { now: 1795327200000, utcOffset: 480, seed: 7, preloads: {} };

/** A function that computes one case: `{value}`, or `{error}` with its code. */
export function computer({ form = EMPTY, answers = {}, context = CONTEXT }) {
  const { instance, choiceLabel } = lists(form, { context }, cell('zh'), String);
  const document = {
    kids: (name) => (name === 'data' || name === '*' ? [root] : []),
    up: () => null, val: () => '', live: () => true, place: () => 1, series: () => null, key: () => '',
  };
  const world = { root: document, context, instance, choiceLabel };
  const root = new FormNode({ name: 'data', ref: '/data', kind: 'group', children: form.nodes }, null,
    { world, newId: () => 'new', initial: () => undefined });
  load(root, answers);
  return (tree, at = '/data') => {
    try {
      return { value: plain(scalar(evaluate(tree, scopeAt(world, find(root, at)))), context.utcOffset) };
    } catch (error) {
      if (error instanceof ExprError) return { error: error.code };
      throw error;
    }
  };
}

/** Values as the vectors write them: JSON has no NaN, no infinity and no dates. */
function plain(value, offset) {
  if (typeof value === 'number') return isFinite(value) ? value : `${value}#`;
  return typeof value === 'object' ? toText(value, offset) : value;
}
