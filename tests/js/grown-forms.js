// Fills in the forms of tests/forms/grown_forms.py, and says of each what the phone makes of it: as it goes along, and as it
// reads anew from the draft.

import { readFileSync } from 'node:fs';

import { openForm } from '../../fieldsvc/static/core/form.js';
import { CONTEXT } from './expr-world.js';

const { cases, records } = JSON.parse(readFileSync(0, 'utf8'));
const plain = (value) => (value === undefined ? null : JSON.parse(JSON.stringify(value)));

/** All that is drawn, flat. */
const drawn = (form) => {
  const flat = (items) => items.flatMap((item) => [item, ...flat(item.children || [])]);
  return form.pages().flatMap(({ index }) => flat(form.page(index)));
};

const said = (form) => plain({
  answers: form.answers(),
  violations: form.violations().map(({ ref, level, kind, needsReason }) => [ref, level, kind, needsReason]),
  changes: form.changes(),
});

const shown = (form) => plain(drawn(form).map(({ ref, label, value, required, readonly, choices }) => [ref, label, value, required, readonly, choices]));

/** Take one step on whatever is there for it. */
function step(form, [action, which, text]) {
  const items = drawn(form);
  const pick = (refs) => refs[which % refs.length];
  if (action === 'add') {
    const refs = items.filter((item) => item.canAdd).map((item) => item.ref);
    if (refs.length) form.addRepeat(pick(refs));
  } else if (action === 'remove') {
    const refs = items.filter((item) => item.canRemove).map((item) => item.ref);
    if (refs.length) form.removeRepeat(pick(refs));
  } else {
    const refs = items.filter((item) => item.kind === 'question' && !item.readonly).map((item) => item.ref);
    if (refs.length) form.set(pick(refs), action === 'clear' ? null : text);
  }
}

const results = cases.map(({ form: definition, steps }) => {
  let ids = 0;
  const open = (draft) => openForm(definition, { context: CONTEXT, newId: () => `id-${++ids}`, records, draft });
  const form = open(null);
  for (const each of steps) {
    step(form, each);
    shown(form);
  }
  const fresh = open(plain(form.draft()));
  return { said: said(form), shown: shown(form), again: said(fresh), shownAgain: shown(fresh) };
});
console.log(JSON.stringify(results));
