// Forms on trial: filled in at a real door, reviewed by nobody, and making no household visited (decision 0012).

import assert from "node:assert/strict";
import { test } from "node:test";

import { phone } from "./support/phone.js";

test("a form filled in to try it out is called so, waits for nobody's review and makes no household visited", async () => {
  const east = await phone();
  await east.signsIn();
  east.app.pause();
  const real = (await east.db().all("forms")).find(({ form }) => form === "visit");
  const definition = { ...real.definition, form: "visit.trial", trial: true };
  await east.db().write([{ store: "forms", put: { ...real, id: "visit.trial/1", form: "visit.trial", definition } }]);
  // The test wrote it as another tab would, which tells the others.
  east.heard();
  await east.rests();
  const id = await east.app.startVisit("h1", "visit.trial");
  await east.app.openDraft(id);
  await east.app.finish(id);
  assert.deepEqual((await east.app.record("h1")).visits.map(({ state }) => state), ["trial"]);
  const [household] = await east.app.households();
  assert.deepEqual([household.state, household.lastVisitAt], ["todo", null]);
});
