import assert from "node:assert/strict";
import { test } from "node:test";

import { busySubjects } from "../../fieldsvc/static/core/exchange.js";
import { expired } from "../../fieldsvc/static/core/outbox.js";
import { applied, nothingNew } from "./support/line.js";
import { firstPage, phone } from "./support/phone.js";

const outbox = (east) => east.db().all("outbox");

test("a visit corrected offline goes out once there is signal, and counts only by its receipt", async () => {
  const east = await phone();
  await east.signsIn();
  await east.app.correct("h1", { phone: "222" });
  const request = await east.server.next();
  assert.equal(request.path, "/api/v1/sync");
  const [{ id, body }] = request.json.operations;
  assert.deepEqual(JSON.parse(body).changes, { phone: "222" });
  assert.equal(JSON.parse(body).id, id);
  assert.equal(east.app.get().counts.onPhone, 1);
  request.respond(200, nothingNew({ receipts: [applied({ id })] }));
  await east.rests();
  assert.deepEqual(east.app.get().counts, { onPhone: 0, received: 1, attention: 0 });
});

test("a lost answer sends the same bytes again, and the server's 'duplicate' settles it", async () => {
  const east = await phone();
  await east.signsIn();
  await east.app.correct("h1", { phone: "222" });
  const first = await east.server.next();
  first.drop();
  await east.rests();
  assert.equal(east.app.get().sync.problem.code, "no-network");
  assert.equal(east.app.get().online, false, "a phone with bars and no server is offline");
  await east.waits(600);
  const second = await east.server.next();
  assert.deepEqual(second.json.operations, first.json.operations);
  second.respond(200, nothingNew({ receipts: [{ ...applied(second.json.operations[0]), duplicate: true }] }));
  await east.rests();
  assert.equal((await outbox(east))[0].state, "settled");
  assert.equal(east.app.get().online, true);
});

test("an edit says which of the edits under it the phone had stopped showing", async () => {
  const east = await phone();
  await east.signsIn();
  await east.app.correct("h1", { phone: "222" });
  (await east.server.next()).drop();
  await east.rests();
  await east.app.correct("h1", { note: "x" });
  await east.app.correct("h1", { phone: "333" });
  await east.waits(600);
  const request = await east.server.next();
  const [first, second, third] = request.json.operations;
  const waits = { ...applied(second), status: "review", effects: [] };
  request.respond(200, nothingNew({ receipts: [applied(first, 2), waits, applied(third, 3)] }));
  await east.rests();
  await east.app.correct("h1", { note: "x" });
  const [operation] = (await east.server.next()).json.operations;
  const { base_version, seen_base, unseen } = JSON.parse(operation.body);
  assert.deepEqual({ base_version, seen_base, unseen }, { base_version: 4, seen_base: 1, unseen: [second.id] });
});

/** What an edit says of its start that is made after the answer to another. @param {object} answer the receipt's own part */
async function startsAfter(answer) {
  const east = await phone();
  await east.signsIn();
  await east.app.correct("h1", { phone: "222" });
  await east.waits(600);
  const request = await east.server.next();
  const [first] = request.json.operations;
  request.respond(200, nothingNew({ receipts: [{ ...applied(first), effects: [], ...answer }] }));
  await east.rests();
  await east.app.correct("h1", { note: "x" });
  const [operation] = (await east.server.next()).json.operations;
  const { base_version, seen_base, unseen } = JSON.parse(operation.body);
  return { first: first.id, said: { base_version, seen_base, unseen } };
}

test("what waits for a person is named by the next edit as not shown, although that begins a branch", async () => {
  const { first, said } = await startsAfter({ status: "review" });
  assert.deepEqual(said, { base_version: 1, seen_base: 1, unseen: [first] });
});

test("what was amended before it took effect is not named: its amendment was shown", async () => {
  const { said } = await startsAfter({ status: "refused", problem: { code: "replaced" } });
  assert.deepEqual(said, { base_version: 1, seen_base: 1, unseen: undefined });
});

test("an operation without a receipt waits and is sent again", async () => {
  const east = await phone();
  await east.signsIn();
  await east.app.correct("h1", { phone: "222" });
  (await east.server.next()).respond(200, nothingNew());
  await east.rests();
  assert.equal((await outbox(east))[0].state, "waiting");
});

test("an expired token keeps the queue and the screens; signing in again sends it", async () => {
  const east = await phone();
  await east.signsIn();
  await east.app.correct("h1", { phone: "222" });
  (await east.server.next()).respond(401, { code: "token-expired", title: { zh: "登录已失效。" } });
  await east.rests();
  assert.equal(east.app.get().phase, "ready");
  assert.equal(east.app.get().sync.problem.code, "token-expired");
  assert.ok(east.server.isQuiet());
  const again = east.app.signIn({ login: "1", password: "2" });
  (await east.server.next()).respond(201, { token: "t2", person: { id: "p1", name: "王干部" }, feed: { id: "f1", name: "县" } });
  await again;
  const request = await east.server.next();
  assert.equal(request.ask.token, "t2");
  assert.equal(request.json.operations.length, 1);
  request.respond(200, nothingNew({ receipts: [applied(request.json.operations[0])] }));
  await east.rests();
  assert.equal(east.app.get().counts.onPhone, 0);
});

