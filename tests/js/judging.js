// The phone's half of tests/forms/both.py: judges answers as they are, for as long as it is asked, one JSON line for another.

import { createInterface } from 'node:readline';

import '../../fieldsvc/static/parts/checklists.js';
import '../../fieldsvc/static/parts/calendar.js';
import '../../fieldsvc/static/parts/digest.js';
import '../../fieldsvc/static/parts/distance.js';
import '../../fieldsvc/static/parts/mathematics.js';
import '../../fieldsvc/static/parts/signed.js';
import '../../fieldsvc/static/parts/texts.js';
import { openForm } from '../../fieldsvc/static/core/form.js';

/** Every answer that is there, by ref. */
function flat(value, ref, out = {}) {
  if (Array.isArray(value)) value.forEach((item, index) => flat(item, `${ref}[${index + 1}]`, out));
  else if (value && typeof value === 'object' && !value.sha256) Object.keys(value).forEach((name) => flat(value[name], `${ref}/${name}`, out));
  else out[ref] = value;
  return out;
}

function judged({ definition, answers, context }) {
  const { now = 0, utc_offset: utcOffset = 0, seed = 0, preloads = {}, language, instances = {} } = context;
  const records = Object.entries(instances).flatMap(([dataset, rows]) =>
    rows.map(({ name, label, ...properties }) => ({ id: name, label, dataset, properties })));
  let ids = 0;
  const form = openForm({ ...definition, instances: { ...definition.instances, ...instances } }, {
    context: { now, utcOffset, seed, preloads }, newId: () => `new-${++ids}`, records, language,
    // As a draft: nothing is filled in that is not among the answers.
    draft: { answers, reasons: {}, touched: [] },
  });
  return {
    violations: form.violations().map(({ ref, level, kind, message, needsReason }) => [ref, level, kind, message, needsReason]),
    answers: flat(form.answers(), definition.root),
    changes: form.changes(),
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  let said;
  try {
    said = { judged: judged(JSON.parse(line)) };
  } catch (error) {
    said = { error: error.stack };
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
