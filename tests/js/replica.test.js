import assert from "node:assert/strict";
import { test } from "node:test";

import { advance, apply, EMPTY, place, rowKey, sweep } from "../../fieldsvc/static/core/replica.js";

const entity = (id, version, more = {}) => ({
  kind: "entity", dataset: "households", id, subject: id, version, properties: { v: String(version) }, label: id, at: 1, by: "x", ...more,
});

/** Apply pages one after another to an empty replica, as the exchange does. */
function replay(pages) {
  const stores = {};
  let standing = EMPTY;
  for (const page of pages) {
    const rows = new Map();
    for (const change of page.changes || []) {
      const where = place(change);
      if (where) rows.set(rowKey(where), stores[where.store]?.[where.key]);
    }
    for (const write of apply(page, { standing, rows, leaving: new Map(), busy: new Set() })) {
      const store = (stores[write.store] ||= {});
      if (write.put) store[write.put.id] = write.put;
      else delete store[write.delete];
    }
    standing = advance(standing, page, 0);
  }
  return stores;
}

const LOG = [entity("a", 1), entity("b", 1), entity("a", 2), entity("c", 1), entity("b", 2), entity("a", 3)];
const page = (changes, more = {}) => ({ epoch: "e", server_time: 0, cursor: "c", changes, ...more });

test("a phone may stop after any page: however the log is cut, it ends the same", () => {
  const whole = replay([page(LOG)]);
  for (let cut = 0; cut <= LOG.length; cut += 1) {
    for (let next = cut; next <= LOG.length; next += 1) {
      assert.deepEqual(replay([page(LOG.slice(0, cut)), page(LOG.slice(cut, next)), page(LOG.slice(next))]), whole);
    }
  }
});

test("a page that comes twice, or late, changes nothing", () => {
  const whole = replay([page(LOG)]);
  assert.deepEqual(replay([page(LOG), page(LOG.slice(0, 3))]), whole);
});

test("a kind of change from the future is left alone", () => {
  assert.deepEqual(replay([page([{ kind: "telepathy", id: "x" }])]), {});
});

test("a definition is fetched once: announcing it again keeps what is here", () => {
  const rows = new Map([["forms/visit/1", { id: "visit/1", digest: "d", definition: { here: true } }]]);
  const announced = { kind: "form", form: "visit", version: "1", digest: "d" };
  const [write] = apply(page([announced]), { standing: EMPTY, rows, leaving: new Map(), busy: new Set() });
  assert.deepEqual(write.put.definition, { here: true });
});

test("somebody who moved between two households of this phone stays on it", () => {
  const moved = entity("m", 5, { subject: "h2" });
  const gone = entity("m", 5, { subject: "h1", deleted: true, properties: {} });
  for (const order of [[gone, moved], [moved, gone]]) {
    const stores = replay([page([entity("m", 4, { subject: "h1" })]), page(order)]);
    assert.equal(stores.entities.m.subject, "h2");
    assert.ok(!stores.entities.m.deleted);
  }
});

test("a snapshot replaces rows of another history whatever their version, and sweeps what it did not bring", () => {
  const rows = new Map([["entities/a", { ...entity("a", 9), gen: 1 }]]);
  const standing = { ...EMPTY, generation: 2 };
  const [write] = apply(page([entity("a", 1)]), { standing, rows, leaving: new Map(), busy: new Set() });
  assert.equal(write.put.version, 1);
  const stale = sweep("entities", [{ id: "a", gen: 2 }, { id: "b", gen: 1 }, { id: "c", gen: 1, subject: "busy" }], 2, new Set(["busy"]));
  assert.deepEqual(stale, [{ store: "entities", delete: "b" }]);
});
