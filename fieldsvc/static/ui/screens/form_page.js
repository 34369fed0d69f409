/** One page of a form: its questions, what the office asked at each, and 与上次一致 for all that is prefilled. */

import { html, useState } from "../hooks.js";
import { Icon } from "../icons.js";
import { Notice } from "../parts.js";
import { t } from "../words.js";
import { Question } from "../widgets/question.js";

/** @typedef {import("../../core/types.js").OpenDraft} OpenDraft */
/** @typedef {any} Item as `core/form.js` describes it */

/** The questions of a page without their groups. @param {Item[]} items @returns {Item[]} */
export const leavesOf = (items) => items.flatMap((item) => (item.children ? leavesOf(item.children) : [item]));

/**
 * @param {{ opened: OpenDraft, page: {ref: string, title: string, index: number}, onChange: () => void }} props
 */
export function FormPage({ opened, page, onChange }) {
  const { form } = opened;
  const [confirmed, setConfirmed] = useState(false);
  const items = form.page(page.index);
  const prefilled = leavesOf(items).some((item) => item.prefilled);
  const confirm = () => {
    form.confirm(page.index);
    setConfirmed(true);
    onChange();
  };
  return html`
    ${page.title && html`<h1>${page.title}</h1>`}
    ${opened.comment && html`<${Notice} tone="attention" icon="return" title=${t("returned")}><p>${opened.comment}</p><//>`}
    ${(prefilled || confirmed) && html`<div class="same">
      ${prefilled
        ? html`<button onClick=${confirm}><${Icon} name="check" />${t("same")}</button>`
        : html`<p role="status"><${Icon} name="check" />${t("same.done")}</p>`}
    </div>`}
    ${items.map((/** @type {Item} */ item) => html`<${Question} key=${item.ref} item=${item} opened=${opened} onChange=${onChange} />`)}
  `;
}
