/** The words on screen: both languages complete, every word used, none in the other's language. */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { en } from "../../fieldsvc/static/locales/en.js";
import { zh } from "../../fieldsvc/static/locales/zh.js";

const ui = new URL("../../fieldsvc/static/ui/", import.meta.url).pathname;
const sources = readdirSync(ui, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith(".js"))
  .map((name) => readFileSync(join(ui, name), "utf8"))
  .join("\n");
const holes = (text) => [...new Set(text.match(/\{\w+\}/g) || [])].sort();

test("English says everything that Chinese says, in the same order", () => {
  assert.deepEqual(Object.keys(en), Object.keys(zh));
});

test("both languages fill in the same values", () => {
  for (const key of Object.keys(zh)) {
    const wanted = holes(zh[key]);
    assert.ok(
      wanted.every((hole) => holes(en[key]).includes(hole)),
      key,
    );
  }
});

test("no word of one language stands in the other", () => {
  for (const [key, text] of Object.entries(en)) assert.doesNotMatch(text, /[\u3400-\u9fff]/, key);
  for (const [key, text] of Object.entries(zh)) {
    const latin = text.replace(/\{\w+\}/g, "").match(/[A-Za-z][A-Za-z-]*/g) || [];
    assert.deepEqual(
      latin.filter((word) => word !== "Wi-Fi"),
      [],
      key,
    );
  }
});

test("every word is used, and every word used exists", () => {
  const quoted = new Set([...sources.matchAll(/"([a-z][\w]*(?:\.\w+)*)"/gi)].map(([, key]) => key));
  // Keys put together from a known start: phases of a transfer, problems by code, fields of the sign-in, the cards.
  const composed = /^(phase|problem|size|theme)\.|^signIn\.(code|login|password)$|^welcome\.\w+\.why$/;
  const idle = Object.keys(zh).filter((key) => !quoted.has(key) && !composed.test(key));
  assert.deepEqual(idle, []);
  const asked = [...sources.matchAll(/\bt\(\s*"([^"]+)"/g)].map(([, key]) => key);
  assert.deepEqual(
    asked.filter((key) => !(key in zh)),
    [],
  );
});
