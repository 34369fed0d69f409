// The functions distance(), area(), geofence() and intersects(), on WGS-84 points written "lat lon altitude accuracy", lines joined by
// ";". Importing this part adds them; a definition says in `uses` when it must be.

import { FUNCTIONS } from '../core/expr-functions.js';
import { ExprError, flat, toNumber, toText, words } from '../core/expr-values.js';

/** @typedef {import('../core/expr.js').Scope} Scope */
/** @typedef {import('../core/expr-values.js').Value} Value */
/** @typedef {[number, number]} Point latitude, longitude in degrees */

const RADIUS = 6378100;
const RAD = Math.PI / 180;

/** @param {string} text @returns {Point|null} */
function point(text) {
  const parts = words(text).map((part) => toNumber(part, 0));
  const [lat, lon] = parts;
  return parts.length > 1 && Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? [lat, lon] : null;
}

/** @param {Value[]} args @returns {Point[]|null} null when one of them is no point */
function line(args) {
  const texts = flat(args).flatMap((value) => toText(value, 0).split(';')).filter((part) => part.trim());
  const points = texts.map(point);
  return points.includes(null) ? null : /** @type {Point[]} */ (points);
}

/** @param {Point} a @param {Point} b metres between them, on a sphere */
function metres(a, b) {
  const [latA, latB] = [a[0] * RAD, b[0] * RAD];
  const half = Math.sin((latB - latA) / 2) ** 2 + Math.cos(latA) * Math.cos(latB) * Math.sin(((b[1] - a[1]) * RAD) / 2) ** 2;
  return 2 * RADIUS * Math.asin(Math.min(1, Math.sqrt(half)));
}

/** @param {Point[]} points @param {(a: Point, b: Point) => number} body summed over each step */
const along = (points, body) => points.slice(1).reduce((total, p, i) => total + body(points[i], p), 0);

/** @param {Point[]} points @returns {Point[]} */
const closed = (points) => [...points, points[0]];

/** @param {Point} p @param {Point[]} shape */
function inside([lat, lon], shape) {
  return closed(shape).slice(1).reduce((odd, [latB, lonB], i) => {
    const [latA, lonA] = shape[i];
    const crosses = lonA > lon !== lonB > lon && lat < ((latB - latA) * (lon - lonA)) / (lonB - lonA) + latA;
    return crosses ? !odd : odd;
  }, false);
}

/** On which side of the line from `a` to `b` lies `c`: positive, negative, or 0 on it. @param {Point} a @param {Point} b @param {Point} c */
const side = (a, b, c) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

/** Whether `c`, which lies on the line through `a` and `b`, lies between them. @param {Point} a @param {Point} b @param {Point} c */
const between = (a, b, c) => [0, 1].every((i) => Math.min(a[i], b[i]) <= c[i] && c[i] <= Math.max(a[i], b[i]));

/** Whether two segments have a point in common. @param {Point} a @param {Point} b @param {Point} c @param {Point} d */
const meet = (a, b, c, d) =>
  (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) ||
  [[a, b, c], [a, b, d], [c, d, a], [c, d, b]].some(([p, q, r]) => side(p, q, r) === 0 && between(p, q, r));

/** Whether a line crosses or touches itself, except at corners and where it closes. @param {Point[]} points */
function crossesItself(points) {
  const same = (/** @type {Point} */ a, /** @type {Point} */ b) => a[0] === b[0] && a[1] === b[1];
  const segments = points.slice(1).flatMap((b, i) => (same(points[i], b) ? [] : [[points[i], b]]));
  const last = same(points[0], points[points.length - 1]) ? segments.length - 1 : NaN;
  return segments.some(([a, b], n) => segments.some(([c, d], m) => {
    // A neighbour meets at the corner, and may not come back over the line.
    if (m === n + 1) return side(a, b, d) === 0 && (between(a, b, d) || between(c, d, a));
    return m > n + 1 && !(n === 0 && m === last) && meet(a, b, c, d);
  }));
}

/** @type {Record<string, import('../core/expr-functions.js').Entry>} */
const PLACES = {
  distance: [1, 99, (args) => {
    const points = line(args);
    return points ? Math.round(along(points, metres) * 100) / 100 : NaN;
  }],
  area: [1, 99, (args) => {
    const points = line(args);
    if (!points) return NaN;
    if (points.length < 3) return 0;
    const [[lat, lon]] = points;
    const plane = closed(points).map(([a, b]) => /** @type {Point} */ ([(b - lon) * RAD * Math.cos(a * RAD), (a - lat) * RAD]));
    const double = along(plane, (a, b) => a[0] * b[1] - b[0] * a[1]);
    return Math.round((Math.abs(double) / 2) * RADIUS * RADIUS * 100) / 100;
  }],
  geofence: [2, 2, ([a, b]) => {
    const [where, shape] = [line([a]), line([b])];
    if (!where || !shape || where.length !== 1 || shape.length < 3) throw new ExprError('not-a-place');
    return inside(where[0], shape);
  }],
  intersects: [1, 1, (args) => {
    const points = line(args);
    return !!points?.length && crossesItself(points);
  }],
};

Object.assign(FUNCTIONS, PLACES);
