// The bar of stages: true from the record alone, without a signal.

import assert from "node:assert/strict";
import test from "node:test";

import { stepsOf } from "../../fieldsvc/static/parts/stages.js";

const process = {
  label: { zh: "改造", en: "Renovation" },
  stage: "stage",
  stages: [
    { code: "applied", label: { zh: "申请" }, date: "applied_on" },
    { code: "checked", label: { zh: "核实" } },
    { code: "granted", label: { zh: "审批" }, date: "granted_on" },
    { code: "paid", label: { zh: "拨付" }, date: "paid_on" },
    { code: "returned", label: { zh: "退回" }, side: true },
  ],
};

/** @param {Record<string, string>} values @returns {any} */
const record = (values) => ({
  steps: process,
  properties: Object.entries(values).map(([name, value]) => ({ name, value, display: value })),
});
const states = (/** @type {Record<string, string>} */ values) =>
  stepsOf(record(values), process).map(({ state }) => state);

test("what is done, where it is and what lies ahead", () => {
  assert.deepEqual(states({ stage: "granted", applied_on: "2026-11-01", granted_on: "2026-11-09" }), [
    "done", "done", "now", "ahead",
  ]);
});

test("a stage that was passed over without its date is shown as such", () => {
  assert.deepEqual(states({ stage: "granted", granted_on: "2026-11-09" }), ["passed", "done", "now", "ahead"]);
});

test("beside the line the bar keeps what was reached", () => {
  assert.deepEqual(states({ stage: "returned", applied_on: "2026-11-01", granted_on: "2026-11-09" }), [
    "done", "done", "done", "ahead",
  ]);
});

test("a record without a stage has done nothing yet", () => {
  assert.deepEqual(states({}), ["ahead", "ahead", "ahead", "ahead"]);
});
