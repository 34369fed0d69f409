/** What an operation tells the server of the versions it lay on: those of the phone's own chain, and those it read. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { applied, nothingNew } from "./support/line.js";
import { VISIT, firstPage, inAVisit, phone } from "./support/phone.js";

test("a chain of visits and corrections made offline is one branch", async () => {
  const { east, id, draft } = await inAVisit();
  draft.form.set("/data/phone", "999");
  await east.app.finish(id);
  await east.app.correct("h1", { phone: "555" });
  const bodies = (await east.db().all("outbox")).sort((one, other) => one.seq - other.seq).map((entry) => JSON.parse(entry.body));
  assert.equal(bodies[0].entities[0].branch_id, bodies[1].branch_id);
  assert.equal(bodies[1].base_version, 2);
});

test("a receipt for the visit shows it as received, and the next edit starts a new branch at the pulled version", async () => {
  const { east, id, draft } = await inAVisit();
  draft.form.set("/data/phone", "999");
  await east.app.finish(id);
  const pressed = east.app.syncNow();
  const request = await east.server.next();
  request.respond(200, nothingNew({
    receipts: [applied({ id }, 2)],
    changes: [{ ...firstPage().changes[0], version: 2, properties: { phone: "999", hamlet: "上组" } }],
  }));
  await pressed;
  east.app.pause();
  await east.app.correct("h1", { phone: "555" });
  const entry = (await east.db().all("outbox")).find((each) => each.kind === "edit");
  assert.equal(JSON.parse(entry.body).base_version, 2);
  assert.equal(JSON.parse(entry.body).trunk_version, 2);
});

test("a value left alone in an open form never covers a newer one that was pulled meanwhile", async () => {
  const { east, id } = await inAVisit();
  const pressed = east.app.syncNow();
  (await east.server.next()).respond(200, nothingNew({
    changes: [{ ...firstPage().changes[0], version: 2, properties: { phone: "777", hamlet: "上组" }, origin: { phone: ["李四", 9] } }],
  }));
  await pressed;
  east.app.pause();
  await east.app.finish(id);
  const [entry] = await east.db().all("outbox");
  assert.deepEqual(entry.touches[0].changes, {});
  assert.equal(JSON.parse(entry.body).entities[0].seen_version, 1);
  const shown = (await east.app.record("h1")).household.properties.find((each) => each.name === "phone");
  assert.deepEqual([shown.value, shown.by, shown.at], ["777", "李四", 9]);
});

test("a pulled row that contains the second link of a chain contains the first, whose receipt got lost", async () => {
  const { east, id } = await inAVisit();
  await east.app.discardDraft(id);
  await east.app.correct("h1", { phone: "1" });
  await east.app.correct("h1", { phone: "2" });
  const [first, second] = (await east.db().all("outbox")).sort((one, other) => one.seq - other.seq);
  const pressed = east.app.syncNow();
  (await east.server.next()).respond(200, nothingNew({
    receipts: [applied(second, 3)],
    changes: [{ ...firstPage().changes[0], version: 3, properties: { phone: "2", hamlet: "上组" } }],
  }));
  east.app.pause();
  await pressed;
  assert.equal((await east.db().get("outbox", first.id)).state, "waiting");
  const shown = (await east.app.record("h1")).household.properties.find((each) => each.name === "phone");
  assert.equal(shown.value, "2");
});

/** The visit form with a question about the members, on a phone that holds one of them. */
async function withMembers() {
  const members = ["p", ["f", "instance", ["s", "members"]], [["c", "root"], ["c", "item"], ["c", "sex"]]];
  const form = { ...VISIT, reads: { members: ["label", "sex"] }, nodes: [...VISIT.nodes,
    { name: "women", ref: "/data/women", kind: "calculate", type: "int", calculate: ["f", "count", members],
      relevant: ["=", ["p", "/", [["c", "data"], ["c", "phone"]]], ["s", "999"]] }] };
  const member = { kind: "entity", dataset: "members", id: "m1", subject: "h1", version: 4, label: "小芳", at: 1, by: "x",
    properties: { sex: "female", id_no: "99" } };
  const page = firstPage();
  const east = await phone();
  await east.signsIn({ ...page, changes: [...page.changes, member] }, { form });
  east.app.pause();
  return east;
}

test("a form that looked into records tells the server their versions, and one that did not tells nothing", async () => {
  const east = await withMembers();
  for (const [number, rows] of [["111", undefined], ["999", { members: [["m1", 4]] }]]) {
    const id = await east.app.startVisit("h1", "visit");
    const draft = await east.app.openDraft(id);
    draft.form.set("/data/phone", number);
    await east.app.finish(id);
    assert.deepEqual(JSON.parse((await east.db().get("outbox", id)).body).context.rows, rows);
  }
});

test("what was not sent yet is told beside the version it lies over", async () => {
  const east = await withMembers();
  await east.app.correct("m1", { sex: "male", id_no: "98" });
  const id = await east.app.startVisit("h1", "visit");
  const draft = await east.app.openDraft(id);
  draft.form.set("/data/phone", "999");
  await east.app.finish(id);
  const { context } = JSON.parse((await east.db().get("outbox", id)).body);
  assert.deepEqual(context.rows, { members: [["m1", 4, { sex: "male", id_no: "98", label: "小芳" }]] });
});
