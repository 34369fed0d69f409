import assert from "node:assert/strict";
import { test } from "node:test";

import { replaced } from "../../fieldsvc/static/core/rebase.js";
import { applied, nothingNew } from "./support/line.js";
import { firstPage, phone, VISIT } from "./support/phone.js";

/** A phone that is signed in and has a visit open. */
async function inAVisit() {
  const east = await phone();
  await east.signsIn();
  east.app.pause();
  const id = await east.app.startVisit("h1", "visit");
  return { east, id, draft: await east.app.openDraft(id) };
}

test("every link of a chain says what the server had where something else is stated", async () => {
  const { east, id, draft } = await inAVisit();
  await east.app.correct("h1", { phone: "222" });
  await east.app.correct("h1", { phone: "333" });
  draft.form.set("/data/phone", "444");
  await east.app.finish(id);
  const bodies = (await east.db().all("outbox")).map((entry) => JSON.parse(entry.body));
  assert.deepEqual(bodies.map((body) => (body.entities?.[0] || body).was), [{ phone: "111" }, { phone: "111" }, { phone: "111" }]);
});

test("a draft whose beginning nobody wrote down says nothing of what stood there, rather than the phone's own words", async () => {
  const east = await phone();
  await east.signsIn();
  east.app.pause();
  await east.app.correct("h1", { phone: "222" });
  const id = await east.app.startVisit("h1", "visit");
  const { under, ...shown } = await east.db().get("meta", `shown/${id}`);
  assert.equal(under.h1.phone, "111");
  await east.db().write([{ store: "meta", put: shown }]);
  (await east.app.openDraft(id)).form.set("/data/phone", "444");
  await east.app.finish(id);
  const { body } = await east.db().get("outbox", id);
  assert.equal("was" in JSON.parse(body).entities[0], false);
});

test("a form that only states what the server said replaces nothing, and says so", async () => {
  const { east, id } = await inAVisit();
  await east.app.finish(id);
  const [entry] = await east.db().all("outbox");
  assert.deepEqual(JSON.parse(entry.body).entities[0].was, {});
});

test("of properties that are merged as one, all are told where one is replaced", () => {
  const definition = { properties: { bank: { group: "account" }, account_no: { group: "account" }, phone: {} } };
  assert.deepEqual(replaced(definition, { bank: "A", phone: "1" }, { account_no: "7", phone: "1" }), { bank: "A", account_no: null });
});

test("an amendment replaces what the visit had said, whatever the record has become since", async () => {
  const { east, id, draft } = await inAVisit();
  draft.form.set("/data/phone", "999");
  await east.app.finish(id);
  const pressed = east.app.syncNow();
  const row = { ...firstPage().changes[0], version: 3, properties: { phone: "777", hamlet: "上组" } };
  (await east.server.next()).respond(200, nothingNew({ receipts: [applied({ id }, 2)], changes: [row] }));
  await pressed;
  east.app.pause();

  const again = await east.app.amend(id);
  const form = (await east.app.openDraft(again)).form;
  assert.equal(form.answers().phone, "999");
  form.set("/data/phone", "888");
  await east.app.finish(again);
  const entry = (await east.db().all("outbox")).find((each) => each.id === again);
  const [{ was, base_version }] = JSON.parse(entry.body).entities;
  assert.deepEqual([was, base_version], [{ phone: "999" }, 2]);
});

test("an amendment says what was on the screen of what its visit had not touched, a correction that still waits over it", async () => {
  const note = { name: "note", ref: "/data/note", kind: "question", type: "string", label: { zh: "备注" } };
  const saves = { ...VISIT.entities[0].saves, hamlet: "/data/note" };
  const form = { ...VISIT, nodes: [...VISIT.nodes, note], entities: [{ ...VISIT.entities[0], saves }] };
  const east = await phone();
  await east.signsIn(firstPage(), { form });
  const id = await east.app.startVisit("h1", "visit");
  await east.app.openDraft(id);
  await east.app.finish(id);
  // Somebody else's word, which no screen of hers has shown: her own correction lies over it from before it came.
  const row = { ...firstPage().changes[0], version: 3, properties: { phone: "111", hamlet: "上组" } };
  const request = await east.server.next();
  east.app.pause();
  await east.app.correct("h1", { hamlet: "下组" });
  request.respond(200, nothingNew({ receipts: [applied({ id }, 2)], changes: [row] }));
  await east.rests();

  const again = await east.app.amend(id);
  (await east.app.openDraft(again)).form.set("/data/note", "中组");
  await east.app.finish(again);
  const entry = (await east.db().all("outbox")).find((each) => each.id === again);
  assert.deepEqual(JSON.parse(entry.body).entities[0].was, { hamlet: "下组" });
});

test("a visit left open while its record was corrected stands behind the corrections, which it did not show", async () => {
  const east = await phone();
  await east.signsIn();
  east.app.pause();
  const first = await east.app.correct("h1", { phone: "222" });
  const id = await east.app.startVisit("h1", "visit");
  const since = [await east.app.correct("h1", { phone: "333" }), await east.app.correct("h1", { hamlet: "x" })];
  (await east.app.openDraft(id)).form.set("/data/phone", "444");
  await east.app.finish(id);
  await east.app.correct("h1", { phone: "555" });

  const bodies = (await east.db().all("outbox")).sort((one, other) => one.seq - other.seq).map((entry) => JSON.parse(entry.body));
  const links = bodies.map((body) => body.entities?.[0] || body);
  assert.deepEqual(links.map((link) => link.base_version), [1, 2, 3, 4, 5]);
  assert.deepEqual(links[3].unseen, since);
  assert.equal(bodies[0].id, first);
});

