// A form in the hands of a cadre: what is drawn, kept, doubted and saved. The vectors are shared with the server.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import test from 'node:test';

import { computations } from '../../fieldsvc/static/core/form-cells.js';
import { openForm } from '../../fieldsvc/static/core/form.js';
import { CONTEXT } from './expr-world.js';
import { definition, opened, outcome, take, vector } from './form-steps.js';

const plain = (value) => JSON.parse(JSON.stringify(value));
const household = { id: 'h-1', label: '张三', properties: { phone: '13800000000', hamlet: '上湾', house_grade: 'B' } };
const visit = (more = {}) => opened({ definition: 'visit', entity: household }, more);
const named = (items, name) => items.find((item) => item.name === name);

for (const name of readdirSync(new URL('../vectors/forms/', import.meta.url)).filter((each) => each.endsWith('.json'))) {
  const content = vector(name);
  test(`${name.slice(0, -5)}: ${content.title}`, () => {
    assert.deepEqual(plain(outcome(take(opened(content), content.steps))), content.expected);
  });
}

test('a visit where nothing changed is one page, complete as it opens', () => {
  const form = visit();
  assert.equal(form.pages().length, 1);
  assert.deepEqual(form.violations(), []);
});

test('a draft restores exactly, also what is irrelevant now', () => {
  const form = take(visit(), [
    ['set', '/data/visit/more', 'needs log'], ['add', '/data/needs'], ['set', '/data/needs[1]/need', '修路'],
    ['set', '/data/record/log', '看望'], ['reason', '/data/record/log', '时间紧'], ['touch', '/data/record/log'],
    ['set', '/data/visit/more', 'needs'],
  ]);
  const draft = plain(form.draft());
  const again = visit({ draft });
  assert.deepEqual(plain(again.answers()), plain(form.answers()));
  assert.deepEqual(plain(again.draft()), draft);
  again.set('/data/visit/more', 'log');
  assert.equal(named(again.page(11), 'log').value, '看望');
  assert.equal(named(again.page(11), 'log').warnings[0].reason, '时间紧');
});

test('a list of two thousand rows is looked up by name without trying each', () => {
  const firms = Array.from({ length: 2000 }, (_, n) => ({ value: String(n), get name() { reads++; return `n${n}`; } }));
  let reads = 0;
  const code = ['p', '/', [['c', 'data'], ['c', 'code']]];
  const test = ['and', ['=', ['p', '.', [['c', 'name']]], code], ['!=', ['p', '.', [['c', 'value']]], ['s', '']]];
  const found = ['p', ['f', 'instance', ['s', 'firms']], [['c', 'root'], ['c', 'item', test], ['c', 'value']]];
  const form = openForm({
    form: 'f', version: 1, title: {}, languages: ['zh'], default_language: 'zh', root: '/data', choices: {}, instances: { firms },
    nodes: [{ name: 'code', ref: '/data/code', kind: 'question', type: 'string' },
      { name: 'v', ref: '/data/v', kind: 'calculate', type: 'string', calculate: found }],
  }, { context: CONTEXT, newId: () => '' });
  form.set('/data/code', 'n1777');
  assert.equal(form.answers().v, '1777');
  reads = 0;
  form.set('/data/code', 'n1234');
  assert.equal(form.answers().v, '1234');
  assert.ok(reads <= 4, `${reads} cells read`);
});

test('what was drawn once is drawn once, also across drafts', () => {
  const once = ['f', 'once', ['f', 'now']];
  const form = {
    form: 'o', version: 1, title: {}, languages: ['zh'], default_language: 'zh', root: '/data', choices: {},
    nodes: [{ name: 'at', ref: '/data/at', kind: 'calculate', type: 'dateTime', calculate: once }],
  };
  const first = openForm(form, { context: CONTEXT, newId: () => '' });
  const { at } = first.answers();
  const later = openForm(form, { context: { ...CONTEXT, now: CONTEXT.now + 60000 }, newId: () => '', draft: plain(first.draft()) });
  assert.equal(later.answers().at, at);
});

test('an amendment starts from the answers that were sent, and keeps the ids of its items', () => {
  const first = take(visit(), [['set', '/data/visit/more', 'needs'], ['add', '/data/needs'], ['set', '/data/needs[1]/need', '修路']]);
  const answers = plain(first.answers());
  const again = visit({ answers });
  again.set('/data/needs[1]/need', '修水渠');
  assert.equal(again.answers().needs[0]._id, answers.needs[0]._id);
  assert.equal(again.answers().needs[0].need, '修水渠');
});

