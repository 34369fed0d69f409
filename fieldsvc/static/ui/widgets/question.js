/**
 * One item of a form page with everything that belongs beside it: the wording, what it was last time, what is wrong,
 * what is doubtful and why, and the office's comment. Groups and repeats hold further questions.
 */

import { Drawing, Marked, plain } from "../demand.js";
import { html, useState } from "../hooks.js";
import { Icon, Notice } from "../parts.js";
import { place, t } from "../words.js";
import { Answer, isField } from "./answer.js";

/** @typedef {import("../../core/types.js").OpenDraft} OpenDraft */
/** @typedef {any} Item as `core/form.js` describes it */
/**
 * @typedef {{ item: Item, title?: string, opened: OpenDraft, onChange: () => void }} Props `title` of the page, not to
 * be said twice
 */

/** The questions of a page without their groups. @param {Item[]} items @returns {Item[]} */
export const leavesOf = (items) => items.flatMap((item) => (item.children ? leavesOf(item.children) : [item]));

/**
 * 与上次一致 for a page or a section, where anything is known of last time.
 * @param {{ items: Item[], at: number|string, opened: OpenDraft, onChange: () => void }} props `at`: page or group
 */
export function Same({ items, at, opened, onChange }) {
  const [confirmed, setConfirmed] = useState(false);
  const leaves = leavesOf(items);
  const differing = leaves.filter((item) => item.previous != null).length;
  const confirm = () => {
    opened.form.confirm(at);
    setConfirmed(true);
    onChange();
  };
  if (!differing && !leaves.some((item) => item.prefilled)) return null;
  return html`<div class="same">
    ${confirmed && !differing
      ? html`<p role="status"><${Icon} name="check" />${t("same.done")}</p>`
      : html`<button onClick=${confirm}><${Icon} name="check" />${t("same")}</button>`}
    ${differing > 0 && html`<p class="differs"><${Icon} name="differ" />${t("differs", { n: differing })}</p>`}
  </div>`;
}

/** A doubt, and the reason that settles it. @param {Props & { warning: any }} props */
function Doubt({ item, opened, onChange, warning }) {
  const give = (/** @type {any} */ event) => {
    opened.form.setReason(item.ref, event.target.value);
    onChange();
  };
  return html`<${Notice} tone="waiting"><p>${warning.message}</p>
    ${warning.reasonRequired &&
    html`<label class="field">${t("reason")}<input value=${warning.reason || ""} onInput=${give} /></label>`}
  <//>`;
}

/**
 * Questions one below the other.
 * @param {{ items: Item[], title?: string, opened: OpenDraft, onChange: () => void }} props
 */
export const Questions = ({ items, title, opened, onChange }) =>
  items.map((item) => html`<${Question} key=${item.ref} ...${{ item, title, opened, onChange }} />`);

