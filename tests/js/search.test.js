import assert from "node:assert/strict";
import { test } from "node:test";

import { initials, searchText } from "../../fieldsvc/static/core/search.js";

test("a household is found by the first letters of its head's name", () => {
  for (const [name, letters] of [["张三", "zs"], ["欧阳娜娜", "oynn"], ["李小红", "lxh"], ["王A1", "wa1"], ["安", "a"], ["汪", "w"]]) {
    assert.equal(initials(name), letters);
  }
});

test("a household is found by the last digits of a number, not by its first", () => {
  const text = searchText(["张三", "上组"], ["13900001234", null]);
  assert.ok(text.includes("1234"));
  assert.ok(!text.includes("1390"));
  assert.ok(text.includes("sz"));
});
