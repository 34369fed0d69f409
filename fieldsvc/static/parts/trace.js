/**
 * 走一圈: a line or an area walked corner by corner. There is no map behind it, because there is no network: a small drawing
 * and the length or the area say whether the shape is the field's.
 */

import { html, useEffect, useRef, useState, useWorld } from "../ui/hooks.js";
import { Icon } from "../ui/parts.js";
import { metresTo } from "../ui/screens/households.js";
import { distance, t as common, wordsOf } from "../ui/words.js";

/** @typedef {import("../ui/widgets/answer.js").Props} Props */
/** @typedef {import("../core/types.js").PositionUpdate} Update */

/** The words of this control, which travel with it. */
export const words = {
  zh: {
    add: "在这里取一点", use: "就用这一点", stop: "停止", undo: "撤销上一点", waiting: "正在定位…", better: "精度 {distance}，越等越准。",
    line: "已取 {n} 点，长 {distance}", area: "已取 {n} 点，面积 {area} 平方米（{mu} 亩）", few: "已取 {n} 点，至少要 {least} 点",
    walk: "沿着边走，在每个拐角取一点。", failed: "这里取不到定位。请照常填写，到户外再试。",
  },
  en: {
    add: "Take a point here", use: "Use this point", stop: "Stop", undo: "Undo the last point", waiting: "Looking for the position…",
    better: "Accuracy {distance}. Waiting makes it better.", line: "{n} points, {distance} long", area: "{n} points, {area} m² ({mu} mu)",
    few: "{n} points; at least {least} are needed", walk: "Walk along the edge and take a point at each corner.",
    failed: "No position here. Carry on, and try again outside.",
  },
};
const t = wordsOf(words);

const SHARP_METRES = 8;
const MU = 2000 / 3;

/** The corners of an answer; an area is written with its first corner again at the end. @param {string|null|undefined} value @param {boolean} closed */
export function cornersOf(value, closed) {
  const all = (value || "").split(";").map((text) => text.trim()).filter(Boolean);
  return closed && all.length > 1 && all[0] === all[all.length - 1] ? all.slice(0, -1) : all;
}

/** The answer of these corners. @param {string[]} corners @param {boolean} closed @returns {string|null} */
export const written = (corners, closed) => (closed && corners.length > 2 ? [...corners, corners[0]] : corners).join(";") || null;

/** Metres east and north of the first corner. @param {string[]} corners @returns {[number, number][]} */
export function plane(corners) {
  const degrees = corners.map((corner) => corner.split(" ").map(Number));
  const [[lat, lon]] = degrees;
  const metres = 111320;
  return degrees.map(([a, b]) => [(b - lon) * metres * Math.cos((lat * Math.PI) / 180), (a - lat) * metres]);
}

/** Square metres inside. @param {string[]} corners */
export const areaOf = (corners) => {
  const points = plane(corners);
  return Math.abs(points.reduce((sum, [x, y], i) => {
    const [u, v] = points[(i + 1) % points.length];
    return sum + x * v - u * y;
  }, 0)) / 2;
};

/** @param {{ corners: string[], closed: boolean }} props */
function Drawing({ corners, closed }) {
  const points = plane(corners);
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const size = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)) || 1;
  const at = points.map(([x, y]) => [10 + ((x - Math.min(...xs)) * 80) / size, 90 - ((y - Math.min(...ys)) * 80) / size]);
  const path = at.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L");
  return html`<svg viewBox="0 0 100 100" aria-hidden="true" focusable="false">
    <path class=${closed ? "closed" : ""} d=${`M${path}${closed && corners.length > 2 ? "Z" : ""}`} />
    ${at.map(([x, y], index) => html`<circle key=${index} class=${index === at.length - 1 ? "last" : ""} cx=${x} cy=${y} r="3" />`)}
  </svg>`;
}

/** @param {Props} props */
export function Widget({ item, onChange }) {
  const { app } = useWorld();
  const [update, setUpdate] = useState(/** @type {Update|null} */ (null));
  const stop = useRef(/** @type {null|(() => void)} */ (null));
  const closed = item.type === "geoshape";
  const corners = cornersOf(item.value, closed);
  const least = closed ? 3 : 2;
  const halt = () => {
    stop.current?.();
    stop.current = null;
    setUpdate(null);
  };
  useEffect(() => () => stop.current?.(), []);
  const add = (/** @type {string} */ corner) => {
    halt();
    onChange(written([...corners, corner], closed));
  };
  const start = () => {
    setUpdate({ state: "waiting" });
    stop.current = app.position((next) => {
      if (next.value && (next.accuracy ?? Infinity) <= SHARP_METRES) add(next.value);
      else setUpdate(next);
    }, true);
  };
  const state = update?.state;
  const looking = state === "waiting" || state === "fixed";
  const length = corners.reduce((sum, corner, i) => sum + (i ? metresTo(corners[i - 1], corner) : 0), 0);
  const area = corners.length >= least && closed ? areaOf(corners) : 0;
  return html`<div class="trace">
    ${!corners.length && html`<p class="soft">${t("walk")}</p>`}
    ${corners.length > 0 && html`<${Drawing} corners=${corners} closed=${closed} /><p role="status">${
      corners.length < least ? t("few", { n: corners.length, least })
        : closed ? t("area", { n: corners.length, area: Math.round(area), mu: (area / MU).toFixed(2) })
          : t("line", { n: corners.length, distance: distance(length) })
    }</p>`}
    ${looking && html`<p role="status"><i class="spinner" />${update?.value ? t("better", { distance: distance(update.accuracy || 0) }) : t("waiting")}</p>`}
    ${state && !looking && html`<p role="status">${t("failed")}</p>`}
    <div class="pair">
      ${looking && update?.value && html`<button onClick=${() => add(/** @type {string} */ (update.value))}>${t("use")}</button>`}
      ${looking
        ? html`<button onClick=${halt}>${t("stop")}</button>`
        : html`<button onClick=${start}><${Icon} name="place" />${t("add")}</button>`}
      ${corners.length > 0 && !looking && html`<button onClick=${() => onChange(written(corners.slice(0, -1), closed))}>${t("undo")}</button>`}
      ${corners.length > 1 && !looking && html`<button onClick=${() => onChange(null)}>${common("clear")}</button>`}
    </div>
  </div>`;
}
