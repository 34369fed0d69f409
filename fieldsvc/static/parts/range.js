/** A number between two ends: a slider for the thumb, a button to either side for one step, and the number itself. */

import { html } from "../ui/hooks.js";
import { t as common, wordsOf } from "../ui/words.js";

/** @typedef {import("../ui/widgets/answer.js").Props} Props */

/** The words of this control, which travel with it. */
export const words = {
  zh: { more: "大一格", less: "小一格", ask: "拖动滑块，或点两边" },
  en: { more: "One step up", less: "One step down", ask: "Drag the slider or press either side" },
};
const t = wordsOf(words);

/**
 * The value one or more steps away, kept between the ends and free of the dust of binary fractions.
 * @param {{ start: number, end: number, step: number }} scale
 * @param {number} value
 * @param {number} steps
 * @returns {string}
 */
export function stepped({ start, end, step }, value, steps) {
  const digits = (String(step).split(".")[1] || "").length;
  const low = Math.min(start, end);
  const place = Math.round((value - low) / step) + steps;
  return Math.min(Math.max(start, end), Math.max(low, low + place * step)).toFixed(digits);
}

/** @param {Props} props */
export function Widget({ item, onChange, onLeave }) {
  const { start = "0", end = "10", step = "1" } = item.parameters;
  const scale = { start: Number(start), end: Number(end), step: Math.abs(Number(step)) || 1 };
  const low = Math.min(scale.start, scale.end);
  const high = Math.max(scale.start, scale.end);
  const known = item.value !== null && item.value !== undefined && item.value !== "";
  const move = (/** @type {number} */ steps) => {
    onChange(known ? stepped(scale, Number(item.value), steps) : stepped(scale, low, 0));
    onLeave?.();
  };
  return html`<div class="range">
    <output class=${known ? "" : "soft"} for=${item.ref}>${known ? item.value : t("ask")}</output>
    <div class="slide">
      <button aria-label=${t("less")} onClick=${() => move(-1)}>−</button>
      <input
        id=${item.ref} type="range" min=${low} max=${high} step=${scale.step} value=${known ? item.value : low}
        aria-valuetext=${known ? item.value : common("blank")} onBlur=${onLeave}
        onInput=${(/** @type {any} */ event) => onChange(stepped(scale, Number(event.target.value), 0))}
      />
      <button aria-label=${t("more")} onClick=${() => move(1)}>+</button>
    </div>
    <p class="ends" aria-hidden="true"><span>${low}</span><span>${high}</span></p>
  </div>`;
}

/** Its label points at the slider. */
export const field = true;
