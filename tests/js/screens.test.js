/** The parts of the screens that are plain sums: which rows a list shows, how far a house is, how a number is read. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { arrange, metresTo } from "../../fieldsvc/static/ui/screens/households.js";
import { plainNumber } from "../../fieldsvc/static/ui/widgets/answer.js";
import { size } from "../../fieldsvc/static/ui/words.js";

const row = (id, more = {}) => ({
  id,
  name: id,
  hamlet: "上湾组",
  people: "3",
  type: "",
  phone: "",
  lastVisitAt: null,
  state: "todo",
  search: id,
  ...more,
});

test("returned households stand first, whatever their hamlet", () => {
  const chunks = arrange([row("a"), row("b", { state: "returned", hamlet: "山背组" })], "", "all", null);
  assert.deepEqual(
    chunks.map((chunk) => chunk.rows.map((each) => each.id)),
    [["b"], ["a"]],
  );
});

test("a long hamlet is cut into chunks, and only the first carries its name", () => {
  const chunks = arrange(
    Array.from({ length: 45 }, (_, index) => row(`h${index}`)),
    "",
    "all",
    null,
  );
  assert.deepEqual(
    chunks.map((chunk) => [chunk.title, chunk.rows.length]),
    [
      ["上湾组 45", 20],
      ["", 20],
      ["", 5],
    ],
  );
});

test("all words of a search must fit", () => {
  const rows = [row("a", { search: "张有田 上湾组 zyt 1234" }), row("b", { search: "张秀兰 上湾组 zxl 5678" })];
  assert.deepEqual(
    arrange(rows, "张 1234", "all", null)[0].rows.map((each) => each.id),
    ["a"],
  );
  assert.deepEqual(
    arrange(rows, "ZXL", "all", null)[0].rows.map((each) => each.id),
    ["b"],
  );
});

test("the chips show what is still to visit and what needs attention", () => {
  const rows = [
    row("a"),
    row("b", { state: "done" }),
    row("c", { state: "attention" }),
    row("d", { state: "returned" }),
  ];
  const ids = (chip) => arrange(rows, "", chip, null).flatMap((chunk) => chunk.rows.map((each) => each.id));
  assert.deepEqual(ids("todo"), ["a"]);
  assert.deepEqual(ids("attention"), ["d", "c"]);
});

test("the nearest stands first and the unknown last", () => {
  const rows = [
    row("far", { position: "29.80 118.30 0 5" }),
    row("unknown"),
    row("near", { position: "29.7001 118.3 0 5" }),
  ];
  assert.deepEqual(
    arrange(rows, "", "all", "29.70 118.30").flatMap((chunk) => chunk.rows.map((each) => each.id)),
    ["near", "far", "unknown"],
  );
  assert.equal(Math.round(metresTo("29.70 118.30", "29.70 118.31") / 10), 97);
});

test("numbers are read as Chinese keyboards type them", () => {
  assert.deepEqual(["１２．５", "12。5", "1，200", "－3"].map(plainNumber), ["12.5", "12.5", "1200", "-3"]);
});

test("sizes are said in the unit a person knows", () => {
  assert.deepEqual([900, 36_400, 1_258_000, 48e6, 10.7e9].map(size), ["1 KB", "37 KB", "1.3 MB", "48 MB", "11 GB"]);
});
