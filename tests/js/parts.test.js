/** Parts on demand: when a phone has them, and the sums that some of them do. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { bearing } from "../../fieldsvc/static/parts/position.js";
import { extent } from "../../fieldsvc/static/parts/signature.js";
import { firstPage, HOUSEHOLDS, phone, VISIT } from "./support/phone.js";

const USING = { ...VISIT, uses: ["signature"] };

/** A phone that has signed in, while its parts are to be had as `answer` says. */
async function phoneWithParts(answer) {
  const asked = [];
  const east = await phone({
    keepParts: async (names) => {
      asked.push(...names);
      await answer();
    },
  });
  const signing = east.app.signIn({ code: "c" });
  const person = { id: "p1", name: "王干部", unit: "乡", roles: [] };
  (await east.server.next()).respond(201, { token: "t1", person, feed: { id: "f1", name: "县" } });
  await signing;
  (await east.server.next()).respond(200, firstPage());
  (await east.server.next()).respond(200, USING);
  return { east, asked };
}

test("a form is offered only once the parts it uses are on the phone too", async () => {
  let signal = false;
  const { east } = await phoneWithParts(() => {
    if (!signal) throw { code: "no-network" };
  });
  await east.rests();
  assert.deepEqual((await east.app.record("h1")).forms, []);
  assert.equal(east.app.get().sync.problem.code, "no-network");

  signal = true;
  await east.waits(600);
  (await east.server.next()).respond(200, USING);
  (await east.server.next()).respond(200, HOUSEHOLDS.definition);
  await east.rests();
  assert.deepEqual((await east.app.record("h1")).forms.map(({ form }) => form), ["visit"]);
});

test("parts of the forms here are asked for again after every sync: an update may have missed them", async () => {
  const { east, asked } = await phoneWithParts(() => {});
  (await east.server.next()).respond(200, HOUSEHOLDS.definition);
  await east.rests();
  assert.deepEqual([...new Set(asked)], ["signature"]);
  assert.ok(asked.length > 1);
});

test("a direction is told as on a compass", () => {
  const home = "29.7 118.3 0 5";
  for (const [to, degrees] of [["29.8 118.3", 0], ["29.7 118.4", 90], ["29.6 118.3", 180], ["29.7 118.2", 270]]) {
    assert.ok(Math.abs(bearing(home, to) - degrees) < 0.5, to);
  }
});

test("a signature is kept as large as it was written, with a margin", () => {
  assert.deepEqual(extent([[[100, 50], [160, 90]], [[120, 40]]]), { left: 76, top: 16, width: 108, height: 98 });
});
