// The phone's half of the expressions both engines must agree on; tests/forms/test_vectors.py is the other.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';

import { computer } from './expr-world.js';

const VECTORS = new URL('../vectors/', import.meta.url);

/** Equal, and of the same kind; numbers may differ in the last digits. */
const same = (got, wanted) =>
  typeof got === 'number' && typeof wanted === 'number'
    ? Math.abs(got - wanted) <= 1e-12 * Math.max(1, Math.abs(wanted)) : got === wanted;

for (const name of readdirSync(VECTORS).filter((each) => each.startsWith('expressions-'))) {
  const content = JSON.parse(readFileSync(new URL(name, VECTORS), 'utf8'));
  const compute = computer(content);
  test(`${name.slice(12, -5)}: every expression has the value the server computes`, () => {
    for (const { expression, tree, at, value, error } of content.cases) {
      const got = Array.isArray(tree) ? compute(tree, at) : { error: tree };
      assert.equal(got.error, error, expression);
      assert.ok(same(got.value, value), `${expression}: ${got.value}, not ${value}`);
    }
  });
}
