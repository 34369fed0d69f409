import assert from "node:assert/strict";
import { test } from "node:test";

import { applied, nothingNew } from "./support/line.js";
import { firstPage, phone, VISIT } from "./support/phone.js";

const NOTHING = { ...nothingNew(), changes: [] };

test("the next person on the phone neither sees nor sends the first one's work", async () => {
  const shared = await phone();
  await shared.signsIn();
  shared.app.pause();
  await shared.app.correct("h1", { phone: "222" });
  await shared.signsIn(NOTHING, { id: "p2", name: "李干部", token: "t2" });
  assert.deepEqual(await shared.app.households(), []);
  assert.deepEqual(await shared.app.outbox(), []);
  assert.equal(shared.app.get().counts.onPhone, 0);

  const back = shared.app.signIn({ code: "c" });
  (await shared.server.next()).respond(201, { token: "t3", person: { id: "p1", name: "王干部" }, feed: { id: "f1", name: "县" } });
  await back;
  const request = await shared.server.next();
  assert.equal(request.ask.token, "t3");
  assert.deepEqual(request.json.operations.map(({ body }) => JSON.parse(body).author), ["p1"]);
});

const SESSION = { token: "t1", person: { id: "p1", name: "王干部" }, feed: { id: "f1", name: "县" } };
const VISIT_LINE = { form: "visit", version: "1", definition: VISIT };

test("a new phone gets its first page and the visit with its session, and then asks for nothing it has", async () => {
  const east = await phone();
  const done = east.app.signIn({ code: "c" });
  const request = await east.server.next();
  assert.deepEqual([request.json.begin, request.json.app], [true, "r1"]);
  for (const line of [SESSION, { page: firstPage() }, VISIT_LINE]) request.ask.each(line);
  request.respond(201);
  await done;
  assert.deepEqual((await east.app.households()).map(({ name }) => name), ["张三"]);
  assert.deepEqual(await east.getsDefinitions(), ["dataset/households/1"]);
  await east.rests();
  assert.deepEqual((await east.app.record("h1")).forms.map(({ form }) => form), ["visit"]);
  assert.ok(east.server.isQuiet());
});

test("until the households are all here for the first time nothing is said of how many were visited", async () => {
  const east = await phone();
  const done = east.app.signIn({ code: "c" });
  (await east.server.next()).respond(201, SESSION);
  await done;
  assert.equal(east.app.get().month, null);
  (await east.server.next()).respond(200, firstPage({ more: true, cursor: "half" }));
  const rest = await east.server.next();
  assert.deepEqual([rest.path, east.app.get().month], ["/api/v1/feed?cursor=half", null]);
  rest.respond(200, nothingNew({ cursor: "whole" }));
  await east.getsDefinitions();
  await east.rests();
  assert.deepEqual(east.app.get().month, { done: 0, total: 1 });
});

test("an answer cut after the session has signed the phone in, and what is missing is asked for as ever", async () => {
  const east = await phone();
  const done = east.app.signIn({ code: "c" });
  const request = await east.server.next();
  request.ask.each(SESSION);
  request.drop();
  await done;
  assert.equal(east.app.get().phase, "ready");
  const sync = await east.server.next();
  assert.deepEqual([sync.path, sync.json.cursor], ["/api/v1/sync", null]);
});

test("a phone that holds somebody's records asks for no first page, and takes none", async () => {
  const east = await phone();
  await east.signsIn();
  const again = east.app.signIn({ code: "c" });
  const request = await east.server.next();
  assert.equal(request.json.begin, false);
  for (const line of [SESSION, { page: firstPage({ cursor: "another" }) }]) request.ask.each(line);
  request.respond(201);
  await again;
  east.app.syncNow();
  assert.equal((await east.server.next()).json.cursor, "c1");
});

