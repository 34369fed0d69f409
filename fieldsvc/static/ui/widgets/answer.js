/**
 * Which control takes the answer to an item: the part its definition names, else by its type. A type nobody knows, and a
 * part that could not be had, become a line of text, never a gap.
 */

import { part } from "../demand.js";
import { html } from "../hooks.js";
import { Choose, choicesText } from "./choose.js";
import { Photo } from "./picture.js";
import { place, t } from "../words.js";

/** @typedef {any} Item */
/**
 * @typedef {{ item: Item, draft?: string, form?: string, onChange: (value: any) => void, onLeave?: () => void,
 *   onStored?: () => void }} Props
 * `onStored` is called when the app itself set the answer, as it does for photos
 */

const NATIVE = { date: "date", time: "time", dateTime: "datetime-local" };

/**
 * A number as Chinese keyboards may type it, as plain digits: full-width digits and the ideographic full stop are one
 * key away from the ordinary ones and look the same in the sun.
 * @param {string} text
 */
export const plainNumber = (text) =>
  text
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/[。．]/g, ".")
    .replace(/[－—]/g, "-")
    .replace(/[，,\s]/g, "");

/** Text, numbers, dates and times, each with the keyboard that fits it. @param {Props} props */
function Enter({ item, onChange, onLeave }) {
  const { type, value, appearance = "" } = item;
  const number = type === "integer" || type === "int" || type === "decimal";
  const shared = {
    id: item.ref,
    // A calculation or the record may bring seconds and a zone, which the browser's own fields do not take.
    value: type in NATIVE ? (value || "").slice(0, type === "time" ? 5 : 16) : (value ?? ""),
    onInput: (/** @type {any} */ event) =>
      onChange((number ? plainNumber(event.target.value) : event.target.value) || null),
    onBlur: onLeave,
    "aria-invalid": item.error ? "true" : null,
    autocomplete: "off",
  };
  if (type in NATIVE) return html`<input ...${shared} type=${NATIVE[/** @type {keyof typeof NATIVE} */ (type)]} />`;
  if (appearance.includes("multiline")) return html`<textarea ...${shared} rows="4" />`;
  const keys = type === "decimal" ? "decimal" : number || appearance.includes("numbers") ? "numeric" : "text";
  return html`<input ...${shared} type="text" inputmode=${keys} />`;
}

/** @type {Record<string, import("../../vendor/preact-htm.js").Component<Props>>} */
const CONTROLS = {
  select_one: Choose,
  select_multiple: Choose,
  trigger: Choose,
  acknowledge: Choose,
  image: Photo,
  // Without its part, a signature on paper can still be photographed.
  signature: Photo,
};

/** True when the answer is one input that its label can point at. @param {Item} item */
export function isField(item) {
  const own = part(item.part);
  return !item.readonly && (own ? !!own.field : !(item.type in CONTROLS));
}

/** @param {Item} item the value in words, for what can only be read */
function shown(item) {
  if (item.choices) return choicesText(item);
  if (item.type === "geopoint" && item.value) return place(item.value);
  return item.value;
}

/** @param {Props} props */
export function Answer(props) {
  const { item } = props;
  if (item.readonly && !(item.value && item.value.sha256))
    return html`<p class="fixed">${shown(item) || t("blank")}</p>`;
  const own = part(item.part)?.Widget;
  return html`${item.part && !own && html`<p class="soft" role="status">${t("part.missing")}</p>`}
    <${own || CONTROLS[item.type] || Enter} ...${props} />`;
}
