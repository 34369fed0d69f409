// The browser's half of the shifts of Chinese maps; tests/geo/test_datum.py is the server's.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import * as datum from '../../fieldsvc/office/static/datum.js';

const { cases } = JSON.parse(readFileSync(new URL('../vectors/datum.json', import.meta.url), 'utf8'));
const STEPS = {
  'wgs84 gcj02': datum.toGcj, 'gcj02 wgs84': datum.fromGcj, 'gcj02 bd09': datum.bdOfGcj, 'bd09 gcj02': datum.gcjOfBd,
};

/** Metres between two points that are near each other. */
const metres = ([a, b], [c, d]) => 111_195 * Math.hypot(c - a, (d - b) * Math.cos(a / 180 * Math.PI));

for (const one of cases) {
  test(`${one.from} ${one.point} is shifted to ${one.to} as published`, () => {
    assert.ok(metres(STEPS[`${one.from} ${one.to}`](one.point), one.gives) <= one.metres);
  });
}

test('pointing at what a map shows gives the point back, and the maps differ by hundreds of metres', () => {
  const here = [29.87, 118.33];
  for (const [system, least] of [['wgs84', 0], ['gcj02', 300], ['bd09', 800]]) {
    const there = datum.shown(here, system);
    assert.ok(metres(here, there) >= least);
    assert.ok(metres(datum.pointed(there, system), here) < 0.2);
  }
});
