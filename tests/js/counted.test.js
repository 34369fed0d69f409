/** The numbers at the top of every screen are counted after each thing that is typed: they look at no more than they say. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { countsOf, decisionViews, outboxViews } from "../../fieldsvc/static/core/inbox.js";

const NOW = 1_795_000_000_000;
const entry = (id, more = {}) => ({ id, seq: 1, kind: "edit", subject: "h1", state: "refused", touches: [], created_at: NOW, photos: [],
  receipt: { id, status: "refused", problem: { code: "declined-by-office" } }, ...more });
const shelf = (...outbox) => ({ language: "zh", now: NOW, me: "p1", notices: [], drafts: [], photos: [], datasets: [], subjects: [], forms: [],
  entities: [], submissions: [], outbox });

test("what is counted is not read: no line is written for it", () => {
  const unread = { kind: "feedback", body: "whoever reads this ends with an error" };
  assert.throws(() => outboxViews(shelf(entry("o1", unread)), false));
  assert.equal(countsOf(shelf(entry("o1", unread), entry("o2")), []).attention, 2);
});

test("of what was amended only the amendment counts", () => {
  assert.equal(countsOf(shelf(entry("o1"), entry("o2", { replaces: "o1" })), []).attention, 1);
});

test("what came of the work sent is worked out once, and again when a row has moved", () => {
  const rows = shelf();
  assert.equal(decisionViews(rows), decisionViews(rows));
  assert.notEqual(decisionViews({ ...rows }), decisionViews(rows));
});
