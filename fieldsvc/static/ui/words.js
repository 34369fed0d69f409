/**
 * Words, dates and sizes in the language now spoken. One language at a time for the whole page: a phone has one reader.
 */

import { zh } from "../locales/zh.js";

/** @typedef {keyof typeof zh} Key */

/** @type {Record<string, Record<string, string>>} */
const tables = { zh };
let language = "zh";

/**
 * Speak this language from the next render on, Chinese while it is not learned.
 * @param {string} next
 * @returns {boolean} whether it is spoken now
 */
export function speak(next) {
  language = next in tables ? next : "zh";
  return language === next;
}

/** Fetch English: few need it, so it does not travel with the app to those who pay for every kilobyte. */
export async function learn() {
  tables.en = (await import("../locales/en.js")).en;
}

/**
 * The sentence for a key, `{name}` filled in. "one|many" chooses by `n`; Chinese has no plural and needs no bar.
 * @param {Key} key
 * @param {Record<string, string|number>} [values]
 */
export const t = (key, values) => fill(tables[language][key], values);

/**
 * The words a part brings along, said like all others.
 * @template {string} K
 * @param {{ zh: Record<K, string>, en: Record<K, string> }} own
 * @returns {(key: K, values?: Record<string, string|number>) => string}
 */
export const wordsOf = (own) => (key, values) => fill(own[/** @type {"zh"|"en"} */ (language)][key], values);

/** @param {string} text @param {Record<string, string|number>} [values] */
function fill(text, values = {}) {
  const [one, many] = text.split("|");
  return (many && values.n !== 1 ? many : one).replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** True when a sentence of this name exists: problem codes come from elsewhere. @param {string} key */
export const has = (key) => key in zh;

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const two = (/** @type {number} */ number) => String(number).padStart(2, "0");

/** "11月22日", with the year when it is another one. @param {number} at ms */
export function day(at) {
  const date = new Date(at);
  const sameYear = date.getFullYear() === new Date().getFullYear();
  if (language === "en")
    return `${date.getDate()} ${MONTHS[date.getMonth()]}${sameYear ? "" : ` ${date.getFullYear()}`}`;
  return `${sameYear ? "" : `${date.getFullYear()}年`}${date.getMonth() + 1}月${date.getDate()}日`;
}

/** "14:05". @param {number} at ms */
export function clock(at) {
  const date = new Date(at);
  return `${date.getHours()}:${two(date.getMinutes())}`;
}

/** "14:05" today, "11月21日 14:05" on other days. @param {number} at ms */
export function moment(at) {
  return new Date(at).toDateString() === new Date().toDateString() ? clock(at) : `${day(at)} ${clock(at)}`;
}

/** "今天", "3 天前", or the day itself when that is easier to place. @param {number} at ms */
export function since(at) {
  const midnight = (/** @type {number} */ time) => new Date(time).setHours(0, 0, 0, 0);
  const days = Math.round((midnight(Date.now()) - midnight(at)) / 86400000);
  if (days === 0) return t("today");
  if (days === 1) return t("yesterday");
  return days > 1 && days < 8 ? t("daysAgo", { n: days }) : day(at);
}

/** "1.2 MB", "36 KB". @param {number} bytes */
export function size(bytes) {
  const [unit, name] = bytes < 1e6 ? [1e3, "KB"] : bytes < 1e9 ? [1e6, "MB"] : [1e9, "GB"];
  const amount = bytes / Number(unit);
  return `${name === "KB" ? Math.ceil(amount) : amount.toFixed(amount < 10 ? 1 : 0)} ${name}`;
}

/** "约 4 分钟". @param {number} seconds */
export const duration = (seconds) =>
  seconds < 90
    ? t("aboutSeconds", { n: Math.max(1, Math.round(seconds)) })
    : t("aboutMinutes", { n: Math.round(seconds / 60) });

/** "12 米", "1.3 公里". @param {number} metres */
export const distance = (metres) =>
  metres < 1000 ? t("metres", { n: Math.round(metres) }) : t("kilometres", { n: (metres / 1000).toFixed(1) });

/** "29.71563, 118.33712 · 精度 12 米". @param {string} value "lat lon altitude accuracy" */
export function place(value) {
  const [latitude, longitude, , accuracy] = value.split(" ").map(Number);
  return `${latitude.toFixed(5)}, ${longitude.toFixed(5)} · ${t("accuracy", { distance: distance(accuracy || 0) })}`;
}