test("who was given a role since signing in is offered its steps from the next sync on, and no more once it is taken back", async () => {
  const roles = { ...VISIT.nodes[0], name: "roles", ref: "/data/roles", prefill: undefined, preload: "roles" };
  const east = await phone();
  await east.signsIn(undefined, { form: { ...VISIT, nodes: [...VISIT.nodes, roles] } });
  /** @param {any} page @returns {Promise<string>} the roles a visit begun after a page knows */
  async function rolesAfter(page) {
    const syncing = east.app.syncNow();
    (await east.server.next()).respond(200, nothingNew(page));
    await syncing;
    const id = await east.app.startVisit("h1", "visit");
    const { form } = await east.app.openDraft(id);
    await east.app.discardDraft(id);
    return form.answers().roles.trim();
  }
  assert.equal(await rolesAfter({ roles: ["supervisor"] }), "supervisor cadre");
  assert.equal(await rolesAfter({}), "supervisor cadre");
  assert.equal(await rolesAfter({ roles: [] }), "cadre");
});

test("a page on its way to one person never lands in the next one's database", async () => {
  const shared = await phone();
  await shared.signsIn();
  const pressed = shared.app.syncNow();
  const late = await shared.server.next();
  const second = shared.app.signIn({ code: "c" });
  (await shared.server.next()).respond(201, { token: "t2", person: { id: "p2", name: "李干部" }, feed: { id: "f1", name: "县" } });
  await second;
  late.respond(200, nothingNew({ changes: [{ kind: "entity", dataset: "households", id: "h9", subject: "h9", version: 1, properties: {} }] }));
  await pressed;
  assert.equal(await shared.databases.get("p2").get("entities", "h9"), undefined);
});

test("signing out is refused while something is unsent, and says what", async () => {
  const east = await phone();
  await east.signsIn();
  east.app.pause();
  await east.app.correct("h1", { phone: "222" });
  assert.deepEqual(await east.app.signOut(), { unsent: { operations: 1, drafts: 0, photos: 0 } });
  assert.equal(east.app.get().phase, "ready");
});

test("signing out by force keeps the unsent work for its owner and removes what was fetched", async () => {
  const east = await phone();
  await east.signsIn();
  east.app.pause();
  await east.app.correct("h1", { phone: "222" });
  const out = east.app.signOut({ force: true });
  (await east.server.next()).respond(204);
  assert.equal(await out, null);
  assert.equal(east.app.get().phase, "signin");
  const left = east.databases.get("p1");
  assert.equal((await left.all("outbox")).length, 1);
  assert.deepEqual(await left.all("entities"), []);
});

test("signing out with everything sent leaves nothing behind", async () => {
  const east = await phone();
  await east.signsIn();
  const out = east.app.signOut();
  (await east.server.next()).drop();
  assert.equal(await out, null);
  assert.equal(east.databases.size, 0);
  assert.deepEqual(await east.device.all("people"), []);
});

test("a wrong password says so in the reader's language", async () => {
  const east = await phone();
  const trying = east.app.signIn({ login: "1", password: "x" });
  (await east.server.next()).respond(401, { code: "sign-in-refused", title: { zh: "账号或密码不对。" }, remedy: { zh: "检查后重试。" } });
  await assert.rejects(trying, { code: "sign-in-refused", text: "账号或密码不对。 检查后重试。" });
});

test("the rescue file holds the unsent operations as they would be sent, and the photos", async () => {
  const east = await phone();
  await east.signsIn();
  east.app.pause();
  const id = await east.app.startVisit("h1", "visit");
  await east.app.openDraft(id);
  await east.app.addPhoto(id, "/data/door", new Uint8Array([255, 216, 255, 1]).buffer);
  await east.app.finish(id);
  const { key, pieces: [list, ...bytes] } = await east.app.exportRescue();
  const rescue = JSON.parse(list);
  const [entry] = await east.db().all("outbox");
  assert.deepEqual(rescue.operations, [{ id, body: entry.body, sha256: entry.sha256, state: "waiting" }]);
  assert.deepEqual(rescue.photos.map((photo) => photo.bytes), [4]);
  assert.deepEqual(bytes.map((piece) => [...new Uint8Array(piece)]), [[255, 216, 255, 1]]);
  assert.deepEqual([key, rescue.token], ["server", "t1"]);
});

