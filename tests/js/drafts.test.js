import assert from "node:assert/strict";
import { test } from "node:test";

import { spentForms } from "../../fieldsvc/static/core/browsing.js";
import { nothingNew } from "./support/line.js";
import { VISIT, digest, inAVisit, phone } from "./support/phone.js";

const bytes = (length) => new Uint8Array(length).buffer;

test("what was typed is there again after the tab was killed", async () => {
  const { east, id, draft } = await inAVisit();
  draft.form.set("/data/phone", "999");
  await east.app.saveDraft(id, 0);

  const again = await phone(east);
  const reopened = await again.app.openDraft(id);
  assert.equal(reopened.form.answers().phone, "999");
  assert.equal(again.app.get().person.id, "p1");
});

test("a form knows as what its person meets this household, so that it offers no step another role decides", async () => {
  const roles = { ...VISIT.nodes[0], name: "roles", ref: "/data/roles", prefill: undefined, preload: "roles" };
  const east = await phone();
  await east.signsIn(undefined, { form: { ...VISIT, nodes: [...VISIT.nodes, roles] } });
  east.app.pause();
  const draft = await east.app.openDraft(await east.app.startVisit("h1", "visit"));
  assert.equal(draft.form.answers().roles.trim(), "cadre");
});

test("saving while a save is under way still keeps the last state", async () => {
  const { east, id, draft } = await inAVisit();
  const saves = ["1", "12", "123"].map((text) => {
    draft.form.set("/data/phone", text);
    return east.app.saveDraft(id);
  });
  await Promise.all(saves);
  const row = await east.db().get("drafts", id);
  assert.equal(row.content.answers.phone, "123");
});

test("starting a visit twice opens the same draft", async () => {
  const { east, id } = await inAVisit();
  assert.equal(await east.app.startVisit("h1", "visit"), id);
});

test("a finished visit leaves the drafts and enters the outbox with its base version, under the id it was opened with", async () => {
  const { east, id, draft } = await inAVisit();
  draft.form.set("/data/phone", "999");
  assert.equal(await east.app.finish(id), id);
  assert.equal((await east.db().all("drafts")).length, 0);
  const [entry] = await east.db().all("outbox");
  const body = JSON.parse(entry.body);
  assert.deepEqual(body.entities, [{
    dataset: "households", id: "h1", base_version: 1, trunk_version: 1, branch_id: body.entities[0].branch_id, seen_version: 1,
    seen_base: 1, was: { phone: "111" }, path: "/data",
  }]);
  assert.equal(body.answers.phone, "999");
  assert.deepEqual(body.context, draft && body.context);
  assert.deepEqual(entry.touches[0].changes, { phone: "999" });
});

test("finishing twice makes one operation", async () => {
  const { east, id, draft } = await inAVisit();
  draft.form.set("/data/phone", "999");
  const [one, other] = await Promise.all([east.app.finish(id), east.app.finish(id)]);
  assert.equal(one, other);
  assert.equal((await east.db().all("outbox")).length, 1);
});

test("a keystroke that comes after finishing does not bring the draft back", async () => {
  const { east, id, draft } = await inAVisit();
  const finishing = east.app.finish(id);
  const late = east.app.saveDraft(id).catch(() => {});
  draft.form.set("/data/phone", "1");
  await Promise.all([finishing, late]);
  assert.equal((await east.db().all("drafts")).length, 0);
});

test("a form with something missing cannot be finished, and nothing is lost", async () => {
  const { east, id, draft } = await inAVisit();
  draft.form.set("/data/phone", "");
  await assert.rejects(east.app.finish(id), { code: "form-unfinished", text: "还有没填完的地方，请先补齐。" });
  assert.equal((await east.db().all("drafts")).length, 1);
});

test("when the disk is full the visit stays a draft and says so", async () => {
  const { east, id, draft } = await inAVisit();
  draft.form.set("/data/phone", "999");
  await east.app.saveDraft(id);
  const { write } = east.db();
  east.db().write = async (writes, options) => {
    if (writes.some((each) => each.store === "outbox")) throw new DOMException("full", "QuotaExceededError");
    return write(writes, options);
  };
  await assert.rejects(east.app.finish(id), { code: "storage-full" });
  east.db().write = write;
  await east.app.finish(id);
  assert.equal((await east.db().all("outbox")).length, 1);
});

test("a photo taken is a photo kept: bytes, answer and draft, even if the tab dies next", async () => {
  const { east, id } = await inAVisit();
  const value = await east.app.addPhoto(id, "/data/door", bytes(400));
  assert.equal(value.bytes, 400);
  const again = await phone(east);
  const reopened = await again.app.openDraft(id);
  assert.deepEqual(reopened.form.answers().door, value);
});

