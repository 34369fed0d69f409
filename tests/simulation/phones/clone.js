/**
 * Copies for the phones' databases. Node's own `structuredClone` writes a value out and reads it in again, which took a
 * quarter of a run; rows are plain data, and copying those by hand means the same.
 *
 * What lies in a database cannot be changed from outside it. So a row is copied once, when it is put, and frozen; whoever
 * reads it gets that same frozen copy, and what of it is put again is not copied again. Whoever wrote into what was read,
 * which a browser would let pass without effect on the database, ends with a TypeError here.
 */

const thorough = structuredClone;
/** Every copy that lies in some database. @type {WeakSet<object>} */
const kept = new WeakSet();

/** @param {any} value @returns {boolean} whether copying its own properties is a whole copy */
const isPlain = (value) => Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;

/** @param {any} value @returns {boolean} whether nobody can change it */
const isFixed = (value) => typeof value !== "object" || value === null || kept.has(value);

/** A copy that shares nothing that can be changed with the value; what is no plain data is copied, or refused, as browsers do. @param {any} value @returns {any} */
export function clone(value) {
  if (typeof value !== "object" || value === null) return typeof value === "function" || typeof value === "symbol" ? thorough(value) : value;
  if (kept.has(value)) return value;
  if (value instanceof ArrayBuffer) return value.slice(0);
  if (!isPlain(value)) return thorough(value);
  const copy = Array.isArray(value) ? [...value] : { ...value };
  let fixed = true;
  for (const name in copy) {
    const each = copy[name];
    if (typeof each === "string") continue;
    copy[name] = clone(each);
    fixed &&= isFixed(copy[name]);
  }
  // Bytes cannot be frozen: a row that holds some is copied each time.
  if (fixed) kept.add(Object.freeze(copy));
  return copy;
}