test("what goes wrong is said in English where English was chosen", async () => {
  const east = await phone();
  east.app.set("language", "en");
  const again = await phone(east);
  const trying = again.app.signIn({ code: "c" });
  (await again.server.next()).drop();
  await assert.rejects(trying, { text: "No network. Everything is kept on the phone and goes when there is signal." });
});

test("a tab left open hears of the sign-out in another and neither shows nor fetches her households again", async () => {
  const east = await phone();
  await east.signsIn();
  const left = await phone(east);
  (await left.server.next()).drop();
  await left.rests();
  const out = east.app.signOut();
  (await east.server.next()).drop();
  await out;
  left.heard();
  await left.rests();
  assert.equal(left.app.get().phase, "signin");
  await assert.rejects(left.app.households());
  left.wake("online");
  await left.rests();
  assert.ok(left.server.isQuiet());
});

test("work done while the sign-out waits for the server is not thrown away with the rest", async () => {
  const east = await phone();
  await east.signsIn();
  east.app.pause();
  const out = east.app.signOut();
  const slow = await east.server.next();
  await east.app.correct("h1", { phone: "222" });
  slow.drop();
  await out;
  assert.equal((await east.databases.get("p1").all("outbox")).length, 1);
});

test("other people's pictures go with the household they show, and with the person who signs out", async () => {
  const seen = { kind: "submission", id: "s1", form: "visit", version: "1", subject: "h1", author: "李干部", author_id: "p2", started_at: 1,
    received_at: 1, state: "waiting", photos: [{ ref: "/data/door", sha256: "ab", thumb: true }] };
  for (const leaving of ["household", "person"]) {
    const east = await phone();
    const page = firstPage();
    page.changes.unshift(seen);
    await east.signsIn(page);
    const asked = east.app.photoUrl("ab", "thumb");
    (await east.server.next()).respond(200, new Blob(["picture"]));
    await asked;
    assert.equal((await east.db().all("chunks")).length, 1);
    if (leaving === "household") {
      const pressed = east.app.syncNow();
      (await east.server.next()).respond(200, nothingNew({ scope: { remove: ["h1"] } }));
      await pressed;
    } else {
      east.app.pause();
      await east.app.correct("h1", { phone: "222" });
      const out = east.app.signOut({ force: true });
      (await east.server.next()).respond(204);
      await out;
    }
    assert.deepEqual(await east.databases.get("p1").all("chunks"), []);
  }
});

test("a phone that arrives empty keeps what the server says is missing until its owner has read it", async () => {
  const east = await phone();
  const earlier = [{ name: "Redmi 9A", at: 5, operations: 3, photos: 12 }];
  const signing = east.app.signIn({ code: "c" });
  (await east.server.next()).respond(201, { token: "t1", person: { id: "p1", name: "王干部" }, feed: { id: "f1", name: "县" }, earlier });
  await signing;
  assert.deepEqual(east.app.get().person.earlier, earlier);
  (await east.server.next()).respond(200, NOTHING);
  await east.rests();
  const killed = await phone({ device: east.device, databases: east.databases });
  assert.deepEqual(killed.app.get().person.earlier, earlier);
});

