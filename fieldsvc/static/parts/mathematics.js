// Roots, powers, logarithms and angles: functions a visit hardly ever asks for. Importing this part adds them; a
// definition says in `uses` when it must be.

import { FUNCTIONS, math } from '../core/expr-functions.js';

/** @type {Record<string, import('../core/expr-functions.js').Entry>} */
const MATHEMATICS = {
  floor: math(Math.floor), ceiling: math(Math.ceil), pow: math(Math.pow, 2), sqrt: math(Math.sqrt), exp: math(Math.exp), exp10: math((x) => 10 ** x),
  log: math(Math.log), log10: math(Math.log10), sin: math(Math.sin), cos: math(Math.cos), tan: math(Math.tan),
  asin: math(Math.asin), acos: math(Math.acos), atan: math(Math.atan), atan2: math(Math.atan2, 2), pi: [0, 0, () => Math.PI],
};

Object.assign(FUNCTIONS, MATHEMATICS);
