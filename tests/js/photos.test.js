import assert from "node:assert/strict";
import { test } from "node:test";

import { applied, nothingNew } from "./support/line.js";
import { VISIT, digest, firstPage, phone } from "./support/phone.js";
import { picture, HEADERS, visitReceived } from "./support/photos.js";

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

test("photos the server has are let go after a month by its clock", async () => {
  const { east, pressed } = await visitReceived(300);
  (await east.server.next()).respond(200, { stored: [] });
  (await east.server.next()).respond(201, null, HEADERS(300));
  await pressed;
  const day = 24 * 3600 * 1000;
  /** The phone's clock moves on by so many days, and the server's by others. */
  const syncs = async (own, theirs) => {
    east.clock.now += own * day;
    const later = east.app.syncNow();
    (await east.server.next()).respond(200, nothingNew({ server_time: nothingNew().server_time + theirs * day }));
    await later;
    return [(await east.db().all("photos")).length, (await east.db().all("chunks")).length];
  };
  // A server put back to an older backup may ask for it again, whatever this phone takes for the date.
  assert.deepEqual(await syncs(50 * 365, 29), [1, 2]);
  assert.deepEqual(await syncs(-100 * 365, 29), [1, 2]);
  assert.deepEqual(await syncs(0, 31), [0, 0]);
});

test("photos the server has are let go at once when the phone is nearly full", async () => {
  const { east, pressed } = await visitReceived(300);
  (await east.server.next()).respond(200, { stored: [] });
  east.disk.usage = 0.9 * east.disk.quota;
  (await east.server.next()).respond(201, null, HEADERS(300));
  await pressed;
  assert.deepEqual([await east.db().all("photos"), await east.db().all("chunks")], [[], []]);
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

test("a photo goes with the amendment that names it, when that puts an end to the visit it was taken in", async () => {
  const { east, id, pressed } = await visitReceived(300);
  (await east.server.next()).drop(); // no link good enough for a picture today
  await pressed;
  const amended = await east.app.amend(id);
  const { form } = await east.app.openDraft(amended);
  form.set("/data/phone", "333");
  await east.app.finish(amended);
  const again = east.app.syncNow();
  // The visit waited for a person; the amendment did not, and stands for it.
  (await east.server.next()).respond(200, nothingNew({ cursor: "c2", receipts: [applied({ id: amended })],
    notices: [{ id: 1, kind: "verdict", receipt: { id, status: "refused", problem: { code: "replaced" } } }] }));
  const thumbnails = await east.server.next();
  assert.deepEqual(thumbnails.ask.parts.map((part) => part.name), [digest(picture(300))]);
  thumbnails.respond(200, { stored: [digest(picture(300))] });
  (await east.server.next()).respond(201, null, HEADERS(300));
  await again;
  const [line] = await east.app.outbox();
  assert.deepEqual([line.id, line.photos.sent, line.photos.total], [amended, 1, 1]);
});

test("a photo that an amendment gives up is not of the amendment, and one of a discarded amendment stays with its visit", async () => {
  const { east, id } = await visitReceived(300);
  const [amended, sha256] = [await east.app.amend(id), digest(picture(300))];
  const { form } = await east.app.openDraft(amended);
  form.set("/data/door", null);
  await east.app.finish(amended);
  assert.deepEqual((await east.db().get("photos", sha256)).owners, [id]);
  const another = await east.app.amend(amended);
  await east.app.discardDraft(another);
  assert.deepEqual((await east.db().get("photos", sha256)).owners, [id]);
});

test("a photo that waits for Wi-Fi longer than a month is sent when there is some", async () => {
  const { east, pressed } = await visitReceived(300);
  east.app.set("wifiOnly", true);
  (await east.server.next()).respond(200, { stored: [] });
  await pressed;
  const month = 31 * 24 * 3600 * 1000;
  east.clock.now += month;
  const later = east.app.syncNow();
  (await east.server.next()).respond(200, nothingNew({ server_time: nothingNew().server_time + month }));
  await later;
  const atLast = east.app.syncNow({ anyLink: true });
  (await east.server.next()).respond(200, nothingNew({ server_time: nothingNew().server_time + month }));
  (await east.server.next()).respond(201, null, HEADERS(300));
  await atLast;
  assert.deepEqual((await east.db().all("photos")).map(({ done }) => done), [true]);
  // Now the visit has nothing left to wait for.
  const last = east.app.syncNow();
  (await east.server.next()).respond(200, nothingNew({ server_time: nothingNew().server_time + month }));
  await last;
  assert.deepEqual(await east.db().all("outbox"), []);
});
