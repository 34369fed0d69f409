import assert from "node:assert/strict";
import { test } from "node:test";

import { problem } from "../../fieldsvc/static/core/problems.js";

test("a problem of the server speaks the reader's language", () => {
  const words = { title: { zh: "二维码已失效。", en: "No longer valid." }, remedy: { zh: "换一张。", en: "Get another." } };
  const refused = { code: "code-refused", problem: words };
  assert.deepEqual(problem(refused, "zh"), { code: "code-refused", text: "二维码已失效。 换一张。" });
  assert.equal(problem(refused, "en").text, "No longer valid. Get another.");
});

test("a full phone is told apart from a bug", () => {
  assert.equal(problem(new DOMException("full", "QuotaExceededError"), "zh").code, "storage-full");
  assert.equal(problem(new TypeError("x"), "zh").code, "unknown");
});
