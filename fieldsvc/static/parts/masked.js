/** A number that others in the room need not read, such as that of an identity card: covered until asked for. */

import { html, useState } from "../ui/hooks.js";
import { t as common, wordsOf } from "../ui/words.js";

/** @typedef {import("../ui/widgets/answer.js").Props} Props */

/** The words of this control, which travel with it. */
export const words = {
  zh: { cover: "遮住", tail: "共 {n} 位，尾号 {tail}" },
  en: { cover: "Cover", tail: "{n} characters, the last ones {tail}" },
};
const t = wordsOf(words);

/** @param {Props} props */
export function Widget({ item, onChange, onLeave }) {
  const [bare, setBare] = useState(false);
  const value = String(item.value ?? "");
  return html`<div class="masked">
    <div class="pair">
      <input
        id=${item.ref} class=${bare ? "" : "covered"} value=${value} autocomplete="off" autocapitalize="characters"
        spellcheck="false" aria-invalid=${item.error ? "true" : null} onBlur=${onLeave}
        onInput=${(/** @type {any} */ event) => onChange(event.target.value.trim() || null)}
      />
      <button aria-pressed=${bare} onClick=${() => setBare(!bare)}>${bare ? t("cover") : common("show")}</button>
    </div>
    ${value.length > 4 && html`<p class="soft">${t("tail", { n: value.length, tail: value.slice(-4) })}</p>`}
  </div>`;
}

/** Its label points at the field. */
export const field = true;