test("a photo says when it was taken by the phone's own clock and how far that is from the server's; one of the gallery cannot", async () => {
  const { east, id } = await inAVisit();
  east.clock.now -= 120_000;
  const syncing = east.app.syncNow();
  (await east.server.next()).respond(200, nothingNew());
  await syncing;
  const taken = await east.app.addPhoto(id, "/data/door", bytes(400), { source: "camera" });
  assert.deepEqual([taken.taken_at, taken.clock_offset], [east.clock.now, 120_000]);
  const chosen = await east.app.addPhoto(id, "/data/door", bytes(500), { source: "gallery" });
  assert.equal("taken_at" in chosen, false);
});

test("a photo that was taken again leaves nothing of the first one behind", async () => {
  const { east, id, draft } = await inAVisit();
  draft.form.set("/data/phone", "999");
  await east.app.addPhoto(id, "/data/door", bytes(400));
  await east.app.addPhoto(id, "/data/door", bytes(500));
  await east.app.finish(id);
  assert.deepEqual((await east.db().all("photos")).map((photo) => photo.sha256), [digest(bytes(500))]);
  assert.deepEqual(new Set((await east.db().all("chunks")).map((chunk) => chunk.sha256)), new Set([digest(bytes(500)), digest(bytes(10))]));
});

test("the same picture in two visits is stored once and survives the loss of one of them", async () => {
  const { east, id } = await inAVisit();
  await east.app.addPhoto(id, "/data/door", bytes(400));
  const other = await east.app.startVisit("h1", "visit").then(() => east.app.amend("missing").catch((error) => error));
  assert.equal(other.code, "visit-not-here");
  // No sync brings what was filled in on another phone.
  assert.match(other.text, /请办公室退回/);
  await east.db().write([{ store: "photos", put: { ...(await east.db().get("photos", digest(bytes(400)))), owners: [id, "another"] } }]);
  await east.app.discardDraft(id);
  assert.deepEqual((await east.db().get("photos", digest(bytes(400)))).owners, ["another"]);
  assert.equal((await east.db().all("chunks")).length, 2);
});

test("a visit sent back opens with its answers, its comments and the versions it produced", async () => {
  const { east, id } = await inAVisit();
  await east.app.discardDraft(id);
  const pressed = east.app.syncNow();
  (await east.server.next()).respond(200, nothingNew({
    notices: [{ id: 7, kind: "return", at: 5, subject: "h1", submission: "s1", form: "visit", form_version: "1", comment: "门牌不清",
      comments: { "/data/door": "重拍" }, answers: { phone: "888" }, by: "李主任", entities: [{ dataset: "households", id: "h1", version: 4 }] }],
  }));
  await pressed;
  assert.equal(east.app.get().counts.attention, 1);
  const [sentBack] = await east.app.decisions();
  assert.equal(sentBack.comment, "门牌不清");
  assert.equal((await east.app.households())[0].state, "returned");

  const draft = await east.app.amend("s1");
  const open = await east.app.openDraft(draft);
  assert.equal(open.form.answers().phone, "888");
  assert.deepEqual(open.comments, { "/data/door": "重拍" });
  east.app.pause();
  await east.app.finish(draft);
  const body = JSON.parse((await east.db().get("outbox", draft)).body);
  assert.equal(body.replaces, "s1");
  assert.equal(body.entities[0].base_version, 4);
  assert.equal(east.app.get().counts.attention, 0);
});

test("a draft stays with the version of its form when a newer one arrives", async () => {
  const { east, id } = await inAVisit();
  const pressed = east.app.syncNow();
  (await east.server.next()).respond(200, nothingNew({
    changes: [{ kind: "form", form: "visit", version: "2", digest: "g", title: {}, subject_dataset: "households" }],
  }));
  const { version, ...rest } = (await east.db().get("forms", "visit/1")).definition;
  await east.getsDefinitions({ form: { ...rest, version: "2" } });
  await pressed;
  await east.app.closeDraft(id);
  const open = await east.app.openDraft(id);
  assert.equal(open.definition.version, version);
  assert.ok(open.formUpdated);
});

test("an old version of a form stays as long as a draft, a return or a visit of this phone needs it, and then goes", () => {
  const forms = ["1", "2", "3", "10"].map((version) => ({ id: `visit/${version}`, form: "visit", version, definition: {} }));
  const nothing = { forms, drafts: [], outbox: [], notices: [] };
  assert.deepEqual(spentForms(nothing), ["visit/1", "visit/2", "visit/3"]);
  const needed = { drafts: [{ form: "visit", version: "1" }], outbox: [{ form: "visit", version: "2" }],
    notices: [{ kind: "return", form: "visit", form_version: "3" }] };
  assert.deepEqual(spentForms({ ...nothing, ...needed }), []);
  const coming = forms.map((row) => (row.version === "10" ? { ...row, definition: null } : row));
  assert.deepEqual(spentForms({ ...nothing, forms: coming }), ["visit/1", "visit/2"], "the last whole one stays until the next is here");
});

