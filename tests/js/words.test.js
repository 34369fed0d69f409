/** The words on screen: both languages complete, every word used, none in the other's language. */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { en } from "../../fieldsvc/static/locales/en.js";
import { zh } from "../../fieldsvc/static/locales/zh.js";

const STATIC = new URL("../../fieldsvc/static/", import.meta.url).pathname;
const modules = (folder) =>
  readdirSync(join(STATIC, folder), { recursive: true })
    .map((name) => join(STATIC, folder, String(name)))
    .filter((name) => name.endsWith(".js"));
const text = (file) => readFileSync(file, "utf8");
const sources = [...modules("ui"), ...modules("parts")].map(text).join("\n");
const holes = (sentence) => [...new Set(sentence.match(/\{\w+\}/g) || [])].sort();

/** The words of the app, and those that each part brings along. */
const tables = [["the app", { zh, en }]];
for (const file of modules("parts")) {
  const { words } = await import(file);
  if (words) tables.push([file.slice(STATIC.length), words, text(file)]);
}

for (const [where, words, source] of tables) {
  test(`English says everything that Chinese says, in the same order: ${where}`, () => {
    assert.deepEqual(Object.keys(words.en), Object.keys(words.zh));
  });

  test(`both languages fill in the same values: ${where}`, () => {
    for (const key of Object.keys(words.zh)) {
      const wanted = holes(words.zh[key]);
      assert.ok(
        wanted.every((hole) => holes(words.en[key]).includes(hole)),
        key,
      );
    }
  });

  test(`no word of one language stands in the other: ${where}`, () => {
    for (const [key, sentence] of Object.entries(words.en)) assert.doesNotMatch(sentence, /[\u3400-\u9fff]/, key);
    for (const [key, sentence] of Object.entries(words.zh)) {
      const latin = sentence.replace(/\{\w+\}/g, "").match(/[A-Za-z][A-Za-z-]*/g) || [];
      assert.deepEqual(
        latin.filter((word) => word !== "Wi-Fi"),
        [],
        key,
      );
    }
  });

  test(`every word a part brings along is used: ${where}`, () => {
    if (!source) return;
    const quoted = new Set([...source.matchAll(/"([a-z][\w]*(?:\.\w+)*)"/gi)].map(([, key]) => key));
    const composed = /^signIn\.(code|login|password)$|^welcome\.\w+\.why$|^(size|theme)\./;
    assert.deepEqual(
      Object.keys(words.zh).filter((key) => !quoted.has(key) && !composed.test(key)),
      [],
    );
  });
}

test("every word is used, and every word used exists", () => {
  const quoted = new Set([...sources.matchAll(/"([a-z][\w]*(?:\.\w+)*)"/gi)].map(([, key]) => key));
  // Keys put together from a known start: phases of a transfer, problems by code.
  const composed = /^(phase|problem)\./;
  const idle = Object.keys(zh).filter((key) => !quoted.has(key) && !composed.test(key));
  assert.deepEqual(idle, []);
  const asked = [...modules("ui").map(text).join("\n").matchAll(/\bt\(\s*"([^"]+)"/g)].map(([, key]) => key);
  assert.deepEqual(
    asked.filter((key) => !(key in zh)),
    [],
  );
});
