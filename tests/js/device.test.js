import assert from "node:assert/strict";
import { test } from "node:test";

import { newId } from "../../fieldsvc/static/adapters/device.js";
import { jpegSize, sniff } from "../../fieldsvc/static/adapters/photo.js";

test("ids are UUIDs of version 7 and sort by time", () => {
  const ids = [1, 1_795_000_000_000, 1_795_000_000_001].map((at) => newId(at));
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual([...ids].sort(), ids);
});

test("ids made in the same millisecond differ", () => {
  assert.equal(new Set(Array.from({ length: 2000 }, () => newId(5))).size, 2000);
});

const bytes = (text) => Uint8Array.from(text, (character) => character.charCodeAt(0));

test("a picture is what its bytes say, whatever its name", () => {
  assert.equal(sniff(bytes("\xff\xd8\xff\xe0....")), "image/jpeg");
  assert.equal(sniff(bytes("\x89PNG\r\n")), "image/png");
  assert.equal(sniff(bytes("....ftypheic....")), "image/heic");
  assert.equal(sniff(bytes("<svg>")), null);
});

test("a JPEG's size is read from its header, past whatever stands before", () => {
  const segment = [0xff, 0xe1, 0, 6, 1, 2, 3, 4];
  const frame = [0xff, 0xc0, 0, 17, 8, 0x0b, 0xb8, 0x0f, 0xa0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  const view = new DataView(new Uint8Array([0xff, 0xd8, ...segment, ...frame]).buffer);
  assert.deepEqual(jpegSize(view), { width: 4000, height: 3000 });
  assert.equal(jpegSize(new DataView(new Uint8Array([0xff, 0xd8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]).buffer)), null);
});
