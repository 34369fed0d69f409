/** A household that no list has: begun on the phone, shown and visited there before anybody else has heard of it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { HOUSEHOLDS, VISIT, firstPage, phone } from "./support/phone.js";
import { nothingNew } from "./support/line.js";

const NEW = {
  form: "household", version: "1", title: { zh: "新户登记" }, languages: ["zh"], default_language: "zh", root: "/data",
  subject_dataset: "households", new_subject: true, choices: {}, reads: { villages: ["label"], register: ["label", "who", "id_no"] },
  nodes: [
    { name: "village", ref: "/data/village", kind: "question", type: "select_one", choices: "villages", label: { zh: "村" } },
    { name: "head", ref: "/data/head", kind: "question", type: "string", label: { zh: "户主" } },
  ],
  entities: [{ dataset: "households", path: "/data", create: true, saves: { hamlet: "/data/village", head_name: "/data/head" },
    label: ["p", "/", [["c", "data"], ["c", "head"]]] }],
};

/** A phone with both forms, which may register in one village. */
async function east(kept) {
  const held = await phone(kept);
  const page = firstPage({ villages: [["001", "岩寺村"]] });
  page.changes.push({ kind: "form", form: "household", version: "1", digest: "n", title: NEW.title, subject_dataset: "households" });
  const done = held.app.signIn({ code: "c" });
  (await held.server.next()).respond(201, { token: "t1", person: { id: "p1", name: "王干部", unit: "乡", roles: [] }, feed: { id: "f1", name: "县", rescue_key: "server" } });
  await done;
  (await held.server.next()).respond(200, page);
  const request = await held.server.next();
  for (const each of new URLSearchParams(request.path.split("?")[1]).getAll("want")) {
    const [kind, name, version] = each.split("/");
    const form = name === "household" ? NEW : VISIT;
    request.ask.each({ [kind]: name, version, definition: kind === "form" ? form : HOUSEHOLDS.definition });
  }
  request.respond(200);
  await held.rests();
  held.app.pause();
  return held;
}

/** Register the family of this head; answers the household's id. */
async function registers({ app }, head) {
  const id = await app.startVisit("", "household");
  const { form, subject } = await app.openDraft(id);
  form.set("/data/head", head);
  await app.saveDraft(id);
  await app.finish(id);
  return { id, home: subject };
}

const receipt = (id, home, status, more = {}) => ({ id, status, duplicate: false, received_at: 1_795_000_000_000,
  effects: [{ entity: home, dataset: "households", status, version: status === "applied" ? 1 : null }], ...more });

/** Send what waits and answer with these receipts. */
async function sends(held, receipts, more = {}) {
  const done = held.app.syncNow();
  const request = await held.server.next();
  request.respond(200, nothingNew({ receipts, ...more }));
  await done;
  await held.rests();
  held.app.pause();
  return request.json.operations;
}

test("a household that was found stands in the list at once and is visited before anything is sent", async () => {
  const held = await east();
  const { forms, drafts } = await held.app.beginnings();
  assert.deepEqual([forms.map((each) => each.form), drafts], [["household"], []]);
  const { id, home } = await registers(held, "赵六");
  const [row] = (await held.app.households()).filter((each) => each.id === home);
  assert.deepEqual([row.name, row.unsent, row.state], ["赵六", true, "todo"]);
  const record = await held.app.record(home);
  assert.deepEqual([record.leaving, record.forms.map((each) => each.form)], [false, ["visit"]]);

  const visit = await held.app.startVisit(home, "visit");
  const open = await held.app.openDraft(visit);
  assert.deepEqual([open.gone, open.begins, open.subjectName], [false, false, "赵六"]);
  open.form.set("/data/phone", "09990000001");
  await held.app.finish(visit);

  const sent = await sends(held, [receipt(id, home, "applied"), receipt(visit, home, "applied")]);
  assert.deepEqual(sent.map((each) => each.id), [id, visit], "the household first");
  const [body, after] = sent.map((each) => JSON.parse(each.body));
  assert.deepEqual([body.subject, body.entities[0].id, body.entities[0].create, after.subject], [home, home, true, home]);
  assert.deepEqual(held.app.get().month, { done: 1, total: 2 });
  // What the server says of it may come pages later.
  assert.equal((await held.app.households()).some((each) => each.id === home && !each.unsent), true);
});

test("the only village there is need not be chosen, and what is here already is known to the form", async () => {
  const held = await east();
  const id = await held.app.startVisit("", "household");
  const { form } = await held.app.openDraft(id);
  assert.equal(form.answers().village, "001");
  await held.app.closeDraft(id);
  assert.deepEqual((await held.app.beginnings()).drafts.map((each) => each.id), [id]);
});

