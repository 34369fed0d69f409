import assert from "node:assert/strict";
import { test } from "node:test";

import { fitTogether } from "../../fieldsvc/static/core/uploads.js";
import { applied, nothingNew } from "./support/line.js";
import { VISIT, digest, firstPage, phone } from "./support/phone.js";

const picture = (length) => new Uint8Array(length).fill(length % 251).buffer;
const HEADERS = (offset, location = "/api/v1/uploads/u1") => ({ "Upload-Offset": String(offset), Location: location });

/** A visit with one photo of `length` bytes, received by the server; the photo is still here. */
async function visitReceived(length) {
  const east = await phone();
  await east.signsIn();
  east.app.pause();
  const id = await east.app.startVisit("h1", "visit");
  await east.app.openDraft(id);
  await east.app.addPhoto(id, "/data/door", picture(length));
  await east.app.finish(id);
  const pressed = east.app.syncNow();
  const request = await east.server.next();
  request.respond(200, nothingNew({ receipts: [applied({ id })] }));
  return { east, id, pressed };
}

test("the thumbnail goes before the photo, named by the photo's digest", async () => {
  const { east, pressed } = await visitReceived(300);
  const thumbnails = await east.server.next();
  assert.equal(thumbnails.path, "/api/v1/thumbnails");
  assert.deepEqual(thumbnails.ask.parts.map((part) => part.name), [digest(picture(300))]);
  thumbnails.respond(200, { stored: [digest(picture(300))] });
  const create = await east.server.next();
  assert.equal(create.method, "POST");
  assert.equal(create.path, "/api/v1/uploads");
  assert.equal(create.ask.headers["Upload-Length"], "300");
  assert.equal(create.ask.bytes.byteLength, 300);
  create.respond(201, null, HEADERS(300));
  await pressed;
  const [view] = await east.app.outbox();
  assert.deepEqual(view.photos, { sent: 1, total: 1, bytesLeft: 0, percent: 100 });
});

test("how long it will take is told before the first byte, by what the browser thinks of the link", async () => {
  const { east } = await visitReceived(300_000);
  await east.server.next(); // the thumbnail is on its way, and nothing was measured yet
  const { bytesLeft, secondsLeft } = east.app.get().sync;
  assert.ok(bytesLeft >= 300_000);
  assert.equal(secondsLeft, Math.ceil(bytesLeft / 50_000));
});

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

test("after a cut the phone asks how far the server got, and sends only the rest", async () => {
  const { east, pressed } = await visitReceived(200_000);
  (await east.server.next()).respond(200, { stored: [] });
  const create = await east.server.next();
  const first = create.ask.bytes.byteLength;
  assert.ok(first < 200_000);
  create.respond(201, null, HEADERS(first));
  const patch = await east.server.next();
  assert.equal(patch.method, "PATCH");
  assert.equal(patch.ask.headers["Upload-Offset"], String(first));
  patch.drop();
  await pressed;
  await east.waits(600);

  const sync = await east.server.next().then((request) => (request.path === "/api/v1/sync" ? (request.respond(200, nothingNew()), east.server.next()) : request));
  assert.equal(sync.method, "HEAD");
  sync.respond(200, null, HEADERS(first + 5_000));
  const rest = await east.server.next();
  assert.equal(rest.ask.headers["Upload-Offset"], String(first + 5_000));
});

test("a creation that is cut is asked for again without a byte, and the photo goes on where it broke off", async () => {
  const { east, pressed } = await visitReceived(200_000);
  (await east.server.next()).respond(200, { stored: [] });
  const create = await east.server.next();
  assert.ok(create.ask.bytes.byteLength > 0);
  create.drop();
  await pressed;
  await east.waits(600);

  const next = await east.server.next();
  const again = next.path === "/api/v1/sync" ? (next.respond(200, nothingNew()), await east.server.next()) : next;
  assert.equal(again.method, "POST");
  assert.equal(again.ask.bytes.byteLength, 0);
  assert.equal(again.ask.headers["Upload-Length"], "200000");
  again.respond(201, null, HEADERS(40_000));
  const rest = await east.server.next();
  assert.deepEqual([rest.method, rest.ask.headers["Upload-Offset"]], ["PATCH", "40000"]);
});

