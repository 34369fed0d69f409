/** A scale from one end to the other, its steps side by side: 很满意 to 不满意 in one glance. */

import { Marked, plain } from "../ui/demand.js";
import { html } from "../ui/hooks.js";

/** @typedef {import("../ui/widgets/answer.js").Props} Props */

/** @param {Props} props */
export function Widget({ item, onChange, onLeave }) {
  const press = (/** @type {string} */ code) => {
    // Pressing the chosen one again takes it back, as everywhere.
    onChange(item.value === code ? null : code);
    onLeave?.();
  };
  return html`<div class="likert" role="radiogroup" aria-label=${plain(item.label)}>
    ${(item.choices || []).map((/** @type {{ value: string, label: string }} */ { value, label }) =>
      html`<button key=${value} role="radio" aria-checked=${item.value === value} onClick=${() => press(value)}>
        <i /><span><${Marked} text=${label} /></span>
      </button>`)}
  </div>`;
}
