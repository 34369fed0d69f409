/**
 * Where a Chinese map shows a WGS-84 point, and which WGS-84 point somebody means who points at such a map.
 *
 * The twin of `fieldsvc/geo/datum.py`, for maps that are drawn in the browser; `tests/vectors/datum.json` holds both.
 * @typedef {[number, number]} Point latitude and longitude in degrees
 * @typedef {'wgs84' | 'gcj02' | 'bd09'} Datum the system a map is drawn in
 */

const { PI, abs, atan2, cos, hypot, sin, sqrt } = Math;
const AXIS = 6378245;
const FLATNESS = 0.00669342162296594323;
const BAIDU_TURN = PI * 3000 / 180;

/** @param {Point} point WGS-84 @param {Datum} datum @returns {Point} where a map of this system shows it */
export function shown(point, datum) {
  if (datum === 'wgs84') return point;
  return datum === 'gcj02' ? toGcj(point) : bdOfGcj(toGcj(point));
}

/** @param {Point} point as on the map @param {Datum} datum the map's @returns {Point} WGS-84 */
export function pointed(point, datum) {
  if (datum === 'wgs84') return point;
  return fromGcj(datum === 'gcj02' ? point : gcjOfBd(point));
}

/** @param {Point} point WGS-84 @returns {Point} GCJ-02; outside the rough rectangle of China nothing is shifted */
export function toGcj([latitude, longitude]) {
  const inChina = latitude >= 0.8293 && latitude <= 55.8271 && longitude >= 72.004 && longitude <= 137.8347;
  if (!inChina) return [latitude, longitude];
  const [north, east] = shift(longitude - 105, latitude - 35);
  const angle = latitude / 180 * PI;
  const magic = 1 - FLATNESS * sin(angle) ** 2;
  return [
    latitude + north * 180 / (AXIS * (1 - FLATNESS) / (magic * sqrt(magic)) * PI),
    longitude + east * 180 / (AXIS / sqrt(magic) * cos(angle) * PI),
  ];
}

/** @param {Point} point GCJ-02 @returns {Point} WGS-84, found by going back by the shift, thrice */
export function fromGcj(point) {
  /** @type {Point} */
  let guess = point;
  for (let turn = 0; turn < 3; turn += 1) {
    const there = toGcj(guess);
    guess = [guess[0] + point[0] - there[0], guess[1] + point[1] - there[1]];
  }
  return guess;
}

/** @param {Point} point GCJ-02 @returns {Point} BD-09 */
export function bdOfGcj([y, x]) {
  const radius = hypot(x, y) + 0.00002 * sin(y * BAIDU_TURN);
  const angle = atan2(y, x) + 0.000003 * cos(x * BAIDU_TURN);
  return [radius * sin(angle) + 0.006, radius * cos(angle) + 0.0065];
}

/** @param {Point} point BD-09 @returns {Point} GCJ-02 */
export function gcjOfBd(point) {
  const [y, x] = [point[0] - 0.006, point[1] - 0.0065];
  const radius = hypot(x, y) - 0.00002 * sin(y * BAIDU_TURN);
  const angle = atan2(y, x) - 0.000003 * cos(x * BAIDU_TURN);
  return [radius * sin(angle), radius * cos(angle)];
}

/** @param {number} x @param {number} y degrees from the middle of China @returns {Point} metres north and east */
function shift(x, y) {
  const waves = (20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2 / 3;
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves
    + (20 * sin(y * PI) + 40 * sin(y / 3 * PI)) * 2 / 3
    + (160 * sin(y / 12 * PI) + 320 * sin(y * PI / 30)) * 2 / 3;
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves
    + (20 * sin(x * PI) + 40 * sin(x / 3 * PI)) * 2 / 3
    + (150 * sin(x / 12 * PI) + 300 * sin(x / 30 * PI)) * 2 / 3;
  return [north, east];
}
