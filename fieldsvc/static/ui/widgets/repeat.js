/** A repeat: one card for each, folded when there are several; adding opens a new one, removing is asked once. */

import { html, useState } from "../hooks.js";
import { Icon } from "../icons.js";
import { t } from "../words.js";
import { Question } from "./question.js";

/** @typedef {import("./question.js").Props} Props */
/** @typedef {any} Item */

const said = (/** @type {Item} */ row) =>
  (row.children || []).map((/** @type {Item} */ one) => (one.choices ? one.choices.find((/** @type {any} */ choice) => choice.value === one.value)?.label : one.value))
    .filter((/** @type {any} */ value) => typeof value === "string" && value).slice(0, 2).join(" · ");

/** @param {Props & { row: Item, title: string, first: boolean }} props */
function Row({ row, title, first, opened, onChange }) {
  const [open, setOpen] = useState(first);
  const [asking, setAsking] = useState(false);
  const remove = () => {
    opened.form.removeRepeat(row.ref);
    onChange();
  };
  return html`<section class="card">
    <button class="row" aria-expanded=${open} onClick=${() => setOpen(!open)}>
      <span class="row-head"><b>${title}</b><${Icon} name="down" /></span>${!open && html`<span class="facts"><span>${said(row)}</span></span>`}
    </button>
    ${open && html`
      ${row.children.map((/** @type {Item} */ child) => html`<${Question} key=${child.ref} item=${child} opened=${opened} onChange=${onChange} />`)}
      ${row.canRemove && !asking && html`<button class="plain" onClick=${() => setAsking(true)}><${Icon} name="close" />${t("remove")}</button>`}
      ${asking && html`<div class="pair"><button onClick=${() => setAsking(false)}>${t("keep")}</button><button class="danger" onClick=${remove}>${t("remove.sure", { name: title })}</button></div>`}
    `}
  </section>`;
}

/** @param {Props} props */
export function Repeat({ item, opened, onChange }) {
  const [before] = useState(item.children.length);
  const add = () => {
    opened.form.addRepeat(item.ref);
    onChange();
  };
  return html`<section class="group">
    <h2>${item.label}</h2>
    ${item.children.map((/** @type {Item} */ row, /** @type {number} */ index) => html`
      <${Row} key=${row.ref} item=${item} row=${row} title=${row.label || `${item.label} ${index + 1}`} first=${index >= before || before === 1} opened=${opened} onChange=${onChange} />`)}
    ${item.canAdd && html`<button class="more" onClick=${add}><${Icon} name="plus" />${t("add", { name: item.label })}</button>`}
  </section>`;
}
