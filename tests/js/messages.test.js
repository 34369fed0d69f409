import assert from "node:assert/strict";
import { test } from "node:test";

import { nothingNew } from "./support/line.js";
import { phone } from "./support/phone.js";

const receipt = (entry, more = {}) => ({ id: entry.id, status: "applied", sha256: entry.sha256, received_at: 1, effects: [], ...more });

test("a complaint is kept, counted, sent like a visit, and its answer is read on the phone", async () => {
  const east = await phone();
  await east.signsIn();
  east.app.pause();
  const id = await east.app.feedback("搜索太慢");
  await east.rests();
  assert.equal(east.app.get().counts.onPhone, 1);
  assert.deepEqual((await east.app.outbox()).map(({ title, subject, state }) => [title, subject, state]), [["搜索太慢", "", "waiting"]]);
  void east.app.syncNow();
  const request = await east.server.next();
  const [sent] = request.json.operations;
  assert.deepEqual([sent.id, JSON.parse(sent.body).kind, JSON.parse(sent.body).text], [id, "feedback", "搜索太慢"]);
  const [entry] = await east.db().all("outbox");
  const answer = { kind: "answer", id: 9, at: 5, operation: id, asked: "搜索太慢", answer: "下一版改好。", by: "王审核" };
  request.respond(200, nothingNew({ receipts: [receipt(entry)], notices: [answer] }));
  await east.rests();
  assert.equal(east.app.get().counts.onPhone, 0);
  const [view] = await east.app.decisions();
  assert.deepEqual([view.kind, view.label, view.reason, view.by, view.state], ["answer", "搜索太慢", "下一版改好。", "王审核", "decided"]);
});

test("a masked value that was shown leaves one trace a day, which waits for the next sync and counts as no work", async () => {
  const east = await phone();
  await east.signsIn();
  await east.app.shown("h1", "phone");
  await east.app.shown("h1", "phone");
  await east.app.shown("h1", "hamlet");
  const kept = await east.db().all("outbox");
  assert.deepEqual(kept.map(({ body }) => JSON.parse(body).properties), [["phone"], ["hamlet"]]);
  assert.equal(east.app.get().counts.onPhone, 0);
  assert.deepEqual(await east.app.outbox(), []);

  void east.app.syncNow();
  const request = await east.server.next();
  const [first] = request.json.operations.map(({ body }) => JSON.parse(body));
  assert.deepEqual([first.kind, first.subject, first.entity, first.author], ["view", "h1", "h1", "p1"]);
  request.respond(200, nothingNew({ receipts: kept.map((entry) => receipt(entry)) }));
  await east.rests();
  assert.equal(east.app.get().counts.received, 0);
  east.clock.now += 2 * 86_400_000;
  await east.app.shown("h1", "phone");
  assert.equal((await east.db().all("outbox")).length, 3);
});

test("what was looked at is not thrown away by signing out before it was sent", async () => {
  const east = await phone();
  await east.signsIn();
  east.app.pause();
  await east.app.shown("h1", "phone");
  assert.deepEqual((await east.app.signOut()).unsent, { operations: 1, drafts: 0, photos: 0 });
});
