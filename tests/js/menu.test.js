/** Which forms a household is offered, about which of its records, and what they begin with. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { openForm } from "../../fieldsvc/static/core/form.js";
import { menuOf, recordsOf } from "../../fieldsvc/static/core/views.js";
import { CONTEXT } from "./expr-world.js";
import { phone } from "./support/phone.js";

const pick = (more = {}) => ({ name: "case", ref: "/data/case", kind: "question", type: "select_one", choices: "cases", label: { zh: "哪一宗" }, ...more });
const form = (nodes, more = {}) => ({
  form: "inspect", version: "1", title: { zh: "检查" }, languages: ["zh"], default_language: "zh", root: "/data", choices: {},
  subject_dataset: "households", nodes, reads: { cases: ["stage"] }, ...more,
});
const record = (id, dataset = "cases", properties = {}) => ({ id, dataset, label: id, properties });
const shelf = (definitions, more = {}) => ({
  language: "zh", datasets: [{ name: "cases", definition: { label: { zh: "危房" } } }, { name: "households", definition: { label: { zh: "农户" } } }],
  forms: definitions.map((definition) => ({ id: definition.form, form: definition.form, version: "1", title: definition.title,
    subject_dataset: definition.subject_dataset, definition })), ...more,
});
const HOME = record("h1", "households");

test("a form that needs a case is offered only where there is one", () => {
  const inspect = form([pick({ required: ["f", "true"] })]);
  assert.deepEqual(menuOf(shelf([inspect]), [HOME], []), []);
  assert.deepEqual(menuOf(shelf([inspect]), [HOME, record("c1")], []).map(({ form: name, on }) => [name, on]), [["inspect", ["cases"]]]);
});

test("a form that may name a case is offered anyway, and one that asks in a repeat works on none", () => {
  const repeat = { name: "each", ref: "/data/each", kind: "repeat", children: [pick({ required: ["f", "true"] })] };
  assert.deepEqual(recordsOf(form([pick()])), { on: ["cases"], needs: [] });
  assert.deepEqual(recordsOf(form([repeat])), { on: [], needs: [] });
  // One form opens a case and goes on with it: which one is asked only of whoever goes on.
  assert.deepEqual(recordsOf(form([pick({ required: ["f", "true"], relevant: ["f", "true"] })])).needs, []);
  assert.deepEqual(recordsOf(form([{ kind: "group", children: [pick({ required: ["f", "true"] })] }])).needs, ["cases"]);
});

test("forms stand under the theme their author gave, or under the records they write, the visit first", () => {
  const writes = { entities: [{ dataset: "households" }, { dataset: "cases" }] };
  const offers = menuOf(shelf([
    form([], { form: "open", ...writes }), form([], { form: "plan", theme: { zh: "帮扶" } }), form([], { form: "visit" }),
  ]), [HOME], [{ form: "open", at: 1 }]);
  assert.deepEqual(offers.map((each) => [each.form, each.theme]), [["visit", "农户"], ["open", "危房"], ["plan", "帮扶"]]);
  assert.deepEqual(offers.map((each) => !!each.last), [false, true, false]);
});

const opened = (records, more = {}) => openForm(form([pick()]), { context: CONTEXT, newId: () => "x", records, ...more });

test("the only case there is need not be chosen, and of several the one it was opened from", () => {
  assert.equal(opened([record("c1")]).answers().case, "c1");
  assert.equal(opened([record("c1"), record("c2")]).answers().case, undefined);
  assert.equal(opened([record("c1"), record("c2")], { record: "c2" }).answers().case, "c2");
  assert.equal(opened([record("c1"), record("c2")], { record: "other" }).answers().case, undefined);
});

test("what is known of the case it was opened from is written as if it had been chosen", () => {
  const stage = ["p", ["f", "instance", ["s", "cases"]], [["c", "root"], ["c", "item", ["=", ["p", ".", [["c", "name"]]], ["p", "/", [["c", "data"], ["c", "case"]]]]], ["c", "stage"]]];
  const known = { name: "known", ref: "/data/known", kind: "calculate", type: "string" };
  const definition = form([pick({ triggers: [{ target: "/data/known", value: stage }] }), known]);
  const records = [record("c1", "cases", { stage: "applied" }), record("c2", "cases", { stage: "started" })];
  const answers = openForm(definition, { context: CONTEXT, newId: () => "x", records, record: "c2" }).answers();
  assert.equal(answers.known, "started");
});

test("what somebody chose, or took back, in a draft is left alone", () => {
  const draft = { answers: { case: null }, reasons: {}, touched: [] };
  assert.equal(opened([record("c1")], { draft }).answers().case, null);
});

test("a draft begun from one record is not taken for the draft of another", async () => {
  const east = await phone();
  await east.signsIn();
  const first = await east.app.startVisit("h1", "visit", "c1");
  assert.equal(await east.app.startVisit("h1", "visit", "c1"), first);
  assert.notEqual(await east.app.startVisit("h1", "visit", "c2"), first);
  assert.deepEqual((await east.app.record("h1")).drafts.length, 2);
});
