/** A large number with its thousands apart while nobody types in it: 86000 and 860000 look alike in the sun. */

import { html, useState } from "../ui/hooks.js";
import { plainNumber } from "../ui/widgets/answer.js";

/** @typedef {import("../ui/widgets/answer.js").Props} Props */

/** "1234567.5" as "1,234,567.5". @param {string|null|undefined} value */
export function grouped(value) {
  const [whole, fraction] = String(value ?? "").split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (fraction === undefined ? "" : `.${fraction}`);
}

/** @param {Props} props */
export function Widget({ item, onChange, onLeave }) {
  const [typing, setTyping] = useState(false);
  const leave = () => {
    setTyping(false);
    onLeave?.();
  };
  return html`<input
    id=${item.ref} value=${typing ? (item.value ?? "") : grouped(item.value)} autocomplete="off"
    inputmode=${item.type === "decimal" ? "decimal" : "numeric"} aria-invalid=${item.error ? "true" : null}
    onFocus=${() => setTyping(true)} onBlur=${leave}
    onInput=${(/** @type {any} */ event) => onChange(plainNumber(event.target.value) || null)}
  />`;
}

/** It is one field. */
export const field = true;
