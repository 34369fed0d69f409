/** Several whole photos share a request where the link is good, and go alone where it or the server takes none. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { fitTogether } from "../../fieldsvc/static/core/uploads.js";
import { nothingNew } from "./support/line.js";
import { picture, HEADERS, visitReceived } from "./support/photos.js";

/** Three more photos of 90 KB each of the visit `id`, newest first. */
async function threeMore(east, id, numbers = [1, 2, 3]) {
  const rows = numbers.map((number) => ({ sha256: String(number).repeat(64), bytes: 90_000, type: "image/jpeg", thumb: null, owners: [id],
    made_at: 9e15 - number, thumb_sent: false, sent: 0, location: null, done: false }));
  for (const row of rows) {
    await east.db().write([{ store: "photos", put: row }]);
    await east.db().write([{ store: "chunks", put: { sha256: row.sha256, index: 0, bytes: picture(row.bytes) } }]);
  }
  return rows.map((row) => row.sha256);
}

/** A request with three whole photos, after a first part that took a second; and their digests. One may be `unreadable`. */
async function onAGoodLink({ unreadable = -1 } = {}) {
  const { east, id, pressed } = await visitReceived(200_000);
  (await east.server.next()).respond(200, { stored: [] });
  const create = await east.server.next();
  const photos = await threeMore(east, id);
  if (unreadable >= 0) await east.db().write([{ store: "chunks", delete: [photos[unreadable], 0] }]);
  east.clock.now += 1000;
  create.respond(201, null, HEADERS(create.ask.bytes.byteLength));
  return { east, id, pressed, photos, together: await east.server.next() };
}

test("on a good link several whole photos share a request, and what the server does not name goes alone", async () => {
  const { east, photos, together } = await onAGoodLink();
  assert.equal(together.path, "/api/v1/uploads/together");
  assert.deepEqual(together.ask.parts.map((part) => [part.name, part.type, part.bytes.byteLength]), photos.map((sha256) => [sha256, "image/jpeg", 90_000]));
  together.respond(200, { stored: [photos[0], photos[2]] });
  const alone = await east.server.next();
  assert.deepEqual([alone.method, alone.path, alone.ask.bytes.byteLength], ["POST", "/api/v1/uploads", 0]);
  assert.ok(alone.ask.headers["Upload-Metadata"].includes(btoa(photos[1])));
  const kept = await Promise.all(photos.map((sha256) => east.db().get("photos", sha256)));
  assert.deepEqual(kept.map((photo) => photo.done), [true, false, true]);
});

const NO_GOOD_ANSWER = [["none", (request) => request.drop()], ["a portal's", (request) => request.portal()],
  ...[404, 405, 413, 502].map((status) => [status, (request) => request.respond(status)])];
for (const [answer, give] of NO_GOOD_ANSWER) {
  test(`after a request of several each goes alone and asks first, without a byte, where the answer was: ${answer}`, async () => {
    const { east, pressed, photos, together } = await onAGoodLink();
    give(together);
    await pressed;
    await east.waits(600);
    let next = await east.server.next();
    if (next.path === "/api/v1/sync") {
      next.respond(200, nothingNew());
      next = await east.server.next();
    }
    for (const [number, sha256] of photos.entries()) {
      assert.deepEqual([next.method, next.path, next.ask.bytes.byteLength], ["POST", "/api/v1/uploads", 0]);
      assert.ok(next.ask.headers["Upload-Metadata"].includes(btoa(sha256)));
      const reached = number ? 90_000 : 50_000;
      next.respond(201, null, HEADERS(reached, `/api/v1/uploads/${number}`));
      next = await east.server.next();
      if (reached === 90_000) continue;
      assert.deepEqual([next.method, next.ask.headers["Upload-Offset"], next.ask.bytes.byteLength], ["PATCH", "50000", 40_000]);
      next.respond(204, null, HEADERS(90_000));
      next = await east.server.next();
    }
  });
}

/** Where the next six photos are sent, of which each that goes alone is received at once; a request of several is the last. */
async function whereTheyGo(east) {
  const asked = [];
  while (asked.length < 6 && !asked.at(-1)?.endsWith("/together")) {
    const next = await east.server.next();
    if (next.path === "/api/v1/sync") next.respond(200, nothingNew());
    else next.respond(201, null, HEADERS(90_000, `/api/v1/uploads/${asked.push(next.path)}`));
  }
  return asked;
}

test("a line or a server that takes no request of several is asked once, and not for every visit", async () => {
  const { east, id, pressed, together } = await onAGoodLink();
  together.respond(404);
  await pressed;
  await threeMore(east, id, [4, 5, 6]);
  await east.waits(600);
  assert.deepEqual(await whereTheyGo(east), Array(6).fill("/api/v1/uploads"));
});

test("a signal that was lost over several photos is no reason to send those of the next visit one by one", async () => {
  const { east, id, pressed, together } = await onAGoodLink();
  together.drop();
  await pressed;
  await threeMore(east, id, [7, 8, 9]);
  await east.waits(600);
  assert.deepEqual(await whereTheyGo(east), [...Array(3).fill("/api/v1/uploads"), "/api/v1/uploads/together"]);
});

test("what another tab does to a photo while it is under way is not undone by the answer", async () => {
  const { east, photos, together } = await onAGoodLink();
  const row = await east.db().get("photos", photos[0]);
  await east.db().write([{ store: "photos", put: { ...row, owners: [...row.owners, "another"] } }, { store: "photos", delete: photos[1] }]);
  together.respond(200, { stored: photos });
  await east.server.next();
  const [shared, gone] = await Promise.all(photos.map((sha256) => east.db().get("photos", sha256)));
  assert.deepEqual([shared.owners.at(-1), shared.done, gone], ["another", true, undefined]);
});

test("one of several that cannot be read is said to be so, and the others go", async () => {
  const { east, photos, together } = await onAGoodLink({ unreadable: 1 });
  assert.deepEqual(together.ask.parts.map((part) => part.name), [photos[0], photos[2]]);
  assert.equal((await east.db().get("photos", photos[1])).problem, "photo-unreadable");
});

test("only what was not begun and fits one part goes together", () => {
  const photo = (bytes, more = {}) => ({ bytes, sent: 0, location: null, ...more });
  assert.equal(fitTogether([photo(100), photo(100), photo(100)], 250).length, 2);
  assert.equal(fitTogether([photo(100), photo(100, { location: "/u1" }), photo(1)], 250).length, 1);
  assert.equal(fitTogether([photo(100, { unsure: true }), photo(1)], 250).length, 0);
  assert.equal(fitTogether(Array(30).fill(photo(1)), 250).length, 12);
});
