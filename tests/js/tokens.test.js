/** Colours and sizes: one file names them, and every text can be read in the sun. */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const ui = new URL("../../fieldsvc/static/ui/", import.meta.url).pathname;
const css = readFileSync(`${ui}tokens.css`, "utf8");

/** The custom properties of the block that begins with `start`. */
function block(start) {
  const from = css.indexOf(start);
  assert.notEqual(from, -1, start);
  const body = css.slice(css.indexOf("{", from) + 1, css.indexOf("}", from));
  return Object.fromEntries([...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value]));
}

const light = block(":root {");
const dark = { ...light, ...block(':root[data-theme="dark"]') };

function luminance(hex) {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const contrast = (one, other) => {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
};

for (const [name, scheme] of Object.entries({ light, dark })) {
  test(`body text has 7:1 on every ground of the ${name} scheme`, () => {
    for (const text of ["ink", "soft"])
      for (const ground of ["paper", "card", "prefilled-field"])
        assert.ok(contrast(scheme[text], scheme[ground]) >= 7, `${text} on ${ground}`);
  });

  test(`coloured words and the primary action have 4.5:1 in the ${name} scheme`, () => {
    for (const tone of ["waiting", "attention", "conflict"])
      for (const ground of ["paper", "card", `${tone}-field`])
        assert.ok(contrast(scheme[tone], scheme[ground]) >= 4.5, `${tone} on ${ground}`);
    assert.ok(contrast(scheme["on-brand"], scheme.brand) >= 4.5);
  });

  test(`edges of controls have 3:1 in the ${name} scheme`, () => {
    for (const ground of ["paper", "card"]) {
      assert.ok(contrast(scheme.edge, scheme[ground]) >= 3, `edge on ${ground}`);
      assert.ok(contrast(scheme.brand, scheme[ground]) >= 3, `brand on ${ground}`);
    }
  });
}

test("a phone that is dark by itself gets the same dark scheme", () => {
  assert.deepEqual(block(':root[data-theme="auto"]'), block(':root[data-theme="dark"]'));
});

test("no other file of the screens names a colour or a size in pixels", () => {
  for (const name of readdirSync(ui, { recursive: true })
    .map(String)
    .filter((each) => /\.(css|js)$/.test(each) && !each.endsWith("tokens.css"))) {
    const text = readFileSync(ui + name, "utf8")
      .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "")
      .replace(/\$\{view\.\w+\}px/g, "");
    assert.doesNotMatch(text, /#[0-9a-f]{3,8}\b|\b\d+px\b|rgb\(|hsl\(/i, name);
  }
});
