import assert from "node:assert/strict";
import { test } from "node:test";

import { batch, enqueue, expired, KEPT_MS, utf8Length } from "../../fieldsvc/static/core/outbox.js";
import { backoff, LONGEST_WAIT_SECONDS, newestFirst, nextStep } from "../../fieldsvc/static/core/plan.js";
import { partSize, speed } from "../../fieldsvc/static/core/uploads.js";

const QUIET = {
  signedIn: true, paused: false, unsent: 0, thumbnails: 0, photos: 0, pull: "none", definitions: 0, wifiOnly: false,
  connection: "cellular", eager: false, anyLink: false, failures: 0, waited_seconds: 0, retry_after_seconds: 0, jitter: 0.5,
};
const step = (now) => nextStep({ ...QUIET, ...now }).do;

test("text goes first, then thumbnails, then news, then forms, then photos", () => {
  const all = { unsent: 1, thumbnails: 1, pull: "more", definitions: 1, photos: 1 };
  const order = [];
  for (const [done, over] of [["push", { unsent: 0 }], ["thumbnails", { thumbnails: 0 }], ["pull", { pull: "none" }], ["definitions", { definitions: 0 }], ["photo", { photos: 0 }]]) {
    order.push(step(all));
    assert.equal(order.at(-1), done);
    Object.assign(all, over);
  }
  assert.equal(step(all), "rest");
});

test("nothing moves while paused or signed out", () => {
  assert.equal(step({ unsent: 3, paused: true }), "rest");
  assert.equal(step({ unsent: 3, signedIn: false }), "rest");
});

test("photos go by Wi-Fi only when asked to; on phones that cannot tell, when the button is pressed", () => {
  const asked = { photos: 1, wifiOnly: true };
  assert.equal(step({ ...asked, connection: "wifi" }), "photo");
  assert.equal(step(asked), "rest");
  assert.equal(step({ ...asked, connection: "unknown" }), "rest");
  assert.equal(step({ ...asked, connection: "unknown", eager: true }), "photo");
  assert.equal(step({ ...asked, anyLink: true }), "photo");
});

test("waiting doubles, is spread out, and never exceeds ten minutes", () => {
  assert.equal(backoff(0, 0.9), 0);
  for (let failures = 1; failures < 40; failures += 1) {
    assert.ok(backoff(failures, 0.99) <= LONGEST_WAIT_SECONDS);
    assert.ok(backoff(failures, 0) >= backoff(failures, 0.99) / 2);
  }
  assert.deepEqual(nextStep({ ...QUIET, unsent: 1, failures: 1, retry_after_seconds: 120 }), { do: "wait", seconds: 120 });
  assert.equal(step({ unsent: 1, failures: 1, waited_seconds: 60 }), "push");
});

test("today's photos go before last week's", () => {
  const photos = [{ made_at: 1, sha256: "a" }, { made_at: 3, sha256: "b" }, { made_at: 2, sha256: "c" }];
  assert.deepEqual(newestFirst(photos).map((photo) => photo.sha256), ["b", "c", "a"]);
});

const entry = (seq, bytes, state = "waiting") => ({ id: String(seq), seq, body: "x".repeat(bytes), state, touches: [] });

test("a batch is the oldest operations that fit, and at least one", () => {
  const outbox = [entry(3, 10), entry(1, 40_000), entry(2, 30_000), entry(4, 5, "settled"), entry(5, 5, "refused")];
  assert.deepEqual(batch(outbox).map((each) => each.seq), [1]);
  assert.deepEqual(batch(outbox.slice(2)).map((each) => each.seq), [2]);
  assert.equal(batch([entry(1, 900_000)]).length, 1);
  assert.equal(batch(Array.from({ length: 80 }, (_, index) => entry(index, 10))).length, 50);
});

test("bytes are counted as they travel", () => {
  for (const text of ["abc", "张三", "é", "😀", "混a合😀"]) assert.equal(utf8Length(text), new TextEncoder().encode(text).length);
});

test("a new entry is last in line", () => {
  assert.equal(enqueue({ id: "n" }, [entry(7, 1), entry(2, 1)]).seq, 8);
});

test("what was received is kept a month by the server's clock, and what was refused until somebody looks", () => {
  const now = 10 * KEPT_MS;
  const old = { ...entry(1, 1, "settled"), settled_at: now - KEPT_MS - 1 };
  const recent = { ...entry(2, 1, "settled"), settled_at: now - KEPT_MS + 1 };
  assert.deepEqual(expired([old, recent, entry(3, 1, "refused"), entry(4, 1)], now), [old]);
});

test("parts fit the link: small where it is slow or breaks, large where it is good", () => {
  assert.equal(partSize({ bytesPerSecond: 100, failures: 0 }), 16 * 1024);
  assert.equal(partSize({ bytesPerSecond: 1e9, failures: 0 }), 1024 * 1024);
  assert.ok(partSize({ bytesPerSecond: 20_000, failures: 2 }) < partSize({ bytesPerSecond: 20_000, failures: 0 }));
  assert.equal(speed(null, 100, 5), null);
  assert.equal(speed(null, 20_000, 1000), 20_000);
});
