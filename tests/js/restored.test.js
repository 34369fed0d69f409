/** A server that was put back from a backup is given again what it forgot, and the phone takes a new snapshot. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { again, expired, verdict } from "../../fieldsvc/static/core/outbox.js";
import { applied, nothingNew } from "./support/line.js";
import { firstPage, phone } from "./support/phone.js";

const outbox = (east) => east.db().all("outbox");

test("a server put back from a backup is given again what it forgot, then the phone takes a new snapshot", async () => {
  const east = await phone();
  await east.signsIn(firstPage());
  await east.app.correct("h1", { phone: "222" });
  let request = await east.server.next();
  const sent = request.json.operations;
  request.respond(200, nothingNew({ receipts: [applied(sent[0])], cursor: "c2" }));
  await east.rests();

  const pressed = east.app.syncNow();
  request = await east.server.next();
  assert.equal(request.json.cursor, "c2");
  request.respond(200, nothingNew({ epoch: "e2", pull: "reset", cursor: null }));
  request = await east.server.next();
  assert.equal(request.json.cursor, null);
  assert.deepEqual(request.json.operations, sent);
  assert.equal((await east.app.households()).length, 1, "the village list stays readable meanwhile");
  request.respond(200, firstPage({ epoch: "e2", receipts: [applied(sent[0])], cursor: "d1", scope: { add: [{ subject: "h2", role: "cadre" }] },
    changes: [{ kind: "entity", dataset: "households", id: "h2", subject: "h2", version: 1, label: "李四", at: 1, by: "x", properties: {} }] }));
  await pressed;
  assert.deepEqual((await east.app.households()).map((row) => row.name), ["李四"]);
});

test("what a server of another history receipts while it says so is sent again too, so that a second restore is noticed", async () => {
  const east = await phone();
  await east.signsIn();
  await east.app.correct("h1", { phone: "222" });
  let request = await east.server.next();
  const sent = request.json.operations;
  request.respond(200, { epoch: "e2", server_time: 1_795_000_000_000, pull: "reset", receipts: sent.map((each) => applied(each)) });
  request = await east.server.next();
  assert.deepEqual([request.json.cursor, request.json.operations], [null, sent]);
  request.respond(200, firstPage({ epoch: "e2", receipts: sent.map((each) => applied(each)) }));
  await east.rests();
  assert.deepEqual((await east.db().all("outbox")).map(({ state }) => state), ["settled"]);
});

test("what the lost history refused is sent again too: the server that was put back knows nothing of it", async () => {
  const east = await phone();
  await east.signsIn();
  await east.app.correct("h1", { phone: "222" });
  let request = await east.server.next();
  const sent = request.json.operations;
  request.respond(200, nothingNew({ receipts: [{ id: sent[0].id, status: "refused", problem: { code: "withdrawn" } }] }));
  await east.rests();
  assert.deepEqual((await east.db().all("outbox")).map(({ state }) => state), ["refused"]);

  const pressed = east.app.syncNow();
  (await east.server.next()).respond(200, nothingNew({ epoch: "e2", pull: "reset", cursor: null }));
  request = await east.server.next();
  assert.deepEqual(request.json.operations, sent);
  request.respond(200, firstPage({ epoch: "e2", receipts: [applied(sent[0])], cursor: "d1" }));
  await pressed;
  assert.deepEqual((await east.db().all("outbox")).map(({ state }) => state), ["settled"]);
});

test("a visit refused long ago that a restored server takes is of today, so that it stays until its photos went", () => {
  const long = 60 * 86_400_000;
  const refused = { id: "v1", state: "refused", settled_at: 1, touches: [] }, known = { ...refused, id: "v2", state: "settled" };
  const both = again([refused, known], []).map(({ put }) => verdict(put, applied(put), 1 + long));
  assert.deepEqual(expired(both, 2 + long).map(({ id }) => id), ["v2"]);
});

test("a refusal that comes with the news of another history is asked for once more, like every receipt, and stays one", async () => {
  const east = await phone();
  await east.signsIn();
  await east.app.correct("h1", { phone: "222" });
  const request = await east.server.next();
  const receipts = request.json.operations.map(({ id }) => ({ id, status: "refused", problem: { code: "bad", title: { zh: "内容有误" } } }));
  request.respond(200, { epoch: "e2", server_time: 1_795_000_000_000, pull: "reset", receipts });
  const again = await east.server.next();
  assert.deepEqual([again.path, again.json.operations], ["/api/v1/sync", request.json.operations]);
  again.respond(200, firstPage({ epoch: "e2", receipts }));
  await east.rests();
  assert.deepEqual((await east.app.outbox()).map(({ state }) => state), ["refused"]);
});

test("after a restore, somebody else's row under a number given again hides none of the own changes it does not hold", async () => {
  const east = await phone();
  await east.signsIn();
  await east.app.correct("h1", { phone: "222" });
  await east.app.correct("h1", { hamlet: "下组" });
  let version = 1;
  for (let sent = 0; sent < 2;) {
    const request = await east.server.next();
    sent += request.json.operations.length;
    request.respond(200, nothingNew({ receipts: request.json.operations.map((each) => applied(each, (version += 1))) }));
  }
  await east.rests();
  const pressed = east.app.syncNow();
  (await east.server.next()).respond(200, nothingNew({ epoch: "e2", pull: "reset", cursor: null }));
  const again = await east.server.next();
  assert.equal(again.json.operations.length, 2);
  const row = { ...firstPage().changes[0], version: 3, properties: { phone: "777", hamlet: "上组" } };
  again.respond(200, firstPage({ epoch: "e2", changes: [row], cursor: "d1" }));
  await pressed;
  const { properties } = (await east.app.record("h1")).household;
  assert.deepEqual(properties.map(({ value }) => value), ["222", "下组"]);
});

test("after a restore, a member whom the snapshot does not bring leaves a household that is still worked on", async () => {
  const east = await phone();
  const first = firstPage();
  const child = { ...first.changes[0], dataset: "members", id: "m1", version: 1, label: "小王", properties: {} };
  await east.signsIn({ ...first, changes: [...first.changes, child] });
  const visit = await east.app.startVisit("h1", "visit");
  const pressed = east.app.syncNow();
  (await east.server.next()).respond(200, nothingNew({ epoch: "e2", pull: "reset", cursor: null }));
  (await east.server.next()).respond(200, firstPage({ epoch: "e2", cursor: "d1" }));
  await pressed;
  assert.deepEqual((await east.db().all("entities")).map(({ id }) => id), ["h1"]);
  assert.equal((await east.app.openDraft(visit)).gone, false);
});

/** The household of the first page with somebody born in it and a visit, and a draft about it; then the server is put back. */
async function bornInAnotherHistory() {
  const east = await phone();
  const first = firstPage();
  const child = { ...first.changes[0], dataset: "members", id: "m1", version: 1, label: "小王", properties: {} };
  const visit = { kind: "submission", id: "s1", form: "visit", version: "1", subject: "h1", author: "西", author_id: "p2", started_at: 1, received_at: 1, state: "passed" };
  const back = { id: 7, kind: "return", at: 1, subject: "h1", submission: "s1", form: "visit", form_version: "1" };
  await east.signsIn({ ...first, changes: [...first.changes, child, visit], notices: [back] });
  const draft = await east.app.startVisit("h1", "visit");
  return { east, draft, held: async () => (await Promise.all(["subjects", "entities", "submissions", "notices"].map((store) => east.db().all(store)))).flat().map(({ id }) => id) };
}

