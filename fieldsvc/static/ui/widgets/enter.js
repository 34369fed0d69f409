/** Typed answers: text, numbers, dates and times, each with the keyboard that fits it. */

import { html } from "../hooks.js";
import { t } from "../words.js";

/** @typedef {import("./answer.js").Props} Props */

const NATIVE = { date: "date", time: "time", dateTime: "datetime-local" };

/**
 * A number as Chinese keyboards may type it, as plain digits: full-width digits and the ideographic full stop are one
 * key away from the ordinary ones and look the same in the sun.
 * @param {string} text
 */
export const plainNumber = (text) =>
  text.replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0)).replace(/[。．]/g, ".").replace(/[－—]/g, "-").replace(/[，,\s]/g, "");

/** The day so many days from today, as a form writes it. @param {number} days */
function dayFromToday(days) {
  const date = new Date();
  date.setDate(date.getDate() + days);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/** @param {Props} props */
export function Enter({ item, onChange, onLeave }) {
  const { type, value, appearance = "" } = item;
  const number = type === "integer" || type === "int" || type === "decimal";
  const shared = {
    id: item.ref,
    value: value ?? "",
    onInput: (/** @type {any} */ event) => onChange((number ? plainNumber(event.target.value) : event.target.value) || null),
    onBlur: onLeave,
    "aria-invalid": item.error ? "true" : null,
    autocomplete: "off",
  };
  if (type in NATIVE) {
    const offer = type === "date" ? /** @type {[number, string][]} */ ([[0, t("today")], [-1, t("yesterday")]]) : [];
    return html`<div class="pair"><input ...${shared} type=${NATIVE[/** @type {keyof typeof NATIVE} */ (type)]} />
      ${!value && offer.map(([days, text]) => html`<button key=${text} onClick=${() => onChange(dayFromToday(days))}>${text}</button>`)}</div>`;
  }
  if (appearance.includes("multiline")) return html`<textarea ...${shared} rows="4" />`;
  if (number && appearance.includes("counter")) {
    const step = (/** @type {number} */ by) => onChange(String((Number(value) || 0) + by));
    return html`<div class="counter">
      <button aria-label=${t("less")} onClick=${() => step(-1)}>−</button><input ...${shared} inputmode="numeric" /><button aria-label=${t("more")} onClick=${() => step(1)}>+</button>
    </div>`;
  }
  const keys = type === "decimal" ? "decimal" : number || appearance.includes("numbers") ? "numeric" : "text";
  return html`<input ...${shared} type="text" inputmode=${keys} />`;
}