test("after a sync the phone has let go of the version it needs no more, and still calls the old visit by its name", async () => {
  const { east, id } = await inAVisit();
  await east.app.discardDraft(id);
  const pressed = east.app.syncNow();
  (await east.server.next()).respond(200, nothingNew({
    changes: [
      { kind: "form", form: "visit", version: "2", digest: "g", title: { zh: "走访" }, subject_dataset: "households" },
      { kind: "submission", id: "v1", form: "visit", version: "1", subject: "h1", author: "x", author_id: "x", started_at: 1, received_at: 2, state: "approved" },
    ],
  }));
  const { version, ...rest } = (await east.db().get("forms", "visit/1")).definition;
  await east.getsDefinitions({ form: { ...rest, version: `${Number(version) + 1}` } });
  await pressed;
  assert.deepEqual((await east.db().all("forms")).map((row) => row.id), ["visit/2"]);
  assert.deepEqual((await east.app.record("h1")).visits.map(({ title }) => title), ["走访"]);
});

test("whoever finishes while a photo is still being made smaller sends the photo too", async () => {
  const { east, id } = await inAVisit();
  const photo = east.app.addPhoto(id, "/data/door", bytes(40));
  await east.app.finish(id);
  const { sha256 } = await photo;
  const [entry] = await east.db().all("outbox");
  assert.deepEqual(entry.photos, [{ ref: "/data/door", sha256 }]);
  assert.deepEqual((await east.db().get("photos", sha256)).owners, [id]);
});

test("leaving the form and coming back while a photo is made smaller keeps the photo and what is typed then", async () => {
  const { east, id } = await inAVisit();
  const photo = east.app.addPhoto(id, "/data/door", bytes(40));
  const left = east.app.closeDraft(id);
  const back = await east.app.openDraft(id);
  back.form.set("/data/phone", "888");
  await Promise.all([photo, left]);
  await east.app.saveDraft(id);
  const { answers } = (await east.db().get("drafts", id)).content;
  assert.equal(answers.phone, "888");
  assert.ok(answers.door.sha256);
});

test("a photo that comes too late for a discarded draft neither revives it nor stays", async () => {
  const { east, id } = await inAVisit();
  const photo = east.app.addPhoto(id, "/data/door", bytes(40));
  const late = assert.rejects(photo);
  await east.app.discardDraft(id);
  await late;
  for (const store of ["drafts", "photos", "chunks"]) assert.deepEqual(await east.db().all(store), []);
});

test("an old tab can neither write over a draft that went on in another, nor revive it, nor change what was sent", async () => {
  const { east, id, draft } = await inAVisit();
  const other = await phone(east);
  other.app.pause();
  const second = await other.app.openDraft(id);
  second.form.set("/data/phone", "222");
  await other.app.saveDraft(id);
  draft.form.set("/data/phone", "old");
  await assert.rejects(east.app.saveDraft(id), { code: "moved-on" });
  await other.app.finish(id);
  const [sent] = await east.db().all("outbox");
  await assert.rejects(east.app.finish(id), { code: "moved-on" });
  assert.deepEqual(await east.db().all("outbox"), [sent]);
  assert.deepEqual(await east.db().all("drafts"), []);
});

test("a form that another tab finished before it died leaves this tab's list with the tap on it", async () => {
  const { east, id } = await inAVisit();
  const other = await phone({ device: east.device, databases: east.databases });
  assert.deepEqual((await other.app.drafts()).map((each) => each.id), [id]);
  await east.app.finish(id);
  await assert.rejects(other.app.openDraft(id), { code: "draft-gone" });
  assert.deepEqual(await other.app.drafts(), []);
});

test("opening a draft twice at once gives one form, so that what is typed in it is what is saved", async () => {
  const { east, id } = await inAVisit();
  await east.app.closeDraft(id);
  const [one, other] = await Promise.all([east.app.openDraft(id), east.app.openDraft(id)]);
  assert.equal(one.form, other.form);
});

test("a double tap begins one visit and takes a visit back once", async () => {
  const { east, id, draft } = await inAVisit();
  draft.form.set("/data/phone", "999");
  await east.app.finish(id);
  const [one, other] = await Promise.all([east.app.startVisit("h1", "visit"), east.app.startVisit("h1", "visit")]);
  assert.equal(one, other);
  const taken = await Promise.all([east.app.withdraw(id, "wrong house"), east.app.withdraw(id, "wrong house")]);
  assert.equal(taken[0], taken[1]);
});

test("a phone that fills up between photo and thumbnail is left without half a photo", async () => {
  const { east, id } = await inAVisit();
  const taken = east.app.addPhoto(id, "/data/door", bytes(40));
  const db = east.db();
  const write = db.write;
  let chunks = 0;
  db.write = async (writes, options) => {
    if (writes.some((each) => each.put && each.store === "chunks") && ++chunks === 2) throw new DOMException("full", "QuotaExceededError");
    return write(writes, options);
  };
  await assert.rejects(taken, { code: "storage-full" });
  assert.deepEqual(await db.all("chunks"), []);
  assert.deepEqual(await db.all("photos"), []);
});
