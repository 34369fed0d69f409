/** Days and times that a plain field cannot take as forms write them: a month, a year, a moment with its zone. */

import { html, useState } from "../ui/hooks.js";
import { plainNumber } from "../ui/widgets/answer.js";

/** @typedef {import("../ui/widgets/answer.js").Props} Props */

const two = (/** @type {number} */ number) => String(number).padStart(2, "0");

/**
 * A moment as the phone's own clock shows it, "2026-11-22T14:30", or blank.
 * @param {string|null|undefined} value with its zone
 */
export function asShown(value) {
  const at = new Date(value || "");
  if (Number.isNaN(at.getTime())) return "";
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/**
 * A moment as forms write it, with the zone of this phone.
 * @param {string} text "2026-11-22T14:30"
 * @returns {string|null}
 */
export function asWritten(text) {
  const at = new Date(text);
  if (!text || Number.isNaN(at.getTime())) return null;
  const east = -at.getTimezoneOffset();
  const zone = `${east < 0 ? "-" : "+"}${two(Math.floor(Math.abs(east) / 60))}:${two(Math.abs(east) % 60)}`;
  return `${text.slice(0, 16)}:00.000${zone}`;
}

/** A year alone; half a year is no answer yet. @param {Props} props */
function Year({ item, onChange, onLeave }) {
  const [typed, setTyped] = useState(/** @type {string} */ (item.value?.slice(0, 4) || ""));
  const take = (/** @type {any} */ event) => {
    const text = plainNumber(event.target.value).replace(/\D/g, "").slice(0, 4);
    setTyped(text);
    onChange(text.length === 4 ? `${text}-01-01` : null);
  };
  const look = { id: item.ref, inputmode: "numeric", autocomplete: "off", "aria-invalid": item.error ? "true" : null };
  return html`<input ...${look} value=${typed} onInput=${take} onBlur=${onLeave} />`;
}

/** @param {Props} props */
export function Widget(props) {
  const { item, onChange, onLeave } = props;
  const { value, type } = item;
  const words = item.appearance.split(" ");
  if (words.includes("year")) return html`<${Year} ...${props} />`;
  const [kind, shown, write] =
    type === "time"
      ? ["time", value?.slice(0, 5), (/** @type {string} */ text) => text || null]
      : words.includes("month-year")
        ? ["month", value?.slice(0, 7), (/** @type {string} */ text) => (/^\d{4}-\d\d$/.test(text) ? `${text}-01` : null)]
        : ["datetime-local", asShown(value), asWritten];
  return html`<input
    id=${item.ref} type=${kind} value=${shown || ""} onBlur=${onLeave} aria-invalid=${item.error ? "true" : null}
    onInput=${(/** @type {any} */ event) => onChange(write(event.target.value))}
  />`;
}

/** Each is one field. */
export const field = true;
