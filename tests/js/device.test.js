import assert from "node:assert/strict";
import { test } from "node:test";

import { newId } from "../../fieldsvc/static/adapters/device.js";
import { sizeOf, sniff } from "../../fieldsvc/static/adapters/photo-size.js";

test("ids are UUIDs of version 7 and sort by time", () => {
  const ids = [1, 1_795_000_000_000, 1_795_000_000_001].map((at) => newId(at));
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual([...ids].sort(), ids);
});

test("ids made in the same millisecond differ", () => {
  assert.equal(new Set(Array.from({ length: 2000 }, () => newId(5))).size, 2000);
});

const bytes = (text) => Uint8Array.from(text, (character) => character.charCodeAt(0)).buffer;

test("a picture is what its bytes say, whatever its name", () => {
  assert.equal(sniff(bytes("\xff\xd8\xff\xe0....")), "image/jpeg");
  assert.equal(sniff(bytes("\x89PNG\r\n")), "image/png");
  assert.equal(sniff(bytes("GIF89a......")), "image/gif");
  assert.equal(sniff(bytes("RIFF....WEBPVP8 ")), "image/webp");
  assert.equal(sniff(bytes("....ftypheic....")), "image/heic");
  assert.equal(sniff(bytes("<svg>")), null);
  assert.equal(sniff(new ArrayBuffer(1)), null);
});

test("a JPEG's size is read from its header, past whatever stands before", () => {
  const segment = [0xff, 0xe1, 0, 6, 1, 2, 3, 4];
  const frame = [0xff, 0xc0, 0, 17, 8, 0x0b, 0xb8, 0x0f, 0xa0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  assert.deepEqual(sizeOf(new Uint8Array([0xff, 0xd8, ...segment, ...frame]).buffer, "image/jpeg"), [4000, 3000]);
  const nonsense = new Uint8Array([0xff, 0xd8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]).buffer;
  assert.equal(sizeOf(nonsense, "image/jpeg"), null);
});

test("the sizes of other kinds are read from theirs, and a cut header says nothing", () => {
  const png = `\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x2e\xe0\0\0\x23\x28\x08`;
  assert.deepEqual(sizeOf(bytes(png), "image/png"), [12000, 9000]);
  assert.deepEqual(sizeOf(bytes("GIF89a\x40\x01\xf0\0\0"), "image/gif"), [320, 240]);
  const webp = (/** @type {string} */ kind, /** @type {string} */ rest) => bytes(`RIFF....WEBP${kind}....${rest}......`);
  assert.deepEqual(sizeOf(webp("VP8X", "\0\0\0\0\x9f\x0f\0\xb7\x0b\0"), "image/webp"), [4000, 3000]);
  assert.deepEqual(sizeOf(webp("VP8 ", "\0\0\0\x9d\x01\x2a\x80\x02\xe0\x01"), "image/webp"), [640, 480]);
  assert.deepEqual(sizeOf(webp("VP8L", "/\x7f\xc2\x77\0"), "image/webp"), [640, 480]);
  for (const type of ["image/jpeg", "image/png", "image/gif", "image/webp"]) assert.equal(sizeOf(bytes("short"), type), null);
});

/** A box of the format HEIC is in. @param {string} name @param {number[]} numbers */
const box = (name, ...numbers) => {
  const view = new DataView(new ArrayBuffer(8 + numbers.length * 4));
  view.setUint32(0, view.byteLength);
  [...name].forEach((letter, at) => view.setUint8(4 + at, letter.charCodeAt(0)));
  numbers.forEach((number, at) => view.setUint32(8 + at * 4, number));
  return new Uint8Array(view.buffer);
};

test("a HEIC of 48 megapixels is known by its size, although it is made of small tiles and a thumbnail", () => {
  const heic = 0x68656963;
  const whole = new Blob([box("ftyp", heic, 0), box("meta", 0), box("ispe", 0, 512, 512), box("ispe", 0, 8064, 6048), box("ispe", 0, 320, 240)]);
  return whole.arrayBuffer().then((bytes) => {
    assert.equal(sniff(bytes), "image/heic");
    assert.deepEqual(sizeOf(bytes, "image/heic"), [8064, 6048]);
  });
});

test("a HEIC that says nothing of its size has none", () => {
  assert.equal(sizeOf(box("ftyp", 0x68656963, 0).buffer, "image/heic"), null);
});
