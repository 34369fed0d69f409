// Counts what the engine computes in a form of 500 questions: when it is opened, at a keystroke, at the end.

import { readFileSync } from 'node:fs';

import { computations } from '../../fieldsvc/static/core/form-cells.js';
import { openForm } from '../../fieldsvc/static/core/form.js';
import { CONTEXT } from './expr-world.js';

const definition = JSON.parse(readFileSync(0, 'utf8'));
const counted = (act) => {
  const before = computations();
  act();
  return computations() - before;
};
const flat = (items) => items.flatMap((item) => [item, ...flat(item.children || [])]);

let ids = 0;
let form;
const opened = counted(() => { form = openForm(definition, { context: CONTEXT, newId: () => `id-${++ids}` }); });
const result = { opened, pages: form.pages().length };
result.drawn = counted(() => { result.items = flat(form.page(0)).length; });
const keystroke = (ref, value) => counted(() => {
  form.set(ref, value);
  form.page(0);
});
result.name = keystroke('/data/block_0/name_0', '张');
result.amount = keystroke('/data/block_0/amount_0_0', '1');
result.note = keystroke('/data/block_0/note_0_0', '好');
result.condition = keystroke('/data/block_0/has_0_0', 'yes');
result.town = keystroke('/data/block_0/town_0', 't1');
result.violations = counted(() => form.violations());
result.again = counted(() => form.violations());
console.log(JSON.stringify(result));