test("a draft of a new household outlives the tab, and its leaving leads back to the list", async () => {
  const held = await east();
  const id = await held.app.startVisit("", "household");
  const open = await held.app.openDraft(id);
  open.form.set("/data/head", "赵六");
  await held.app.saveDraft(id);
  const again = await phone({ device: held.device, databases: held.databases });
  const later = await again.app.openDraft(id);
  assert.deepEqual([later.begins, later.gone, later.subjectName, later.form.answers().head], [true, false, "新户登记", "赵六"]);
  await again.app.finish(id);
  assert.equal((await again.app.households()).some((each) => each.name === "赵六"), true);
});

test("one that a person looks at stays here to be put right, and goes when it is refused", async () => {
  const held = await east();
  const { id, home } = await registers(held, "赵六");
  const problem = { code: "elsewhere", title: { zh: "不负责" }, remedy: { zh: "点“修改”" } };
  await sends(held, [receipt(id, home, "review", { problem })]);
  const [row] = (await held.app.households()).filter((each) => each.id === home);
  assert.equal(row.state, "attention");
  const amended = await held.app.amend(id);
  const { form, subject } = await held.app.openDraft(amended);
  assert.deepEqual([subject, form.answers().head], [home, "赵六"]);
  await held.app.finish(amended);
  const [sent] = await sends(held, [receipt(amended, home, "refused", { problem: { code: "declined" } })],
    { notices: [{ id: 9, kind: "verdict", at: 1, operation: id, receipt: receipt(id, home, "refused", { problem: { code: "replaced" } }) }] });
  assert.deepEqual([JSON.parse(sent.body).replaces, JSON.parse(sent.body).entities[0].id], [id, home]);
  assert.equal((await held.app.households()).some((each) => each.id === home), false);
});

test("one that a person looks at for two months is on the phone all the while, with its visits, and is put right then", async () => {
  const held = await east();
  const { id, home } = await registers(held, "赵六");
  const visit = await held.app.startVisit(home, "visit");
  (await held.app.openDraft(visit)).form.set("/data/phone", "09990000001");
  await held.app.finish(visit);
  await sends(held, [receipt(id, home, "review", { problem: { code: "elsewhere" } }), { ...receipt(visit, home, "review"), effects: [] }]);
  const later = nothingNew().server_time + 60 * 24 * 3600 * 1000;
  await sends(held, [], { server_time: later });
  assert.deepEqual((await held.db().all("outbox")).map((entry) => entry.id), [id, visit]);
  const [row] = (await held.app.households()).filter((each) => each.id === home);
  assert.deepEqual([row?.name, row?.state], ["赵六", "attention"]);
  const amended = await held.app.amend(id);
  assert.deepEqual([(await held.app.openDraft(amended)).subject], [home]);
  await held.app.closeDraft(amended);
  // Once somebody has decided it goes the way of all others.
  const notice = (operation) => ({ kind: "verdict", at: later, operation, receipt: receipt(operation, home, "applied") });
  const brought = { kind: "entity", dataset: "households", id: home, subject: home, version: 1, label: "赵六", at: later, by: "王干部", properties: {} };
  await sends(held, [], { server_time: later, notices: [{ id: 8, ...notice(id) }, { id: 9, ...notice(visit) }],
    scope: { add: [{ subject: home, role: "cadre" }] }, changes: [brought] });
  await sends(held, [], { server_time: later + 1 });
  assert.deepEqual(await held.db().all("outbox"), []);
  assert.equal((await held.app.households()).some((each) => each.id === home), true);
});

test("once it is in the register its village is not offered for another, which no server would take, and says what to do", async () => {
  const held = await east();
  await held.db().write([{ store: "meta", put: { ...(await held.db().get("meta", "replica")), villages: [["001", "岩寺村"], ["002", "山背村"]] } }]);
  const village = async (id) => {
    const { form } = await held.app.openDraft(id);
    return form.page(0).find((each) => each.ref === "/data/village");
  };
  const id = await held.app.startVisit("", "household");
  const { form, subject: home } = await held.app.openDraft(id);
  assert.deepEqual((await village(id)).choices.map((each) => each.label), ["岩寺村", "山背村"]);
  form.set("/data/village", "001");
  form.set("/data/head", "赵六");
  await held.app.finish(id);
  const brought = { kind: "entity", dataset: "households", id: home, subject: home, version: 1, label: "赵六", at: 1, by: "王干部", properties: { area_code: "001" } };
  await sends(held, [receipt(id, home, "applied")], { scope: { add: [{ subject: home, role: "cadre" }] }, changes: [brought] });
  const { value, choices } = await village(await held.app.amend(id));
  assert.deepEqual([value, choices.map((each) => [each.value, each.label])], ["001", [["001", "岩寺村 · 已登记。村选错了，请撤回后重新登记"]]]);
});