test("what the lost history made of a household leaves when the snapshot ends without it and it comes back later", async () => {
  const { east, draft, held } = await bornInAnotherHistory();
  let pressed = east.app.syncNow();
  (await east.server.next()).respond(200, nothingNew({ epoch: "e2", pull: "reset", cursor: null }));
  (await east.server.next()).respond(200, nothingNew({ epoch: "e2", cursor: "d1" }));
  await pressed;
  assert.deepEqual(await held(), ["h1", "h1", "m1", "s1", 7], "with a draft open all of it stays");
  pressed = east.app.syncNow();
  (await east.server.next()).respond(200, firstPage({ epoch: "e2", cursor: "d2" }));
  await pressed;
  assert.deepEqual(await held(), ["h1", "h1"]);
  assert.equal((await east.app.openDraft(draft)).gone, false);
});

test("what left a household while that was leaving is not there when it comes back", async () => {
  const { east, held } = await bornInAnotherHistory();
  let pressed = east.app.syncNow();
  (await east.server.next()).respond(200, nothingNew({ cursor: "c2", scope: { remove: ["h1"] } }));
  await pressed;
  assert.deepEqual(await held(), ["h1", "h1", "m1", "s1", 7]);
  pressed = east.app.syncNow();
  (await east.server.next()).respond(200, firstPage({ cursor: "c3" }));
  await pressed;
  assert.deepEqual(await held(), ["h1", "h1", 7], "what a person is told is told once");
});