test("a captive portal acknowledges nothing", async () => {
  const east = await phone();
  await east.signsIn();
  await east.app.correct("h1", { phone: "222" });
  (await east.server.next()).portal();
  await east.rests();
  assert.equal(east.app.get().counts.onPhone, 1);
  await east.waits(600);
  const again = await east.server.next();
  again.respond(200, { ok: true });
  await east.rests();
  assert.equal(east.app.get().counts.onPhone, 1);
  assert.equal(east.app.get().sync.problem.code, "portal");
});

test("a household that is handed over leaves, though a refused visit of it keeps the photo that nobody wants", () => {
  const photo = { done: false, problem: undefined, owners: ["v1"] };
  const visit = (state) => ({ id: "v1", subject: "h1", state });
  assert.deepEqual([...busySubjects([visit("settled")], [photo], [])], ["h1"]);
  assert.deepEqual([...busySubjects([visit("refused")], [photo], [])], []);
});

test("one refused operation stays for a person and the others go on", async () => {
  const east = await phone();
  await east.signsIn();
  await east.app.correct("h1", { phone: "222" });
  await east.app.correct("h1", { phone: "333" });
  let request = await east.server.next();
  const seen = new Map();
  for (;;) {
    for (const { id } of request.json.operations) seen.set(id, id);
    const receipts = request.json.operations.map((each) => (each.id === [...seen.keys()][0]
      ? { id: each.id, status: "refused", problem: { code: "bad", title: { zh: "内容有误" } } } : applied(each, 3)));
    request.respond(200, nothingNew({ receipts }));
    if (seen.size === 2) break;
    request = await east.server.next();
  }
  await east.rests();
  const views = await east.app.outbox();
  assert.deepEqual(views.map((view) => view.state).sort(), ["received", "refused"]);
  assert.equal(views.find((view) => view.state === "refused").problem, "内容有误");
  assert.equal(east.app.get().counts.attention, 1);
});

test("offline corrections of one record form a chain on one branch", async () => {
  const east = await phone();
  await east.signsIn();
  for (const number of ["1", "2", "3"]) await east.app.correct("h1", { phone: number });
  const entries = (await outbox(east)).sort((one, other) => one.seq - other.seq);
  const links = entries.map((entry) => JSON.parse(entry.body));
  assert.deepEqual(links.map((link) => link.base_version), [1, 2, 3]);
  assert.deepEqual(links.map((link) => link.trunk_version), [1, 1, 1]);
  assert.equal(new Set(links.map((link) => link.branch_id)).size, 1);
  const [{ properties }] = [(await east.app.record("h1")).household];
  const shown = properties.find((each) => each.name === "phone");
  assert.equal(shown.value, "3");
  assert.ok(shown.pending);
});

test("a household handed over stays until the work on it has gone", async () => {
  const east = await phone();
  await east.signsIn();
  await east.app.correct("h1", { phone: "222" });
  let request = await east.server.next();
  await east.app.correct("h1", { phone: "333" });
  request.respond(200, nothingNew({ receipts: [applied(request.json.operations[0])], scope: { remove: ["h1"] }, cursor: "c2" }));
  request = await east.server.next();
  assert.equal((await east.app.households()).length, 1);
  request.respond(200, nothingNew({ receipts: [applied(request.json.operations[0], 3)], cursor: "c3" }));
  await east.rests();
  assert.equal((await east.app.households()).length, 0);
  assert.equal((await east.db().all("entities")).length, 0);
});

test("pausing stops after the request under way, pressing the button goes on", async () => {
  const east = await phone();
  await east.signsIn();
  east.app.pause();
  await east.app.correct("h1", { phone: "222" });
  await east.rests();
  assert.ok(east.server.isQuiet());
  assert.ok(east.app.get().sync.paused);
  const pressed = east.app.syncNow();
  const request = await east.server.next();
  request.respond(200, nothingNew({ receipts: [applied(request.json.operations[0])] }));
  await pressed;
  assert.equal(east.app.get().counts.onPhone, 0);
});

test("when two households of this phone become one, the people and visits of both stay on it", async () => {
  const east = await phone();
  const member = (subject, version) => ({ kind: "entity", dataset: "members", id: "m1", subject, version, label: "小芳", at: 1, by: "x", properties: {} });
  const page = firstPage();
  page.scope.add.push({ subject: "h2", role: "cadre" });
  page.changes.push({ ...page.changes[0], id: "h2", subject: "h2", label: "李四" }, member("h2", 1));
  await east.signsIn(page);
  const pressed = east.app.syncNow();
  (await east.server.next()).respond(200, nothingNew({ cursor: "c2", scope: { remove: ["h2"] }, changes: [member("h1", 2)] }));
  await pressed;
  assert.deepEqual((await east.app.record("h1")).members.map(({ label }) => label), ["小芳"]);
  assert.equal(await east.db().get("entities", "h2"), undefined);
});

