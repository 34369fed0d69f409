/** What the server answers and does not take, whatever it is, holds up nothing else for good. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { applied, nothingNew } from "./support/line.js";
import { digest, phone } from "./support/phone.js";
import { HEADERS, picture, visitReceived } from "./support/photos.js";

/** Answer whatever the phone asks for an hour and a half, and tell what that was. */
async function anHourAndAHalf(east, answer) {
  const asked = [];
  for (let minute = 0; minute < 90; minute += 1) {
    await east.waits(60);
    for (;;) {
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      if (east.server.isQuiet()) break;
      const request = await east.server.next();
      asked.push(request);
      answer(request);
    }
  }
  return asked;
}

test("an operation that the server's door turns away holds up no other", async () => {
  const east = await phone();
  await east.signsIn();
  east.app.pause();
  const first = await east.app.correct("h1", { phone: "222" });
  for (let more = 0; more < 60; more += 1) await east.app.feedback(`again ${more}`);
  const pressed = east.app.syncNow();
  await anHourAndAHalf(east, (request) => {
    const operations = request.json?.operations || [];
    if (operations.some(({ id }) => id === first)) request.respond(413, { code: "body-too-large" });
    else request.respond(200, nothingNew({ receipts: operations.map((each) => applied(each)) }));
  });
  await pressed;
  assert.deepEqual((await east.db().all("outbox")).filter(({ state }) => state !== "settled").map(({ id }) => id), [first]);
  assert.equal(east.app.get().sync.problem.code, "body-too-large");
});

/** A server that takes a sync and whole photos, and what `turned` says of other requests. */
const taking = (turned) => (request) => {
  if (turned(request)) return;
  const operations = request.json?.operations || [];
  if (request.path === "/api/v1/sync") request.respond(200, nothingNew({ receipts: operations.map((each) => applied(each)) }));
  else if (request.path === "/api/v1/thumbnails") request.respond(200, { stored: [] });
  else request.respond(201, null, HEADERS(request.ask.headers["Upload-Length"]));
};

/** The digests of the photos that the server has. */
const arrived = async (east) => (await east.db().all("photos")).filter(({ done }) => done).map(({ sha256 }) => sha256);

for (const [what, path, code] of [["a page of news", "/api/v1/feed", "server-failed"], ["a definition", "/api/v1/definitions", "server-failed"]]) {
  test(`${what} that the server cannot tell holds up no photo`, async () => {
    const { east, pressed } = await visitReceived(300);
    const survey = { id: "survey/1", form: "survey", version: "1", title: {}, digest: "s", definition: null };
    const put = path.endsWith("feed") ? { ...(await east.db().get("meta", "replica")), more: true } : survey;
    await east.db().write([{ store: put === survey ? "forms" : "meta", put }]);
    (await east.server.next()).respond(200, { stored: [] });
    await anHourAndAHalf(east, taking((request) => request.path.startsWith(path) && (request.respond(500, { code }), true)));
    await pressed;
    assert.deepEqual(await arrived(east), [digest(picture(300))]);
  });
}

test("a visit that the server turns away holds up no photo of another", async () => {
  const { east, pressed } = await visitReceived(300);
  (await east.server.next()).drop();
  await pressed;
  east.app.pause();
  await east.app.correct("h1", { phone: "222" });
  const again = east.app.syncNow();
  const door = (request) => request.json?.operations.length && (request.respond(413, { code: "body-too-large" }), true);
  await anHourAndAHalf(east, taking(door));
  await again;
  assert.deepEqual(await arrived(east), [digest(picture(300))]);
});

test("a photo at which the server fails holds up no other", async () => {
  const { east, id, pressed } = await visitReceived(300);
  const newest = { sha256: "f".repeat(64), bytes: 90_000, type: "image/jpeg", thumb: null, owners: [id], made_at: 9e15, thumb_sent: false,
    sent: 0, location: null, done: false };
  await east.db().write([{ store: "photos", put: newest }, { store: "chunks", put: { sha256: newest.sha256, index: 0, bytes: picture(90_000) } }]);
  (await east.server.next()).respond(200, { stored: [] });
  const named = `sha256 ${btoa(newest.sha256)}`;
  await anHourAndAHalf(east, taking((request) => {
    if (request.path === "/api/v1/uploads/together") return request.respond(404, { code: "not-found" }), true;
    return request.ask.headers?.["Upload-Metadata"]?.startsWith(named) && (request.respond(500, { code: "server-failed" }), true);
  }));
  await pressed;
  assert.deepEqual(await arrived(east), [digest(picture(300))]);
});