test('an error shows once its question was touched, a warning takes a reason', () => {
  const form = visit();
  form.set('/data/visit/met', 'nobody');
  assert.equal(named(form.page(0), 'not_home_reason').error, null);
  form.touch('/data/visit/not_home_reason');
  assert.equal(named(form.page(0), 'not_home_reason').error, '请填写');
  form.set('/data/visit/not_home_reason', 'lost');
  assert.equal(named(form.page(0), 'not_home_reason').warnings[0].reasonRequired, true);
  form.setReason('/data/visit/not_home_reason', '已报乡镇');
  assert.deepEqual(form.violations().map((each) => each.needsReason), [false]);
  assert.deepEqual(form.reasons(), { '/data/visit/not_home_reason': '已报乡镇' });
});

test('a reason follows its item when one before it is removed', () => {
  const thresholds = [{ name: 'wages_max', year: '2017', value: '300000' }];
  const form = opened({ definition: 'visit', entity: household, instances: { thresholds } });
  take(form, [
    ['set', '/data/visit/changes', 'income'], ['add', '/data/income_events'], ['add', '/data/income_events'],
    ['set', '/data/income_events[2]/income_amount', '500000'], ['reason', '/data/income_events[2]/income_amount', '征地款'],
    ['remove', '/data/income_events[1]'],
  ]);
  assert.deepEqual(form.reasons(), { '/data/income_events[1]/income_amount': '征地款' });
});

test('what the record says is filled in and looks filled in until it is changed', () => {
  const form = take(visit(), [['set', '/data/visit/more', 'corrections']]);
  const page = form.pages().find((each) => each.ref === '/data/corrections');
  assert.equal(named(form.page(page.index), 'phone').prefilled, true);
  form.set('/data/corrections/phone', '13900000001');
  assert.equal(named(form.page(page.index), 'phone').prefilled, false);
});

test('what differs from the last visit says what it was', () => {
  const form = visit({ previous: { visit: { met: 'member', mode: 'home' } } });
  assert.equal(named(form.page(0), 'met').previous, '家庭成员');
  assert.equal(named(form.page(0), 'mode').previous, undefined);
});

test('"same as last time" fills a page, but never a photo, a signature or a position', () => {
  const photo = { sha256: 'b'.repeat(64), bytes: 9, type: 'image/jpeg' };
  const previous = {
    visit: { met: 'member', mode: 'phone', changes: 'none', satisfied: 'yes', more: 'evidence' },
    evidence: { photo_head: photo, position: '29 118 0 5', position_state: 'indoor' },
  };
  const form = visit({ previous });
  form.confirm(0);
  assert.deepEqual(plain(form.answers().visit), previous.visit);
  form.set('/data/visit/mode', 'home');
  const { index } = form.pages().find((each) => each.ref === '/data/evidence');
  form.confirm(index);
  assert.deepEqual(plain(form.answers().evidence), { position_state: 'indoor' });
});

test('labels, choices and messages change with the language', () => {
  const form = visit();
  form.setLanguage('en');
  assert.equal(form.pages()[0].title, 'Visit');
  assert.equal(named(form.page(0), 'met').choices[0].label, 'The head');
  form.setLanguage('zh');
  assert.equal(named(form.page(0), 'met').choices[0].label, '户主');
});

test('values stand in labels, and follow them', () => {
  const form = opened({ definition: 'kinds' });
  form.set('/data/name', '张三');
  assert.equal(form.page(0)[0].label, '你好，张三');
});

test('a trigger writes when its question is answered, not before', () => {
  const form = opened({ definition: 'repeats' });
  assert.equal(form.answers().asked_at, undefined);
  form.set('/data/rooms', '1');
  assert.equal(form.answers().asked_at, '2026-11-22T14:00:00.000+08:00');
});

test('a mistyped number of rooms does not freeze the phone', () => {
  const form = opened({ definition: 'repeats' });
  form.set('/data/rooms', '99999999');
  assert.equal(form.answers().room.length, 200);
});

test('a keystroke computes what depends on it and nothing else', () => {
  const form = take(opened({ definition: 'repeats' }), [['set', '/data/rooms', '5']]);
  for (let i = 1; i <= 5; i++) form.set(`/data/room[${i}]/area`, '10');
  form.answers();
  const before = computations();
  form.set('/data/room[3]/use', '卧室');
  form.answers();
  assert.equal(computations() - before, 0, 'nothing depends on the use of a room');
  form.set('/data/room[3]/area', '20');
  form.answers();
  assert.ok(computations() - before <= 9, 'five shares, the total and what asks for it');
});

test('every definition opens and draws every page in every language', () => {
  for (const name of readdirSync(new URL('../vectors/forms/definitions/', import.meta.url)).map((each) => each.slice(0, -5))) {
    for (const language of definition(name).languages) {
      const form = opened({ definition: name, entity: household, language });
      for (const { index } of form.pages()) assert.ok(form.page(index).length > 0, `${name} ${index}`);
    }
  }
});

