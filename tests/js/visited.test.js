/** What makes a household visited on the phone: the same as in the office's coverage (decision 0047). */

import assert from "node:assert/strict";
import { test } from "node:test";

import { countsOf, monthCount, outboxViews } from "../../fieldsvc/static/core/inbox.js";
import { householdRows } from "../../fieldsvc/static/core/views.js";

const NOW = 1_795_000_000_000;
const form = (name, more = {}) => ({ id: `${name}/1`, form: name, version: "1", title: {}, definition: { form: name, ...more } });
const shelf = (...submissions) => ({
  language: "zh", now: NOW, me: "p1", notices: [], drafts: [], photos: [], outbox: [], datasets: [],
  subjects: [{ id: "h1", role: "cadre" }], forms: [form("visit", { visit: true }), form("archive_papers")],
  entities: [{ id: "h1", subject: "h1", dataset: "households", version: 1, label: "张三", properties: {} }],
  submissions: submissions.map((more, number) => ({ id: `s${number}`, subject: "h1", form: "visit", version: "1", started_at: NOW - 1000,
    state: "waiting", author: "", author_id: "p1", ...more })),
});
const seen = (rows) => [monthCount(rows).done, householdRows(rows, [], false)[0].state, householdRows(rows, [], false)[0].lastVisitAt];

test("a household is visited by a form that says it is a visit, and by no paper that was filed", () => {
  assert.deepEqual(seen(shelf({ form: "archive_papers" })), [0, "todo", null]);
  assert.deepEqual(seen(shelf({ form: "archive_papers" }, { started_at: NOW - 5000 })), [1, "done", NOW - 5000]);
});

test("what was taken back or rejected makes no household visited", () => {
  assert.deepEqual(seen(shelf({ state: "withdrawn" }, { state: "rejected" })), [0, "todo", null]);
});

test("a form the phone does not know is no visit", () => {
  assert.deepEqual(seen(shelf({ form: "of-yesterday" })), [0, "todo", null]);
});

test("until a form that is a visit is here nobody is told of how many they have visited none", () => {
  assert.equal(monthCount({ ...shelf(), forms: [form("archive_papers"), { ...form("visit"), definition: null }] }), null);
});

test("what its author has taken back or replaced asks for nothing; what the office refused does", () => {
  const refused = (code) => ({ ...shelf(), outbox: [{ id: "o1", seq: 1, kind: "submission", form: "visit", subject: "h1", state: "refused",
    touches: [], created_at: NOW, photos: [], receipt: { id: "o1", status: "refused", problem: { code } } }] });
  const told = (code) => [householdRows(refused(code), [], false)[0].state, outboxViews(refused(code), false)[0].state, countsOf(refused(code), []).attention];
  for (const code of ["replaced", "withdrawn"]) assert.deepEqual(told(code), ["todo", "received", 0]);
  assert.deepEqual(told("declined-by-office"), ["attention", "refused", 1]);
});

test("what the next helper took back, and what the office declined, stands in no visit's place", () => {
  const theirs = { id: "v1", author_id: "p0" };
  assert.equal(monthCount(shelf(theirs, { id: "v2", replaces: "v1", state: "withdrawn" })).done, 1);
  assert.equal(monthCount(shelf({ ...theirs, replaced_by: "v2" }, { id: "v2", replaces: "v1", state: "withdrawn" })).done, 0);
  const declined = { id: "v2", seq: 1, kind: "submission", form: "visit", subject: "h1", state: "refused", replaces: "v1", touches: [],
    created_at: NOW, photos: [], receipt: { id: "v2", status: "refused", problem: { code: "declined-by-office" } } };
  assert.equal(monthCount({ ...shelf(theirs), outbox: [declined] }).done, 1);
});

test("until the words of the register have come a household's line says no code", () => {
  const early = shelf();
  early.entities[0].properties = { hh_type: "escaped_dibao" };
  assert.equal(householdRows(early, [], false)[0].type, "");
  const choices = [{ value: "escaped_dibao", label: { zh: "低保脱贫户" } }];
  const later = { ...early, datasets: [{ name: "households", definition: { properties: { hh_type: { choices } } } }] };
  assert.equal(householdRows(later, [], false)[0].type, "低保脱贫户");
});
