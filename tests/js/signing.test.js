// A signature is under what the form says: its digest travels with it, and changes with the form.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { signedText } from "../../fieldsvc/static/parts/signature.js";
import { phone } from "./support/phone.js";

const { cases } = JSON.parse(readFileSync(new URL("../vectors/signed.json", import.meta.url), "utf8"));
const digest = (/** @type {string} */ text) => createHash("sha256").update(text).digest("hex");

for (const { what, answers, text, sha256 } of cases) {
  test(`what is signed is read the same here and on the server: ${what}`, () => {
    assert.equal(signedText(answers), text);
    assert.equal(digest(signedText(answers)), sha256);
  });
}

test("a signature says when it was made and what it is under, and a photo says nothing of that", async () => {
  const east = await phone();
  await east.signsIn();
  east.app.pause();
  const id = await east.app.startVisit("h1", "visit");
  const { form } = await east.app.openDraft(id);
  form.set("/data/phone", "139");
  const under = () => `sha(${signedText(form.answers()).length})`; // as the phone of the tests digests
  const before = under();
  await east.app.addPhoto(id, "/data/door", new Blob(["ink"]), { source: "signature", signed: signedText });
  const { door } = form.answers();
  assert.deepEqual([door.signed, door.source, typeof door.taken_at], [before, "signature", "number"]);
  form.set("/data/phone", "13800000000");
  assert.notEqual(under(), door.signed, "changed under the signature");
  await east.app.addPhoto(id, "/data/door", new Blob(["brick"]), { source: "camera" });
  assert.equal("signed" in form.answers().door, false);
});

test("what is typed while the digest of a signature is made is kept, and so is the signature", async () => {
  let digested = () => {};
  const east = await phone({ digested: new Promise((resolve) => (digested = resolve)) });
  await east.signsIn();
  east.app.pause();
  const id = await east.app.startVisit("h1", "visit");
  const { form } = await east.app.openDraft(id);
  const signing = east.app.addPhoto(id, "/data/door", new Blob(["ink"]), { source: "signature", signed: signedText });
  while (!form.answers().door) await new Promise((resolve) => setImmediate(resolve));
  form.set("/data/phone", "139");
  await east.app.saveDraft(id);
  const { phone: typed, door } = (await east.db().get("drafts", id)).content.answers;
  assert.deepEqual([typed, door.signed], ["139", ""]);
  digested();
  await signing;
  assert.match((await east.db().get("drafts", id)).content.answers.door.signed, /^sha/);
});
