/** What a phone reads before a form can be seen: definitions are long, and a slow phone takes them out one by one. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { memoryDatabase } from "./support/memory.js";
import { phone } from "./support/phone.js";

/** A database that writes down what was read of it. */
function counted() {
  const database = memoryDatabase();
  /** @type {string[]} */
  const read = [];
  return {
    ...database, read,
    get: (store, key) => (read.push(store), database.get(store, key)),
    all: (store, index, key) => (read.push(index ? `${store}.${index}` : store), database.all(store, index, key)),
  };
}

/** A phone that has the visit form, and what it reads from now on. */
async function ready() {
  const person = counted();
  const east = await phone({ databases: new Map([["p1", person]]) });
  await east.signsIn();
  await east.app.set("greeted", true);
  await east.rests();
  await east.app.households();
  return { east, person };
}

test("a form that was just begun opens from what beginning it had read", async () => {
  const { east, person } = await ready();
  person.read.length = 0;
  const id = await east.app.startVisit("h1", "visit");
  await east.app.openDraft(id);
  assert.deepEqual(person.read.filter((store) => store.startsWith("entities")), ["entities.subject"]);
  assert.deepEqual(person.read.filter((store) => store === "forms" || store === "datasets"), []);
});

test("a draft that was begun before opens with four reads beside what the lists have read", async () => {
  const { east, person } = await ready();
  const id = await east.app.startVisit("h1", "visit");
  await east.app.openDraft(id);
  await east.app.closeDraft(id);
  await east.rests();
  await east.app.households();
  person.read.length = 0;
  await east.app.openDraft(id);
  assert.deepEqual(person.read.sort(), ["drafts", "entities.subject", "meta", "outbox"]);
});

test("typing reads no definition again", async () => {
  const { east, person } = await ready();
  const id = await east.app.startVisit("h1", "visit");
  const { form } = await east.app.openDraft(id);
  await east.app.households();
  person.read.length = 0;
  form.set("/data/phone", "222");
  await east.app.saveDraft(id, 0);
  await east.app.closeDraft(id);
  await east.app.households();
  assert.deepEqual(person.read.filter((store) => store === "forms" || store === "datasets" || store === "entities"), []);
});

test("an app that opens again reads every list once before anything can be seen", async () => {
  const { east, person } = await ready();
  person.read.length = 0;
  const again = await phone({ device: east.device, databases: east.databases });
  assert.equal(again.app.get().phase, "ready");
  const once = ["datasets", "drafts", "entities", "forms", "meta", "notices", "outbox", "photos", "subjects", "submissions"];
  // The sync that follows begins by looking at what there is to send.
  assert.deepEqual([...new Set(person.read)].sort(), once);
  assert.deepEqual(person.read.filter((store) => store === "forms" || store === "datasets"), ["forms", "datasets"]);
});

test("a read in the background that failed once is made again by the next screen, which shows what there is", async () => {
  const { east, person } = await ready();
  const { all } = person;
  const failed = new Promise((resolve) => {
    person.all = (store, ...rest) => {
      if (store !== "forms") return all(store, ...rest);
      person.all = all;
      resolve(undefined);
      return Promise.reject(new DOMException("the disk is busy", "UnknownError"));
    };
  });
  east.heard();
  await failed;
  await new Promise(setImmediate);
  assert.deepEqual((await east.app.households()).map(({ name }) => name), ["张三"]);
});
