// A form in the hands of a person: opens a compiled definition, takes answers, says what to draw, what is missing and
// what would be written. Pure: ids, the clock and the seed are given, and nothing is kept outside the object.
// `form-types.js` describes what goes in and out; `docs/forms.md` says how a definition is written.

import { attempt } from './expr.js';
import { cell, spoil, write } from './form-cells.js';
import { fromMillis, formatDate } from './expr-days.js';
import { ExprError } from './expr-values.js';
import { itemsOf, knownValue, offersAt, pagesOf, questions, say, visible } from './form-items.js';
import { lists } from './form-lists.js';
import { findings, toAnswer } from './form-rules.js';
import { answersOf, changesOf, draftOf, load, previousAt } from './form-answers.js';
import { everything, find, FormNode, Series, spell } from './form-tree.js';

/** @typedef {import('./form-types.js').Value} Value */
/** @typedef {import('./form-types.js').Violation} Violation */

/** What "same as last time" never brings back: each visit has its own photos, position and signature. */
const FRESH = new Set(['image', 'signature', 'audio', 'video', 'file', 'geopoint', 'geotrace', 'geoshape', 'barcode']);

/**
 * Open `definition`: empty, from a draft, or from a submission that is amended.
 * @param {import('./form-types.js').Definition} definition @param {import('./form-types.js').FormOptions} options
 * @returns {import('./form-types.js').Form}
 */
