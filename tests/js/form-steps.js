// Fills a form step by step as tests/vectors/forms writes it down: `["set", ref, value]`, `["add", ref]` and so on are
// the calls of the open form, in order.

import { readFileSync } from 'node:fs';
import { openForm } from '../../fieldsvc/static/core/form.js';
import { CONTEXT } from './expr-world.js';

const VECTORS = new URL('../vectors/forms/', import.meta.url);

/** The JSON file `name` among the form vectors. */
export const vector = (name) => JSON.parse(readFileSync(new URL(name, VECTORS), 'utf8'));

/** The compiled definition `name`. */
export const definition = (name) => vector(`definitions/${name}.json`);

const CALLS = {
  set: 'set', touch: 'touch', add: 'addRepeat', remove: 'removeRepeat', reason: 'setReason', confirm: 'confirm', language: 'setLanguage',
};

/** Open the form of a vector, with ids that count from 1. */
export function opened(content, more = {}) {
  let ids = 0;
  const { entity, members = [], instances, previous, answers, language } = content;
  const records = [...(entity ? [{ dataset: definition(content.definition).subject_dataset, ...entity }] : []),
    ...members.map((each) => ({ dataset: 'members', ...each }))];
  return openForm({ ...definition(content.definition), instances }, {
    context: CONTEXT, newId: () => `id-${++ids}`, entity, records, previous, answers, language, ...more,
  });
}

/** Take the steps of a vector. */
export function take(form, steps) {
  for (const [call, ...args] of steps) form[CALLS[call]](...args);
  return form;
}

/** What a vector expects, as the form says it now. */
export const outcome = (form) => ({
  pages: form.pages().map((page) => page.ref),
  answers: form.answers(),
  violations: form.violations().map(({ ref, level, kind, needsReason }) => ({ ref, level, kind, needsReason })),
  changes: form.changes(),
});
