/** The rows of one store in the order of their keys, and what a key may be. */

const invalid = () => new DOMException("no key", "DataError");

/** The kinds of keys that the app has, in the order of IndexedDB. @param {any} key @returns {number} */
const rank = (key) => (typeof key === "number" ? 1 : typeof key === "string" ? 2 : 3);

/** @param {any} key throws what a browser throws where it is none */
export function valid(key) {
  if (typeof key === "string" || (typeof key === "number" && !Number.isNaN(key))) return;
  if (!Array.isArray(key)) throw invalid();
  key.forEach(valid);
}

/** @param {any} one @param {any} other @returns {number} */
export function compare(one, other) {
  if (typeof one === "string" && typeof other === "string") return one < other ? -1 : one > other ? 1 : 0;
  const ranks = rank(one) - rank(other);
  if (ranks) return ranks;
  if (!Array.isArray(one)) return one - other;
  for (let place = 0; place < one.length && place < other.length; place += 1) {
    const difference = compare(one[place], other[place]);
    if (difference) return difference;
  }
  return one.length - other.length;
}

/** The key of a row. @param {any} row @param {string|string[]} path @returns {any} */
export function keyOf(row, path) {
  const key = Array.isArray(path) ? path.map((name) => row[name]) : row?.[path];
  valid(key);
  return key;
}

/** Rows by key. They are frozen or nobody else's: who reads them copies them. */
export class Table {
  /** @type {string[]} */ indexes = [];
  /** @type {any[]} */ #keys = [];
  /** @type {any[]} */ #rows = [];

  /** @param {string|string[]} path */
  constructor(path) {
    this.path = path;
  }

  all() {
    return this.#rows;
  }

  get(key) {
    const { at, found } = this.#find(key);
    return found ? this.#rows[at] : undefined;
  }

  put(key, row) {
    const { at, found } = this.#find(key);
    if (found) this.#rows[at] = row;
    else {
      this.#keys.splice(at, 0, key);
      this.#rows.splice(at, 0, row);
    }
  }

  delete(key) {
    const { at, found } = this.#find(key);
    if (!found) return;
    this.#keys.splice(at, 1);
    this.#rows.splice(at, 1);
  }

  /** What puts back what stands under a key now. @param {any} key @returns {() => void} */
  undoing(key) {
    const row = this.get(key);
    return () => (row === undefined ? this.delete(key) : this.put(key, row));
  }

  #find(key) {
    let [at, end] = [0, this.#keys.length];
    while (at < end) {
      const middle = (at + end) >> 1;
      if (compare(this.#keys[middle], key) < 0) at = middle + 1;
      else end = middle;
    }
    return { at, found: at < this.#keys.length && compare(this.#keys[at], key) === 0 };
  }
}