export function openForm(definition, options) {
  const { context } = options;
  const language = cell(options.language || definition.default_language);
  /** @param {import('./form-types.js').Text} text */
  const fill = (text) => spell(text, root);
  const { pick, instance, choiceLabel, seen } = lists(definition, options, language, fill);
  /** @type {any} */
  const top = {
    kids: (/** @type {string} */ name) => (name === root.def.name || name === '*' ? [root] : []),
    up: () => null, val: () => '', live: () => true, place: () => 1, series: () => null, key: () => '',
  };
  const world = { root: top, context, instance, choiceLabel };
  const root = new FormNode({ name: definition.root.slice(1), ref: definition.root, kind: 'group', children: definition.nodes },
    null, { world, newId: options.newId, initial });
  /** @type {import('./form-items.js').Open} */
  const open = { definition, options, root, pick, touched: new Set(), reasons: new Map() };

  /** What a new node starts from: a preload, the record, or its default. @param {FormNode} node @returns {Value} */
  function initial(node) {
    const { def } = node;
    if (def.preload) return preload(def.preload, def.type || 'string', context);
    const known = knownValue(open, node);
    if (known !== undefined && known !== null && known !== '') return known;
    return Array.isArray(def.default) ? worth(def.default, node) : def.default;
  }

  /** What an expression leaves as an answer of this question; a trigger's is read from where it stands. @param {import('./form-types.js').Ast} ast @param {FormNode} node @param {FormNode} [at] */
  function worth(ast, node, at = node) {
    return attempt(ast, at, { world }, (value) => toAnswer(value, node.def.type || 'string', context.utcOffset), undefined);
  }

  const { draft } = options;
  load(root, draft ? draft.answers : options.answers);
  if (draft) {
    draft.touched.forEach((key) => open.touched.add(key));
    Object.entries(draft.reasons).forEach(([key, text]) => open.reasons.set(key, text));
  } else root.start();
  const pages = pagesOf(root);

  /** @param {string} ref @returns {FormNode} */
  const nodeAt = (ref) => {
    const node = find(root, ref);
    if (!(node instanceof FormNode)) throw new ExprError('unknown-ref', ref);
    return node;
  };

  /** @param {FormNode} node @param {Value} value */
  const put = (node, value) => {
    node.put(value === '' || value === undefined ? null : value);
    for (const { target, value: ast } of node.def.triggers || []) {
      for (const each of everything(root)) {
        if (each instanceof FormNode && each.def.ref === target && sharesItems(each, node)) {
          each.put(worth(ast, each, node) ?? null);
        }
      }
    }
  };

  // The record it was opened from, or the only one there is: nobody should have to choose it.
  if (!draft) {
    for (const node of everything(root)) {
      const { choices = '', type } = node.def;
      if (type !== 'select_one' || !definition.reads?.[choices] || node.key().includes('[')) continue;
      if (!(node instanceof FormNode) || !node.live() || node.answer()) continue;
      const offers = (offersAt(open, node) || []).map((each) => each.value);
      const [only] = offers.includes(options.record || '') ? [options.record] : offers;
      if (only && (offers.length === 1 || only === options.record)) put(node, only);
    }
  }

  return {
    pages: () => pages.flatMap((parts, index) => {
      if (!parts.some(visible)) return [];
      const [first] = parts;
      const loose = first.def.kind !== 'group' && first.def.kind !== 'repeat';
      return [{ ref: loose ? definition.root : first.ref(), title: loose ? pick(definition.title) : say(open, first.def.label, first), index }];
    }),
    page: (index) => {
      const parts = pages[index] || [];
      return parts.flatMap((part) => {
        if (part instanceof FormNode && part.def.kind === 'group') return part.live() ? part.parts.flatMap((each) => itemsOf(open, each)) : [];
        return itemsOf(open, part);
      });
    },
    set: (ref, value) => put(nodeAt(ref), value),
    touch: (ref) => {
      const node = find(root, ref);
      if (node) open.touched.add(node.key());
    },
    addRepeat: (ref) => {
      const series = find(root, ref);
      if (!(series instanceof Series) || series.counted) throw new ExprError('unknown-ref', ref);
      const item = series.add();
      item.start();
      return item.ref();
    },
    removeRepeat: (ref) => {
      const item = nodeAt(ref);
      if (item.within) item.within.remove(item);
    },
    setReason: (ref, text) => { open.reasons.set(nodeAt(ref).key(), text); },
    setLanguage: (code) => { write(language, code); spoil(language); },
    confirm: (at) => {
      const section = typeof at === 'string' ? find(root, at) : null;
      for (const node of questions(section ? [section] : pages[Number(at)] || [])) {
        if (node.def.kind !== 'question' || node.def.calculate || FRESH.has(node.def.type || '')) continue;
        const known = knownValue(open, node);
        const last = known === undefined ? previousAt(options.previous, node) : known;
        if (last !== undefined && last !== null) put(node, last);
      }
    },
    violations: () => pages.flatMap((parts, page) => questions(parts).flatMap((node) => {
      const reason = (open.reasons.get(node.key()) || '').trim();
      return findings(node, (each) => offersAt(open, each)).map(({ level, kind, texts, needsReason }) => ({
        ref: node.ref(), page, level, kind, message: say(open, texts, node), needsReason: needsReason && !reason,
      }));
    })),
    answers: () => answersOf(root),
    reasons: () => {
      /** @type {Record<string, string>} */
      const out = {};
      for (const node of questions(root.parts)) {
        const reason = (open.reasons.get(node.key()) || '').trim();
        if (reason && findings(node, (each) => offersAt(open, each)).some((each) => each.level === 'soft')) out[node.ref()] = reason;
      }
      return out;
    },
    draft: () => ({ answers: draftOf(root), reasons: Object.fromEntries(open.reasons), touched: [...open.touched] }),
    changes: () => changesOf(root, definition.entities || []),
    seen: () => [...seen],
  };
}

/** Whether two nodes stand in the same items of the repeats they share. @param {FormNode} a @param {FormNode} b */
function sharesItems(a, b) {
  for (let up = /** @type {FormNode|null} */ (a); up; up = up.parent) {
    if (!up.within) continue;
    for (let other = /** @type {FormNode|null} */ (b); other; other = other.parent) {
      if (other.within === up.within && other !== up) return false;
    }
  }
  return true;
}

/** @param {string} name @param {string} type @param {import('./form-types.js').FormContext} context @returns {string|undefined} */
function preload(name, type, context) {
  const given = (context.preloads || {})[name];
  if (given !== undefined) return given;
  if (name !== 'start' && name !== 'today') return undefined;
  const now = fromMillis(context.now, context.utcOffset);
  return formatDate(type === 'date' ? { day: now.day, ms: null } : now, context.utcOffset);
}