test("after a restored backup a household that is no longer hers leaves once the draft about it is gone", async () => {
  const east = await phone();
  await east.signsIn();
  const id = await east.app.startVisit("h1", "visit");
  const pressed = east.app.syncNow();
  (await east.server.next()).respond(200, nothingNew({ epoch: "e2", pull: "reset", cursor: null }));
  (await east.server.next()).respond(200, nothingNew({ epoch: "e2" }));
  await pressed;
  assert.equal((await east.app.households()).length, 1, "with a draft open it stays");
  assert.ok((await east.app.openDraft(id)).gone);
  await east.app.discardDraft(id);
  const again = east.app.syncNow();
  (await east.server.next()).respond(200, nothingNew({ epoch: "e2" }));
  await again;
  assert.deepEqual(await east.app.households(), []);
  assert.deepEqual(await east.db().all("entities"), []);
});

test("an amendment of a visit that is sent again leaves what it repeats alone", async () => {
  const east = await phone();
  await east.signsIn();
  const id = await east.app.startVisit("h1", "visit");
  (await east.app.openDraft(id)).form.set("/data/phone", "222");
  await east.app.finish(id);
  (await east.server.next()).respond(200, nothingNew({ receipts: [applied({ id }, 2)], cursor: "c2" }));
  await east.rests();
  // Somebody else's word of later, which is in the backup too.
  const row = { ...firstPage().changes[0], version: 5, properties: { phone: "777", hamlet: "上组" } };
  const pressed = east.app.syncNow();
  (await east.server.next()).respond(200, nothingNew({ changes: [row], cursor: "c3" }));
  await pressed;
  const again = east.app.syncNow();
  (await east.server.next()).respond(200, nothingNew({ epoch: "e2", pull: "reset", cursor: null }));
  east.app.pause();
  await again;
  assert.equal((await east.db().get("outbox", id)).receipt, undefined);

  const amended = await east.app.amend(id);
  await east.app.openDraft(amended);
  await east.app.finish(amended);
  const [said] = JSON.parse((await east.db().get("outbox", amended)).body).entities;
  assert.deepEqual((await east.db().get("outbox", amended)).touches[0].changes, {});
  assert.deepEqual(said.was, {});
  assert.equal(said.seen_base, said.base_version);
});

/** A phone whose one correction has arrived. */
async function withASentCorrection() {
  const east = await phone();
  await east.signsIn();
  await east.app.correct("h1", { phone: "222" });
  const request = await east.server.next();
  const [sent] = request.json.operations;
  request.respond(200, nothingNew({ receipts: [applied(sent)], cursor: "c2" }));
  await east.rests();
  return { east, sent };
}

