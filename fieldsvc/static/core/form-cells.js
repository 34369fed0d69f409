// Values that know what they were computed from. Reading one inside the computation of another notes the dependence;
// writing one marks only what depends on it, and that is computed again when somebody next reads it. So a keystroke
// costs what it changes, and a page nobody looks at costs nothing.

/**
 * @template T
 * @typedef {{value: T, compute: (() => T)|null, stale: boolean, busy: boolean, sources: Set<Cell<any>>,
 *   readers: Set<Cell<any>>}} Cell
 */

/** @type {Cell<any>|null} */
let active = null;
let computed = 0;

/** How many computations ran so far; lets a test hold the engine to its promise. */
export const computations = () => computed;

/** @template T @param {T} value @param {(() => T)|null} [compute] @returns {Cell<T>} */
export const cell = (value, compute = null) => ({
  value, compute, stale: compute !== null, busy: false, sources: new Set(), readers: new Set(),
});

/**
 * The value now. A cell that is read by its own computation answers with its last value: that is how `once()` keeps
 * what it drew, and what stops a circle.
 * @template T @param {Cell<T>} it @returns {T}
 */
export function read(it) {
  if (active && active !== it) {
    it.readers.add(active);
    active.sources.add(it);
  }
  if (it.stale && it.compute && !it.busy) {
    for (const source of it.sources) source.readers.delete(it);
    it.sources.clear();
    const outer = active;
    active = it;
    it.busy = true;
    computed++;
    try {
      it.value = it.compute();
      it.stale = false;
    } finally {
      it.busy = false;
      active = outer;
    }
  }
  return it.value;
}

/** Set the value; what was computed from it becomes stale. @template T @param {Cell<T>} it @param {T} value */
export function write(it, value) {
  if (!it.stale && it.value === value) return;
  it.value = value;
  it.stale = false;
  spoil(it);
}

/** Whatever was computed from `it` must be computed again. @param {Cell<any>} it */
export function spoil(it) {
  for (const reader of it.readers) {
    if (reader.stale) continue;
    reader.stale = true;
    spoil(reader);
  }
}

/** Run `body` without noting what it reads. @template T @param {() => T} body @returns {T} */
export function unnoticed(body) {
  const outer = active;
  active = null;
  try {
    return body();
  } finally {
    active = outer;
  }
}
