import assert from "node:assert/strict";
import { test } from "node:test";

import { clone } from "../simulation/phones/clone.js";

test("what a phone of the simulator keeps is a copy, down to the bytes of a photo", () => {
  const row = { id: "1", none: null, gone: undefined, list: [{ at: 1 }], bytes: new Uint8Array([1, 2]).buffer, file: new Uint8Array([3]) };
  const copy = clone(row);
  assert.deepEqual(copy, row);
  row.list[0].at = 2;
  new Uint8Array(row.bytes)[0] = 9;
  row.file[0] = 9;
  assert.deepEqual([copy.list[0].at, new Uint8Array(copy.bytes)[0], copy.file[0]], [1, 1, 3]);
});

test("what a browser would not keep is refused there too", () => {
  assert.throws(() => clone({ deed: () => {} }), { name: "DataCloneError" });
  assert.throws(() => clone([Symbol("no")]), { name: "DataCloneError" });
});
