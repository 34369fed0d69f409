// How a position was come by travels beside it.

import assert from "node:assert/strict";
import { test } from "node:test";

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
