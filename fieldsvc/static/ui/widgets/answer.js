/** Which control takes the answer to an item, by its type. A type nobody knows becomes a line of text, never a gap. */

import { html } from "../hooks.js";
import { Choose, choicesText } from "./choose.js";
import { Enter } from "./enter.js";
import { Photo, Signature } from "./picture.js";
import { Place, placeText } from "./place.js";
import { t } from "../words.js";

/** @typedef {any} Item */
/**
 * @typedef {{ item: Item, draft?: string, onChange: (value: any) => void, onLeave?: () => void, onStored?: () => void }} Props
 * `onStored` is called when the app itself set the answer, as it does for photos
 */

/** @type {Record<string, import("../../vendor/preact-htm.js").Component<Props>>} */
const CONTROLS = { select_one: Choose, select_multiple: Choose, trigger: Choose, acknowledge: Choose, geopoint: Place, image: Photo, signature: Signature };

/** True when the answer is one input that its label can point at. @param {Item} item */
export const isField = (item) => !(item.type in CONTROLS) && !item.readonly;

/** @param {Item} item the value in words, for what can only be read */
function shown(item) {
  if (item.choices) return choicesText(item);
  if (item.type === "geopoint" && item.value) return placeText(item.value);
  return item.value;
}

/** @param {Props} props */
export function Answer(props) {
  const { item } = props;
  if (item.readonly && !(item.value && item.value.sha256)) return html`<p class="fixed">${shown(item) || t("blank")}</p>`;
  const control = item.appearance?.includes("signature") ? Signature : CONTROLS[item.type] || Enter;
  return html`<${control} ...${props} />`;
}
