// How a position was come by travels beside it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { nothingNew } from "./support/line.js";
import { phone } from "./support/phone.js";

test("a position keeps how it was come by, over a killed tab and into the visit; a poorer one before it is not told", async () => {
  const east = await phone();
  await east.signsIn();
  east.app.pause();
  const id = await east.app.startVisit("h1", "visit");
  const draft = await east.app.openDraft(id);
  const facts = { age: 4, source: "device" };
  await east.app.fix(id, "29.8 118.3 0 40", { age: 0, source: "device" });
  draft.form.set("/data/phone", "29.87 118.33 0 8");
  await east.app.fix(id, "29.87 118.33 0 8", facts);

  const again = await phone(east);
  await again.app.openDraft(id);
  const kept = await again.app.fix(id, "29.87 118.33 0 8");
  assert.deepEqual([kept.age, kept.source, typeof kept.taken_at], [4, "device", "number"]);
  assert.equal(await again.app.fix(id, "1 2 0 0"), undefined);
  await again.app.finish(id);
  const [entry] = await east.db().all("outbox");
  assert.deepEqual(JSON.parse(entry.body).context.fixes, { "29.87 118.33 0 8": kept });
});

/** A point as it was taken, and what was known of it. */
const POINT = "29.87 118.33 0 8";
const FACTS = { age: 4, source: "device", taken_at: 1_793_500_000_000, clock_offset: 60_000 };
const fixesIn = async (/** @type {any} */ east, /** @type {string} */ id) => JSON.parse((await east.db().get("outbox", id)).body).context.fixes;

test("a visit that is amended says of its position what was known when it was taken, until another one is taken", async () => {
  const east = await phone();
  await east.signsIn();
  east.app.pause();
  const first = await east.app.startVisit("h1", "visit");
  const draft = await east.app.openDraft(first);
  await east.app.fix(first, POINT, { age: 4, source: "device" });
  draft.form.set("/data/phone", POINT);
  await east.app.finish(first);
  const kept = await fixesIn(east, first);

  const second = await east.app.amend(first);
  await east.app.openDraft(second);
  assert.deepEqual(await east.app.fix(second, POINT), kept[POINT]);
  await east.app.finish(second);
  assert.deepEqual(await fixesIn(east, second), kept);

  const third = await east.app.amend(second);
  (await east.app.openDraft(third)).form.set("/data/phone", "29.9 118.4 0 5");
  await east.app.finish(third);
  assert.equal(await fixesIn(east, third), undefined);
});

test("a visit that was sent back brings what is known of its position along, to whichever phone amends it", async () => {
  const east = await phone();
  await east.signsIn();
  const pressed = east.app.syncNow();
  (await east.server.next()).respond(200, nothingNew({
    notices: [{ id: 7, kind: "return", at: 5, subject: "h1", submission: "s1", form: "visit", form_version: "1", comment: "门牌不清",
      answers: { phone: POINT }, fixes: { [POINT]: FACTS }, by: "李主任", entities: [] }],
  }));
  await pressed;
  east.app.pause();
  const draft = await east.app.amend("s1");
  const { context } = await east.db().get("drafts", draft);
  assert.ok(context.now && context.preloads, "the rest of the context is this phone's own");
  await east.app.openDraft(draft);
  await east.app.finish(draft);
  assert.deepEqual(await fixesIn(east, draft), { [POINT]: FACTS });
});

test("a corrected point says how it was come by", async () => {
  const east = await phone();
  await east.signsIn();
  east.app.pause();
  const told = await east.app.fix("", POINT, { age: 4, source: "device" });
  assert.deepEqual([told?.age, typeof told?.taken_at], [4, "number"]);
  const id = await east.app.correct("h1", { phone: POINT }, "标在村部", { [POINT]: told });
  assert.deepEqual(await fixesIn(east, id), { [POINT]: told });
  const other = await east.app.correct("h1", { phone: "139" });
  assert.equal("context" in JSON.parse((await east.db().get("outbox", other)).body), false);
});