test("a visit that is on the phone alone names no author, and leaves no place for one", async () => {
  const held = await east();
  const { home } = await registers(held, "赵六");
  const [visit] = (await held.app.record(home)).visits;
  assert.equal("author" in visit, false);
});

test("what was filled in while its registration waits is shown, and what is filled in after it comes after it", async () => {
  const held = await east();
  const { id, home } = await registers(held, "赵六");
  const problem = { code: "registration-waits" };
  const visits = async (said) => {
    const visit = await held.app.startVisit(home, "visit");
    (await held.app.openDraft(visit)).form.set("/data/phone", said);
    await held.app.finish(visit);
    return visit;
  };
  const first = await visits("09990000001");
  await sends(held, [receipt(id, home, "review", { problem: { code: "elsewhere" } }), { ...receipt(first, home, "review", { problem }) }]);
  const { household } = await held.app.record(home);
  assert.equal(household.properties.find((each) => each.name === "phone").value, "09990000001");
  const second = await visits("09990000002");
  const [sent] = await sends(held, [receipt(second, home, "review", { problem })]);
  const [declared] = JSON.parse(sent.body).entities;
  assert.deepEqual([declared.base_version, declared.seen_base, declared.unseen], [2, 0, undefined]);
});

/** Send what waits, lose the answer, and send again: the server knows it by then, and has more to tell than one page. */
async function sendsTwice(held, receipts, page = {}) {
  const lost = held.app.syncNow();
  (await held.server.next()).drop();
  await lost;
  const done = held.app.syncNow();
  (await held.server.next()).respond(200, nothingNew({ receipts: receipts.map((each) => ({ ...each, duplicate: true })), more: true, ...page }));
  return { done, last: await held.server.next() };
}

test("one whose receipt was lost stays in the list until the last page brings it, and its visit is opened meanwhile", async () => {
  const held = await east();
  const { id, home } = await registers(held, "赵六");
  const visit = await held.app.startVisit(home, "visit");
  const { done, last } = await sendsTwice(held, [receipt(id, home, "applied")]);
  assert.equal((await held.app.households()).find((each) => each.id === home)?.name, "赵六");
  assert.equal((await held.app.openDraft(visit)).gone, false);
  await held.app.closeDraft(visit);
  last.respond(200, nothingNew({ scope: { add: [{ subject: home, role: "cadre" }] } }));
  await done;
  assert.equal((await held.app.households()).some((each) => each.id === home), true);
});

test("one whose receipt was lost goes when the pages say that somebody else holds it by now", async () => {
  const held = await east();
  const { id, home } = await registers(held, "赵六");
  const { done, last } = await sendsTwice(held, [receipt(id, home, "applied")]);
  last.respond(200, nothingNew({ scope: { remove: [home] } }));
  await done;
  assert.equal((await held.app.households()).some((each) => each.id === home), false);
});

test("what a restored server knows still of a household given away long ago does not bring it back", async () => {
  const held = await east();
  const { id, home } = await registers(held, "赵六");
  await sends(held, [receipt(id, home, "applied")], { scope: { remove: [home] } });
  const done = held.app.syncNow();
  const later = { server_time: nothingNew().server_time + 1, epoch: "e2" };
  (await held.server.next()).respond(200, nothingNew({ ...later, pull: "reset", cursor: null }));
  (await held.server.next()).respond(200, nothingNew({ ...later, receipts: [receipt(id, home, "applied", { duplicate: true })], more: true }));
  const last = await held.server.next();
  assert.equal((await held.app.households()).some((each) => each.id === home), false);
  last.respond(200, nothingNew(later));
  await done;
  assert.equal((await held.app.households()).some((each) => each.id === home), false);
});

test("one whose receipt was lost goes with the snapshot that does not bring it", async () => {
  const held = await east();
  const reset = held.app.syncNow();
  (await held.server.next()).respond(200, nothingNew({ epoch: "e2", pull: "reset", cursor: null }));
  (await held.server.next()).drop();
  await reset;
  const { id, home } = await registers(held, "赵六");
  const { done, last } = await sendsTwice(held, [receipt(id, home, "applied")], { epoch: "e2" });
  assert.equal((await held.app.households()).some((each) => each.id === home), true);
  last.respond(200, nothingNew({ epoch: "e2" }));
  await done;
  assert.equal((await held.app.households()).some((each) => each.id === home), false);
});

test("one that was given to somebody else does not come back from the outbox", async () => {
  const held = await east();
  const { id, home } = await registers(held, "赵六");
  await sends(held, [receipt(id, home, "applied")]);
  const done = held.app.syncNow();
  (await held.server.next()).respond(200, nothingNew({ scope: { remove: [home] } }));
  await done;
  assert.equal((await held.app.households()).some((each) => each.id === home), false);
});