test("an upload the server has forgotten starts again from its beginning", async () => {
  const { east } = await visitReceived(200_000);
  (await east.server.next()).respond(200, { stored: [] });
  (await east.server.next()).respond(201, null, HEADERS(65_536));
  (await east.server.next()).respond(410);
  const again = await east.server.next();
  assert.equal(again.method, "POST");
  assert.equal(again.ask.bytes[0], new Uint8Array(picture(200_000))[0]);
});

test("bytes the server already has are not sent again", async () => {
  const { east, pressed } = await visitReceived(200_000);
  (await east.server.next()).respond(200, { stored: [] });
  (await east.server.next()).respond(201, null, HEADERS(200_000));
  await pressed;
  assert.ok((await east.db().get("photos", digest(picture(200_000)))).done);
});

test("a photo whose bytes cannot be read does not hold up the next one", async () => {
  const { east, id, pressed } = await visitReceived(300);
  (await east.server.next()).respond(200, { stored: [] });
  const later = { sha256: "f".repeat(64), bytes: 9, type: "image/jpeg", thumb: null, owners: [id], made_at: 9e15, thumb_sent: false, sent: 0,
    location: null, done: false };
  const create = await east.server.next();
  await east.db().write([{ store: "photos", put: later }]);
  create.respond(201, null, HEADERS(300));
  await pressed;
  assert.equal((await east.db().get("photos", later.sha256)).problem, "photo-unreadable");
  assert.ok((await east.db().get("photos", digest(picture(300)))).done);
});

test("photos wait for Wi-Fi when asked to, text and thumbnails do not", async () => {
  const { east, pressed } = await visitReceived(300);
  east.app.set("wifiOnly", true);
  (await east.server.next()).respond(200, { stored: [] });
  await pressed;
  assert.ok(east.server.isQuiet());
  assert.equal(east.app.get().counts.onPhone, 0);
});

test("photos that wait for Wi-Fi go at once when told to, and the next ones wait again", async () => {
  const { east, pressed } = await visitReceived(300);
  east.app.set("wifiOnly", true);
  (await east.server.next()).respond(200, { stored: [] });
  await pressed;
  const told = east.app.syncNow({ anyLink: true });
  (await east.server.next()).respond(200, nothingNew());
  assert.equal((await east.server.next()).path, "/api/v1/uploads");
  east.app.pause();
  await east.waits(0);
  assert.ok(east.server.isQuiet());
  void told;
});

test("the screen stays on while something is being sent, and not while only news is fetched", async () => {
  const { east, pressed } = await visitReceived(300);
  assert.ok(east.screen.on);
  (await east.server.next()).respond(200, { stored: [] });
  (await east.server.next()).respond(201, null, HEADERS(300));
  await pressed;
  assert.ok(!east.screen.on);
  const idle = east.app.syncNow();
  const request = await east.server.next();
  assert.ok(!east.screen.on);
  request.respond(200, nothingNew());
  await idle;
});

test("a photo of a visit without a receipt is not sent", async () => {
  const east = await phone();
  await east.signsIn();
  east.app.pause();
  const id = await east.app.startVisit("h1", "visit");
  await east.app.openDraft(id);
  await east.app.addPhoto(id, "/data/door", picture(300));
  await east.app.finish(id);
  const pressed = east.app.syncNow();
  (await east.server.next()).respond(503, { code: "busy" }, { "Retry-After": "30" });
  await pressed;
  assert.ok(east.server.isQuiet());
});

test("photos the server has are let go after a month, and at once when the phone is nearly full", async () => {
  const { east, pressed } = await visitReceived(300);
  (await east.server.next()).respond(200, { stored: [] });
  (await east.server.next()).respond(201, null, HEADERS(300));
  await pressed;
  assert.equal((await east.db().all("chunks")).length, 2);
  east.clock.now += 31 * 24 * 3600 * 1000;
  const later = east.app.syncNow();
  (await east.server.next()).respond(200, nothingNew());
  await later;
  assert.deepEqual(await east.db().all("photos"), []);
  assert.deepEqual(await east.db().all("chunks"), []);
});

