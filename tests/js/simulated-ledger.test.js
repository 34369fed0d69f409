import assert from "node:assert/strict";
import { test } from "node:test";

import { ledger } from "../simulation/phones/ledger.js";

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
