/** A small number with a button to either side: quicker than the keyboard for people in a room. */

import { html } from "../ui/hooks.js";
import { plainNumber } from "../ui/widgets/answer.js";
import { wordsOf } from "../ui/words.js";

/** @typedef {import("../ui/widgets/answer.js").Props} Props */

/** The words of this control, which travel with it. */
export const words = {
  zh: { more: "加一", less: "减一" },
  en: { more: "One more", less: "One less" },
};
const t = wordsOf(words);

/** Its label points at the number between the buttons. */
export const field = true;

/** @param {Props} props */
export function Widget({ item, onChange, onLeave }) {
  const step = (/** @type {number} */ by) => onChange(String((Number(item.value) || 0) + by));
  return html`<div class="counter">
    <button aria-label=${t("less")} onClick=${() => step(-1)}>−</button>
    <input
      id=${item.ref} value=${item.value ?? ""} inputmode="numeric" autocomplete="off"
      aria-invalid=${item.error ? "true" : null} onBlur=${onLeave}
      onInput=${(/** @type {any} */ event) => onChange(plainNumber(event.target.value) || null)}
    />
    <button aria-label=${t("more")} onClick=${() => step(1)}>+</button>
  </div>`;
}