/** @param {Props} props */
function Question({ item, title, opened, onChange }) {
  const { form } = opened;
  if (item.kind === "repeat")
    return html`<${Repeat} item=${item} title=${title} opened=${opened} onChange=${onChange} />`;
  if (item.kind === "group")
    return html`<section class="group">
      ${item.label && html`<h2><${Marked} text=${item.label} /></h2>`}
      <${Same} items=${item.children} at=${item.ref} opened=${opened} onChange=${onChange} />
      <${Questions} items=${item.children} opened=${opened} onChange=${onChange} />
    </section>`;
  if (item.kind === "note" || item.type === "note") return html`<div class="note"><${Marked} text=${item.label} /><${Drawing} image=${item.image} /></div>`;

  const set = (/** @type {any} */ value) => {
    form.set(item.ref, value);
    onChange();
  };
  const touch = () => {
    form.touch(item.ref);
    onChange();
  };
  const comment = opened.comments?.[item.ref];
  const words = html`<span class="label"><${Marked} text=${item.label} />${item.required && html` <small>${t("required")}</small>`}</span>
    ${item.hint && html`<span class="hint"><${Marked} text=${item.hint} /></span>`}<${Drawing} image=${item.image} />`;
  const field = isField(item);
  const look = `question ${item.prefilled ? "prefilled" : ""} ${item.error ? "wrong" : ""}`;
  const grouped = field ? {} : { role: "group", "aria-label": plain(item.label) };
  return html`<div class=${look} data-ref=${item.ref} ...${grouped}>
    ${comment && html`<${Notice} tone="attention" icon="return"><p>${comment}</p><//>`}
    ${field ? html`<label for=${item.ref}>${words}</label>` : words}
    ${item.guidance && html`<details><summary>${t("guidance")}</summary><div><${Marked} text=${item.guidance} /></div></details>`}
    <${Answer} item=${item} draft=${opened.id} form=${opened.definition.form} onChange=${set} onLeave=${touch} onStored=${onChange} />
    ${item.prefilled && html`<p class="soft">${t("prefilled")}</p>`}
    ${item.previous != null &&
    html`<p class="differs"><${Icon} name="differ" />${t("previous.value", { value: item.type === "geopoint" ? place(item.previous) : item.previous })}</p>`}
    ${item.error && html`<p class="error" role="alert"><${Icon} name="alert" />${item.error}</p>`}
    ${item.warnings?.map((/** @type {any} */ warning) =>
      html`<${Doubt} key=${warning.message} item=${item} opened=${opened} onChange=${onChange} warning=${warning} />`)}
  </div>`;
}

/** What an item says of itself, question by question. */
const said = (/** @type {Item} */ row) =>
  (row.children || [])
    .map((/** @type {Item} */ one) =>
      one.choices ? one.choices.find((/** @type {any} */ choice) => choice.value === one.value)?.label : one.value,
    )
    .filter((/** @type {any} */ value) => typeof value === "string" && value);

/**
 * One of a repeat, folded when there are several.
 * @param {{ row: Item, title: string, first: boolean, opened: OpenDraft, onChange: () => void }} props
 */
function Row({ row, title, first, opened, onChange }) {
  const [open, setOpen] = useState(first);
  const [asking, setAsking] = useState(false);
  const remove = () => {
    opened.form.removeRepeat(row.ref);
    onChange();
  };
  return html`<section class="card">
    <button class="row" aria-expanded=${open} onClick=${() => setOpen(!open)}>
      <span class="row-head"><b>${title}</b><${Icon} name="down" /></span>
      ${!open && html`<span class="facts"><span>${said(row).slice(row.label ? 0 : 1).slice(0, 2).join(" · ")}</span></span>`}
    </button>
    ${open && html`<${Questions} items=${row.children} opened=${opened} onChange=${onChange} />`}
    ${open && row.canRemove && !asking &&
    html`<button class="plain" onClick=${() => setAsking(true)}><${Icon} name="close" />${t("remove")}</button>`}
    ${open && asking &&
    html`<div class="pair">
      <button onClick=${() => setAsking(false)}>${t("keep")}</button>
      <button class="danger" onClick=${remove}>${t("remove.sure", { name: title })}</button>
    </div>`}
  </section>`;
}

/** A repeat: adding opens a new card, removing is asked once. @param {Props} props */
function Repeat({ item, title, opened, onChange }) {
  const [before] = useState(item.children.length);
  const add = () => {
    opened.form.addRepeat(item.ref);
    onChange();
  };
  return html`<section class="group">
    ${item.label && item.label !== title && html`<h2>${item.label}</h2>`}
    ${item.children.map((/** @type {Item} */ row, /** @type {number} */ index) => {
      const first = index >= before || before === 1;
      const [answer] = said(row);
      const called = row.label || (answer ? `${index + 1} · ${answer}` : `${item.label} ${index + 1}`);
      return html`<${Row} key=${row.ref} ...${{ row, first, opened, onChange }} title=${called} />`;
    })}
    ${item.canAdd &&
    html`<button class="more" onClick=${add}><${Icon} name="plus" />${t("add", { name: item.label })}</button>`}
  </section>`;
}
