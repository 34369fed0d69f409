/** 定位: taken when asked, told as it is, never in the way. The best fix so far is kept; better ones replace it. */

import { html, useEffect, useRef, useState, useWorld } from "../hooks.js";
import { Icon } from "../parts.js";
import { distance, t } from "../words.js";

/** @typedef {import("./answer.js").Props} Props */
/** @typedef {import("../../core/types.js").PositionUpdate} Update */

const accuracyOf = (/** @type {string|null|undefined} */ value) => Number(value?.split(" ")[3]) || 0;

/** "29.71563, 118.33712 · 精度 12 米". @param {string} value */
export function placeText(value) {
  const place = value.split(" ").slice(0, 2).map((degrees) => Number(degrees).toFixed(5)).join(", ");
  return `${place} · ${t("accuracy", { distance: distance(accuracyOf(value)) })}`;
}

/** @param {Props} props */
export function Place({ item, onChange }) {
  const { app } = useWorld();
  const [update, setUpdate] = useState(/** @type {Update|null} */ (null));
  const stop = useRef(/** @type {null|(() => void)} */ (null));
  const best = useRef(Infinity);
  const halt = () => {
    stop.current?.();
    stop.current = null;
  };
  useEffect(() => halt, []);
  const start = () => {
    halt();
    best.current = Infinity;
    setUpdate({ state: "waiting" });
    stop.current = app.position((next) => {
      setUpdate(next);
      const accuracy = next.value ? (next.accuracy ?? accuracyOf(next.value)) : Infinity;
      if (accuracy < best.current) {
        best.current = accuracy;
        onChange(next.value);
      }
      if (next.state !== "waiting") halt();
    });
  };
  const end = () => {
    halt();
    setUpdate(null);
  };
  const state = update?.state;
  const waiting = state === "waiting";
  return html`<div class="place">
    ${item.value && html`<p class="fixed"><${Icon} name="check" />${placeText(item.value)}</p>`}
    ${waiting &&
    html`<p role="status"><i class="spinner" />
      ${update?.accuracy ? t("position.narrowing", { distance: distance(update.accuracy) }) : t("position.waiting")}
    </p>`}
    ${state === "nosignal" && html`<p role="status">${t("position.nosignal")}</p>`}
    ${state === "denied" && html`<p role="status">${t("position.denied")}</p>`}
    ${state === "unavailable" && html`<p role="status">${t("position.unavailable")}</p>`}
    <div class="pair">
      ${waiting
        ? html`<button onClick=${end}>${t("position.stop")}</button>`
        : html`<button onClick=${start}>
            <${Icon} name="place" />${t(item.value || update ? "position.again" : "position.get")}
          </button>`}
      ${item.value && !waiting && html`<button onClick=${() => onChange(null)}>${t("clear")}</button>`}
    </div>
  </div>`;
}