test('phones that draw with other seeds do not draw the same ids', () => {
  const form = {
    form: 'u', version: 1, title: {}, languages: ['zh'], default_language: 'zh', root: '/data', choices: {},
    nodes: [{ name: 'id', ref: '/data/id', kind: 'calculate', type: 'string', calculate: ['f', 'uuid'] }],
  };
  const drawn = new Set();
  for (let seed = 0; seed < 60000; seed++) {
    drawn.add(openForm(form, { context: { ...CONTEXT, seed }, newId: () => '' }).answers().id);
  }
  assert.equal(drawn.size, 60000);
});

test('choices in an order by chance stand as they stood in this visit, and otherwise in another', () => {
  const letters = 'abcdefghij'.split('').map((value) => ({ value, label: { zh: value } }));
  const drawn = (seed, more = {}) => openForm({
    form: 'r', version: 1, title: {}, languages: ['zh'], default_language: 'zh', root: '/data', choices: { letters },
    nodes: [{ name: 'a', ref: '/data/a', kind: 'question', type: 'select_one', choices: 'letters', parameters: { randomize: 'true' }, ...more }],
  }, { context: { ...CONTEXT, seed }, newId: () => '' }).page(0)[0].choices.map(({ value }) => value).join('');
  assert.equal(drawn(1), drawn(1));
  assert.notEqual(drawn(1), drawn(2));
  assert.notEqual(drawn(1), 'abcdefghij');
  assert.equal(drawn(1, { seed: ['n', '42'] }), drawn(2, { seed: ['n', '42'] }));
});

test('a question that is emptied by another is sent as emptied', () => {
  const form = openForm({
    form: 't', version: 1, title: {}, languages: ['zh'], default_language: 'zh', root: '/data', choices: {},
    nodes: [{ name: 'a', ref: '/data/a', kind: 'question', type: 'string', triggers: [{ target: '/data/b', value: ['s', ''] }] },
      { name: 'b', ref: '/data/b', kind: 'question', type: 'string' }],
  }, { context: CONTEXT, newId: () => '' });
  form.set('/data/b', '1');
  form.set('/data/a', '2');
  assert.deepEqual(plain(form.answers()), { a: '2', b: null });
});

test('what another question would write, but cannot be computed, is blank and stops nobody', () => {
  const day = ['f', 'date', ['p', '/', [['c', 'data'], ['c', 'a']]]];
  const form = openForm({
    form: 't', version: 1, title: {}, languages: ['zh'], default_language: 'zh', root: '/data', choices: {},
    nodes: [{ name: 'a', ref: '/data/a', kind: 'question', type: 'string', triggers: [{ target: '/data/b', value: day }] },
      { name: 'b', ref: '/data/b', kind: 'question', type: 'date', default: ['f', 'date', ['f', 'true']] }],
  }, { context: CONTEXT, newId: () => '' });
  form.set('/data/a', '2026-11-22');
  assert.equal(form.answers().b, '2026-11-22');
  form.set('/data/a', 'soon');
  assert.equal(form.answers().b, null);
});

test('a section is confirmed alone: its answers come back, those beside it stay', () => {
  const question = (name) => ({ name, ref: `/data/page/${name}`, kind: 'question', type: 'string', label: { zh: name } });
  const inner = { name: 'inner', ref: '/data/page/inner', kind: 'group', label: { zh: '内' },
    children: [{ ...question('water'), ref: '/data/page/inner/water' }] };
  const page = { name: 'page', ref: '/data/page', kind: 'group', children: [question('road'), inner] };
  const form = openForm({ form: 'f', version: '1', title: { zh: 'f' }, languages: ['zh'], default_language: 'zh', root: '/data', choices: {}, nodes: [page] },
    { context: CONTEXT, newId: () => 'x', previous: { page: { road: '通', inner: { water: '好' } } } });
  form.set('/data/page/road', '断');
  form.set('/data/page/inner/water', '差');
  form.confirm('/data/page/inner');
  assert.deepEqual(plain(form.answers()), { page: { road: '断', inner: { water: '好' } } });
  form.confirm(0);
  assert.deepEqual(plain(form.answers()), { page: { road: '通', inner: { water: '好' } } });
});

test('a photographed code writes nothing to the record and clears nothing: what it says is for a person to take over', () => {
  const form = openForm({
    form: 'm', version: 1, title: {}, languages: ['zh'], default_language: 'zh', root: '/data', choices: {},
    nodes: [{ name: 'meter', ref: '/data/meter', kind: 'question', type: 'barcode', part: 'barcode' }],
    entities: [{ dataset: 'households', path: '/data', id: ['s', 'h1'], update: true, saves: { meter_no: '/data/meter' } }],
  }, { context: CONTEXT, newId: () => '' });
  const saved = [{ sha256: 'a'.repeat(64), bytes: 9, type: 'image/jpeg' }, 'SB-1', null].map((value) => {
    form.set('/data/meter', value);
    return form.changes()[0].changes;
  });
  assert.deepEqual(saved, [{}, { meter_no: 'SB-1' }, { meter_no: null }]);
});