/** Its owner signs in again, and it asks. @returns {Promise<any>} the request */
async function signsInAgain(east) {
  const again = east.app.signIn({ code: "c" });
  (await east.server.next()).respond(201, { token: "t2", person: { id: "p1", name: "王干部" }, feed: { id: "f1", name: "县" } });
  await again;
  return east.server.next();
}

test("who signed out with something unsent gives all she has again: the phone has forgotten in which history it was received", async () => {
  const { east, sent } = await withASentCorrection();
  east.app.pause();
  await east.app.correct("h1", { phone: "333" });
  const out = east.app.signOut({ force: true });
  (await east.server.next()).drop();
  await out;
  const request = await signsInAgain(east);
  assert.equal(request.json.cursor, null);
  assert.deepEqual(request.json.operations.map(({ id }) => id), [sent.id, (await east.db().all("outbox"))[1].id]);
  assert.deepEqual(request.json.operations[0], sent);
});

test("signed out as lost by a server that was put back meanwhile, a phone keeps what that forgot, and gives it again", async () => {
  const { east, sent } = await withASentCorrection();
  void east.app.syncNow();
  const title = { zh: "停用" };
  (await east.server.next()).respond(401, { code: "device-revoked", title, pull: "reset" });
  (await east.server.next()).respond(401, { code: "device-revoked", title });
  await east.rests();
  await east.rests();
  assert.equal(east.app.get().phase, "signin");
  assert.deepEqual(await east.databases.get("p1").all("entities"), []);
  assert.deepEqual((await signsInAgain(east)).json.operations, [sent]);
});

test("of photos it gave before, a phone asks the restored server first: what that has is not sent twice", async () => {
  const { east } = await withASentCorrection();
  await east.db().write([{ store: "chunks", put: { sha256: "ab", index: 0, bytes: new Uint8Array(100_000) } }, { store: "photos", put: { sha256: "ab", bytes: 100_000, type: "image/jpeg", owners: [(await east.db().all("outbox"))[0].id],
    done: true, location: "/api/v1/uploads/1", sent: 100_000, thumb_sent: true } }]);
  const pressed = east.app.syncNow();
  (await east.server.next()).respond(200, nothingNew({ epoch: "e2", pull: "reset", cursor: null }));
  const again = await east.server.next();
  again.respond(200, firstPage({ epoch: "e2", receipts: again.json.operations.map((each) => applied(each)), cursor: "d1" }));
  const photo = await east.server.next();
  assert.deepEqual([photo.method, photo.path, photo.ask.bytes.byteLength], ["POST", "/api/v1/uploads", 0]);
  photo.respond(201, null, { "Upload-Offset": "100000", Location: "/api/v1/uploads/2" });
  await pressed;
  assert.equal((await east.db().get("photos", "ab")).done, true);
});

test("a form left open over a forced sign-out still says what was on its screen, whatever the record is by then", async () => {
  const east = await phone();
  await east.signsIn();
  east.app.pause();
  const id = await east.app.startVisit("h1", "visit");
  (await east.app.openDraft(id)).form.set("/data/phone", "222");
  await east.app.saveDraft(id, 0);
  const out = east.app.signOut({ force: true });
  (await east.server.next()).drop();
  await out;
  assert.deepEqual((await east.databases.get("p1").all("meta")).map((row) => row.id), [`shown/${id}`]);
  // The office changed it meanwhile, or an older backup was put back and the number given again.
  const row = { ...firstPage().changes[0], properties: { phone: "777", hamlet: "上组" } };
  (await signsInAgain(east)).respond(200, firstPage({ changes: [row, ...firstPage().changes.slice(1)] }));
  await east.rests();
  await east.app.openDraft(id);
  await east.app.finish(id);
  const [said] = JSON.parse((await east.db().get("outbox", id)).body).entities;
  assert.deepEqual(said.was, { phone: "111" });
});
