import assert from "node:assert/strict";
import { test } from "node:test";

import { amending, ledger } from "../simulation/phones/ledger.js";

const touch = { entity: "h1", changes: { people: "3" } };
const line = (id, kind) => ({ id, kind, subject: "h1", entity: "h1", shown: {}, typed: { people: "3" }, births: [], photos: [] });

test("a correction whose tab died is not taken for something else that says the same number", () => {
  const book = ledger(assert.fail);
  book.promises(line("edit-1", "edit"));
  book.promises(line("visit-1", "visit"));
  const sent = [{ id: "edit-1", kind: "edit", touches: [touch] }, { id: "visit-1", kind: "submission", touches: [touch] }];
  book.leavesUnsaid(line("", "edit"));
  book.looksAround(sent, []);
  assert.deepEqual([...book.promised.values()].map(({ id, kind }) => [id, kind]), [["edit-1", "edit"], ["visit-1", "visit"]]);

  book.leavesUnsaid(line("", "edit"));
  book.looksAround([...sent, { id: "edit-2", kind: "edit", touches: [touch] }], []);
  assert.equal(book.promised.get("edit-2").kind, "edit");
});

test("of what two tabs have in mind and neither could keep, what is kept in the end is what counts", () => {
  const book = ledger(assert.fail);
  book.begins(line("visit-1", "visit"));
  book.keeps("visit-1", { people: "3" });
  // No room to write in either tab; then there is, in the one that typed first.
  book.types("visit-1", { people: "4" });
  book.types("visit-1", { people: "5" });
  book.keeps("visit-1", { people: "4" });
  book.finishes("visit-1");
  assert.deepEqual(book.promised.get("visit-1").typed, { people: "4" });
});

test("a form that shows anything but what was kept, or typed since, has lost it", () => {
  const complaints = [];
  const book = ledger((what) => complaints.push(what));
  book.begins(line("visit-1", "visit"));
  book.types("visit-1", { people: "4", remark: "new" });
  book.keeps("visit-1", { people: "4", remark: "new" });
  book.types("visit-1", { people: "5" });
  book.reads("visit-1", { people: "4", remark: "new" });
  assert.deepEqual(complaints, []);
  book.reads("visit-1", { people: "3", remark: "new" });
  book.reads("visit-1", { people: "3" });
  assert.deepEqual(complaints, ["the visit visit-1 kept people = 4 and shows 3", "the visit visit-1 kept remark = new and shows undefined"]);
});

test("the record that a form was opened over counts as seen, the one of its first opening", () => {
  const book = ledger(() => {});
  book.begins({ id: "v1", kind: "visit", subject: "h1", entity: "h1", shown: { water: "well" }, typed: {}, births: [], photos: [] });
  book.sees("v1", { water: "tap" });
  book.sees("v1", { water: "spring" });
  book.finishes("v1");
  const { shown, under } = book.promised.get("v1");
  assert.deepEqual([shown.water, under.water], ["well", "tap"]);
});

test("a form of which nothing was kept goes by the record it shows when it opens again, and by what it repeats", () => {
  const book = ledger(() => {});
  book.begins({ id: "v1", kind: "visit", subject: "h1", entity: "h1", shown: { water: "well" }, typed: { phone: "2" }, births: [], photos: [] });
  book.sees("v1", { water: "well" });
  book.beginsAnew("v1", { water: "tap", phone: "1" });
  const { shown, under } = book.open.get("v1");
  assert.deepEqual([shown, under], [{ water: "tap", phone: "2" }, { water: "tap", phone: "1" }]);
});

test("of what a phone removed when it was signed out only what it had sent is excused, and it says when that was", () => {
  const book = ledger(assert.fail);
  for (const id of ["sent", "refused", "unsent", "gone-before"]) book.promises(line(id, "visit"));
  book.wipesItself([{ id: "sent", state: "settled" }, { id: "refused", state: "refused" }, { id: "unsent", state: "sending" }], 1);
  const wiped = () => [...book.promised.values()].map((each) => each.wiped);
  assert.deepEqual(wiped(), [1, 1, undefined, undefined]);
  book.wipesItself([{ id: "sent", state: "settled" }], 2);
  assert.deepEqual(wiped(), [1, 1, undefined, undefined]);
  // The phone itself is lost later: that takes with it what it had then, and no more.
  book.losesPhone(["unsent"]);
  assert.deepEqual([...book.promised.values()].map((each) => each.lost), [undefined, undefined, "unsent", "sent"]);
});

test("an amendment is in no file that its visit went into", () => {
  const book = ledger(assert.fail);
  book.promises(line("visit-1", "visit"));
  book.carries(["visit-1"]);
  book.promises({ ...amending(book.promised.get("visit-1"), { people: "4" }), id: "visit-2" });
  assert.equal(book.losesPhone(["visit-2"]), 1);
  assert.deepEqual(book.promised.get("visit-2").shown, { people: "3" });
});