test("a thumbnail that cannot be read holds up neither the others nor what comes after them", async () => {
  const east = await phone();
  await east.signsIn();
  east.app.pause();
  const id = await east.app.startVisit("h1", "visit");
  await east.app.openDraft(id);
  await east.app.addPhoto(id, "/data/door", picture(300));
  await east.app.finish(id);
  const pressed = east.app.syncNow();
  await east.db().write([{ store: "chunks", delete: [digest(picture(300).slice(0, 10)), 0] }]);
  (await east.server.next()).respond(200, nothingNew({ receipts: [applied({ id })] }));
  const next = await east.server.next();
  assert.equal(next.path, "/api/v1/uploads");
  next.respond(201, null, HEADERS(300));
  await pressed;
  assert.equal(east.app.get().sync.problem, null);
});

test("a photo that is gone from the phone is said to need attention until it is taken again", async () => {
  const { east, id, pressed } = await visitReceived(300);
  await east.db().write([{ store: "chunks", delete: [digest(picture(300)), 0] }]);
  (await east.server.next()).respond(200, { stored: [] });
  await pressed;
  const [view] = await east.app.outbox();
  assert.deepEqual([view.state, view.problem], ["attention", "照片没有存好，请重拍。其他内容都已保存。"]);
  assert.equal(east.app.get().counts.attention, 1);

  east.app.pause();
  const again = await east.app.amend(id);
  await east.app.openDraft(again);
  await east.app.addPhoto(again, "/data/door", picture(300));
  assert.equal((await east.db().get("photos", digest(picture(300)))).problem, undefined);
  await east.app.finish(again);
  await east.rests();
  assert.deepEqual(east.app.get().counts, { onPhone: 1, received: 1, attention: 0 });
});

test("the last few megabytes are kept for text: a photo is refused before visits and receipts find no room", async () => {
  const east = await phone();
  await east.signsIn();
  east.app.pause();
  const id = await east.app.startVisit("h1", "visit");
  await east.app.openDraft(id);
  east.disk.usage = east.disk.quota - 1_000_000;
  await assert.rejects(east.app.addPhoto(id, "/data/door", picture(300)), { code: "storage-full" });
  assert.equal(await east.app.finish(id), id);
});

test("a phone told to update still sends its photos", async () => {
  const { east, pressed } = await visitReceived(300);
  (await east.server.next()).respond(200, { stored: [] });
  (await east.server.next()).respond(201, null, HEADERS(300));
  await pressed;
  east.app.pause();
  const id = await east.app.startVisit("h1", "visit");
  await east.app.openDraft(id);
  await east.app.addPhoto(id, "/data/door", picture(400));
  await east.app.finish(id);
  const again = east.app.syncNow();
  (await east.server.next()).respond(200, nothingNew({ pull: "upgrade", receipts: [applied({ id })] }));
  await again;
  await east.waits(10);
  assert.equal((await east.server.next()).path, "/api/v1/thumbnails");
});

test("finishing ends a recording that still runs and takes it along", async () => {
  const east = await phone();
  await east.signsIn();
  east.app.pause();
  const id = await east.app.startVisit("h1", "visit");
  await east.app.openDraft(id);
  let end = () => {};
  const whole = new Promise((resolve) => (end = () => resolve(picture(300))));
  const kept = east.app.addPhoto(id, "/data/door", Object.assign(whole, { end }));
  // The phone has heard of it once something else was done.
  await east.app.saveDraft(id);
  await east.app.finish(id);
  await kept;
  const [entry] = await east.db().all("outbox");
  assert.equal(JSON.parse(entry.body).answers.door.sha256, digest(picture(300)));
});

test("a photo is made as small as its form asks, and as the app's own measure where the form says nothing", async () => {
  const sized = structuredClone(VISIT);
  const door = sized.nodes.find((node) => node.name === "door");
  door.parameters = { "max-pixels": "1200", "max-kb": "90" };
  for (const [form, wanted] of [[sized, { maxPixels: 1200, maxBytes: 92_160, slow: false }], [VISIT, { maxPixels: 1600, slow: false }]]) {
    const east = await phone();
    await east.signsIn(firstPage(), { form });
    east.app.pause();
    const id = await east.app.startVisit("h1", "visit");
    await east.app.openDraft(id);
    await east.app.addPhoto(id, "/data/door", new Uint8Array(400).buffer);
    assert.deepEqual(east.wishes, [wanted]);
  }
});