test("a phone too full to write still sends what it has", async () => {
  const east = await phone();
  await east.signsIn();
  east.app.pause();
  await east.app.correct("h1", { phone: "222" });
  // As a browser says it, with a number of old for a code.
  east.db().failNext = new DOMException("full", "QuotaExceededError");
  const pressed = east.app.syncNow();
  const request = await east.server.next();
  request.respond(200, nothingNew({ receipts: [applied(request.json.operations[0])] }));
  await pressed;
  assert.equal(east.app.get().counts.onPhone, 0);
});

test("a phone too full to take the answer says so, and not that something unforeseen happened", async () => {
  const east = await phone();
  await east.signsIn();
  const pressed = east.app.syncNow();
  const request = await east.server.next();
  east.db().failNext = new DOMException("full", "QuotaExceededError");
  request.respond(200, nothingNew());
  await pressed;
  assert.equal(east.app.get().sync.problem.code, "storage-full");
});

test("a phone that cannot read for a moment, as when it is short of memory, goes on sending later and does not say that it sends meanwhile", async () => {
  const east = await phone();
  await east.signsIn();
  await east.app.correct("h1", { phone: "222" });
  const request = await east.server.next();
  const db = east.db();
  const { all, write } = db;
  db.write = async (writes, how) => {
    await write(writes, how);
    // The answer is in; what is looked at next cannot be read.
    if (writes.some(({ put }) => put?.cursor === "c2")) db.all = () => Promise.reject(new DOMException("internal error", "UnknownError"));
  };
  request.respond(200, nothingNew({ cursor: "c2", more: true, receipts: request.json.operations.map((each) => applied(each)) }));
  await east.rests();
  assert.equal(east.app.get().sync.problem.code, "unknown");
  Object.assign(db, { all, write });
  await east.waits(600);
  assert.equal((await east.server.next()).path, "/api/v1/feed?cursor=c2");
});

test("a clock that was a year ahead and is set right does not hold up the next try", async () => {
  const east = await phone();
  await east.signsIn();
  const year = 365 * 24 * 3600;
  east.clock.now += year * 1000;
  await east.app.correct("h1", { phone: "222" });
  (await east.server.next()).drop();
  await east.rests();
  east.clock.now -= year * 1000;
  east.wake("visible");
  assert.equal((await east.server.next()).path, "/api/v1/sync");
});

test("all definitions that a phone lacks are one request, and the visit comes first", async () => {
  const east = await phone();
  const page = firstPage();
  const more = [{ kind: "form", form: "a_check", version: "1", title: {}, subject_dataset: "households" }, { kind: "dataset", name: "members", version: 3 }];
  await east.signsIn({ ...page, changes: [...more, ...page.changes] });
  assert.ok(east.server.isQuiet());
  assert.deepEqual(east.wanted, ["form/visit/1", "dataset/households/1", "dataset/members/3", "form/a_check/1"]);
  assert.deepEqual((await east.db().all("forms")).map(({ form, definition }) => [form, !!definition]), [["a_check", true], ["visit", true]]);
});

test("what arrived before the line broke is kept, and only the rest is asked for again", async () => {
  const east = await phone();
  const done = east.app.signIn({ code: "c" });
  (await east.server.next()).respond(201, { token: "t1", person: { id: "p1", name: "王" }, feed: { id: "f1", name: "县" } });
  await done;
  (await east.server.next()).respond(200, firstPage());
  assert.deepEqual(await east.getsDefinitions({ cut: 1 }), ["form/visit/1", "dataset/households/1"]);
  await east.rests();
  assert.equal(east.app.get().sync.problem.code, "no-network");
  assert.deepEqual((await east.app.record("h1")).forms.map(({ form }) => form), ["visit"]);
  await east.waits(600);
  assert.deepEqual(await east.getsDefinitions(), ["dataset/households/1"]);
  await east.rests();
  assert.equal(east.app.get().sync.problem, null);
});

test("a definition the server no longer has is asked for no more, and an answer that says nothing ends the round", async () => {
  const east = await phone();
  const done = east.app.signIn({ code: "c" });
  (await east.server.next()).respond(201, { token: "t1", person: { id: "p1", name: "王" }, feed: { id: "f1", name: "县" } });
  await done;
  (await east.server.next()).respond(200, firstPage());
  (await east.server.next()).respond(200);
  await east.rests();
  await east.waits(600);
  const request = await east.server.next();
  for (const told of [{ form: "visit", version: "1" }, { dataset: "households", version: "1" }]) request.ask.each(told);
  request.respond(200);
  await east.rests();
  assert.deepEqual([...(await east.db().all("forms")), ...(await east.db().all("datasets"))], []);
  assert.ok(east.server.isQuiet());
});