test("over edits of two branches an edit says in words all that was on the screen, and claims to show no link", async () => {
  const { east, id, draft } = await inAVisit();
  const pressed = east.app.syncNow();
  const row = { ...firstPage().changes[0], version: 5, properties: { phone: "555", hamlet: "上组" } };
  (await east.server.next()).respond(200, nothingNew({ changes: [row] }));
  await pressed;
  east.app.pause();
  await east.app.correct("h1", { hamlet: "下组" });
  draft.form.set("/data/phone", "222");
  await east.app.finish(id);
  await east.app.correct("h1", { phone: "333", hamlet: "中组" });

  const bodies = (await east.db().all("outbox")).sort((one, other) => one.seq - other.seq).map((entry) => JSON.parse(entry.body));
  const [meanwhile, late, next] = bodies.map((body) => body.entities?.[0] || body);
  assert.notEqual(meanwhile.branch_id, late.branch_id);
  assert.deepEqual([next.branch_id, next.base_version, next.seen_base], [late.branch_id, 2, 2]);
  assert.deepEqual(next.was, { phone: "222", hamlet: "下组" });
});

test("a correction says what stood on its screen, whatever a pull has brought under it meanwhile", async () => {
  const east = await phone();
  await east.signsIn();
  const pressed = east.app.syncNow();
  const row = { ...firstPage().changes[0], version: 5, properties: { phone: "555", hamlet: "上组" } };
  (await east.server.next()).respond(200, nothingNew({ changes: [row] }));
  await pressed;
  east.app.pause();
  await east.app.correct("h1", { phone: "222" }, "", undefined, { phone: "111" });
  await east.app.correct("h1", { phone: "333" }, "", undefined, { phone: "222" });
  await east.app.correct("h1", { phone: "444" }, "", undefined, { phone: "222" });

  const bodies = (await east.db().all("outbox")).sort((one, other) => one.seq - other.seq).map((entry) => JSON.parse(entry.body));
  assert.deepEqual(bodies.map(({ was }) => was), [{ phone: "111" }, { phone: "555" }, { phone: "222" }]);
  assert.deepEqual(bodies.map(({ base_version, seen_base }) => base_version - seen_base), [0, 1, 0]);
});

/** A form was opened and its tab killed before anything of it was kept; another tab has a newer row, and both know of the draft. */
async function begunAndKilled() {
  const killed = await phone();
  await killed.signsIn();
  killed.app.pause();
  const id = await killed.app.startVisit("h1", "visit");
  const old = (await killed.app.openDraft(id)).form;
  const east = await phone({ device: killed.device, databases: killed.databases });
  const row = { ...firstPage().changes[0], version: 5, properties: { phone: "555", hamlet: "上组" } };
  (await east.server.next()).respond(200, nothingNew({ changes: [row] }));
  await east.rests();
  east.app.pause();
  return { killed, old, east, id };
}

/** @returns {Promise<any>} what the finished visit says of the household */
const saidOf = async (db, id) => JSON.parse((await db.get("outbox", id)).body).entities[0];

test("a form that opens again before anything of it was kept is judged by the record it shows then", async () => {
  const { east, id } = await begunAndKilled();
  const { form } = await east.app.openDraft(id);
  assert.equal(form.answers().phone, "555");
  form.set("/data/phone", "777");
  await east.app.finish(id);
  const { was, base_version, seen_version } = await saidOf(east.db(), id);
  assert.deepEqual([was, base_version, seen_version], [{ phone: "555" }, 5, 5]);
});

test("of two tabs that show a form nobody has kept yet, the first to keep it is judged by what that one shows", async () => {
  const { killed, old, east, id } = await begunAndKilled();
  (await east.app.openDraft(id)).form.set("/data/phone", "777");
  old.set("/data/phone", "888");
  await killed.app.saveDraft(id, 0);
  await assert.rejects(east.app.finish(id), { code: "moved-on" });
  await killed.app.finish(id);
  const { was, base_version } = await saidOf(east.db(), id);
  assert.deepEqual([was, base_version], [{ phone: "111" }, 1]);
});

test("an amendment that opens again before anything of it was kept stands on its visit still", async () => {
  const { east, id, draft } = await inAVisit();
  draft.form.set("/data/phone", "999");
  await east.app.finish(id);
  const pressed = east.app.syncNow();
  (await east.server.next()).respond(200, nothingNew({ receipts: [applied({ id }, 2)] }));
  await pressed;
  east.app.pause();
  const again = await east.app.amend(id);
  const later = await phone({ device: east.device, databases: east.databases });
  const row = { ...firstPage().changes[0], version: 3, properties: { phone: "777", hamlet: "上组" } };
  (await later.server.next()).respond(200, nothingNew({ changes: [row] }));
  await later.rests();
  later.app.pause();
  (await later.app.openDraft(again)).form.set("/data/phone", "888");
  await later.app.finish(again);
  const { was, base_version } = await saidOf(later.db(), again);
  assert.deepEqual([was, base_version], [{ phone: "999" }, 2]);
});