test("a phone that the office signed out forgets its households, and keeps what it had not sent for its owner", async () => {
  const east = await phone();
  await east.signsIn();
  east.app.pause();
  const id = await east.app.correct("h1", { phone: "222" });
  void east.app.syncNow();
  const title = { zh: "办公室已停用这部手机。" };
  (await east.server.next()).respond(401, { code: "device-revoked", title, remedy: { zh: "没上传的还在。" } });
  (await east.server.next()).respond(401, { code: "device-revoked", title });
  await east.rests();
  await east.rests();
  assert.equal(east.app.get().phase, "signin");
  assert.match(east.app.get().sync.problem.text, /办公室已停用这部手机。 没上传的还在。/);
  const left = east.databases.get("p1");
  assert.deepEqual((await left.all("outbox")).map((entry) => entry.id), [id]);
  assert.deepEqual(await left.all("entities"), []);
});

for (const roomAfterwards of [true, false]) {
  test(`a full phone that the office signed out forgets its households too, with ${roomAfterwards ? "room" : "none"} afterwards for what it had not sent`, async () => {
    const east = await phone();
    await east.signsIn();
    await east.app.correct("h1", { phone: "222" });
    const sent = await east.server.next();
    sent.respond(200, { ...NOTHING, receipts: [applied(sent.json.operations[0])], cursor: "c2" });
    await east.rests();
    east.app.pause();
    await east.app.correct("h1", { phone: "333" });
    const db = east.db(), { write } = db;
    db.write = async (writes, options) => {
      const full = !roomAfterwards || (await db.all("entities")).length > 0;
      if (full && writes.some((each) => each.store === "outbox")) throw new DOMException("full", "QuotaExceededError");
      return write(writes, options);
    };
    void east.app.syncNow();
    const title = { zh: "停用" };
    for (let times = 0; times < 2; times += 1) (await east.server.next()).respond(401, { code: "device-revoked", title });
    await east.rests();
    await east.rests();
    assert.equal(east.app.get().phase, "signin");
    assert.deepEqual([await db.all("entities"), await db.get("meta", "replica")], [[], undefined]);
    assert.deepEqual((await db.all("outbox")).map(({ state }) => state), [roomAfterwards ? "waiting" : "settled", "waiting"]);
  });
}

test("a phone that the office signed out with everything sent keeps nothing", async () => {
  const east = await phone();
  await east.signsIn();
  void east.app.syncNow();
  (await east.server.next()).respond(401, { code: "device-revoked", title: { zh: "停用" } });
  (await east.server.next()).respond(401, {});
  await east.rests();
  await east.rests();
  assert.equal(east.app.get().phase, "signin");
  assert.equal(east.databases.has("p1"), false);
});

test("what the server tells of its county anew is kept and said back, and the next start goes by it", async () => {
  const east = await phone();
  await east.signsIn();
  const county = { id: "f1", name: "县", rescue_key: "new", told: "m1", pin: true, pin_required: true };
  void east.app.syncNow();
  const request = await east.server.next();
  assert.equal(request.json.told, "", "nothing yet");
  request.respond(200, { ...NOTHING, feed: county });
  await east.rests();
  assert.deepEqual((await east.device.get("people", "p1")).feed, county);
  void east.app.syncNow();
  const after = await east.server.next();
  assert.equal(after.json.told, "m1");
  after.respond(200, NOTHING);
  await east.rests();
  const again = await phone({ device: east.device, databases: east.databases });
  assert.deepEqual([again.app.get().person.pin, again.app.get().person.must], [true, true]);
});

test("a tab that was told its session had ended goes on by the one that its owner began in another", async () => {
  const east = await phone();
  await east.signsIn();
  await east.app.correct("h1", { phone: "222" });
  (await east.server.next()).respond(401, { code: "token-unknown" });
  await east.rests();
  assert.equal(east.app.get().sync.problem.code, "token-expired");
  // The other tab signed in: its row, and word of it.
  await east.device.write([{ store: "people", put: { ...(await east.device.get("people", "p1")), token: "t2" } }]);
  east.heard();
  const request = await east.server.next();
  assert.equal(request.ask.token, "t2");
  request.respond(200, nothingNew({ receipts: request.json.operations.map((each) => applied(each)) }));
  await east.rests();
  assert.equal(east.app.get().sync.problem, null);
});
