/**
 * One item of a form page with everything that belongs beside it: the wording, what it was last time, what is wrong,
 * what is doubtful and why, and the office's comment. Groups and repeats hold further questions.
 */

import { html } from "../hooks.js";
import { Icon } from "../icons.js";
import { Notice } from "../parts.js";
import { t } from "../words.js";
import { Answer, isField } from "./answer.js";
import { Repeat } from "./repeat.js";

/** @typedef {import("../../core/types.js").OpenDraft} OpenDraft */
/** @typedef {any} Item as `core/form.js` describes it */
/** @typedef {{ item: Item, opened: OpenDraft, onChange: () => void }} Props */

/** A doubt, and the reason that settles it. @param {Props & { warning: any }} props */
function Doubt({ item, opened, onChange, warning }) {
  const give = (/** @type {any} */ event) => {
    opened.form.setReason(item.ref, event.target.value);
    onChange();
  };
  return html`<${Notice} tone="waiting"><p>${warning.message}</p>
    ${warning.reasonRequired && html`<label class="field">${t("reason")}<input value=${warning.reason || ""} onInput=${give} /></label>`}
  <//>`;
}

/** @param {Props} props */
export function Question({ item, opened, onChange }) {
  const { form } = opened;
  if (item.kind === "repeat") return html`<${Repeat} item=${item} opened=${opened} onChange=${onChange} />`;
  if (item.kind === "group")
    return html`<section class="group">${item.label && html`<h2>${item.label}</h2>`}
      ${item.children.map((/** @type {Item} */ child) => html`<${Question} key=${child.ref} item=${child} opened=${opened} onChange=${onChange} />`)}
    </section>`;
  if (item.kind === "note" || item.type === "note") return html`<p class="note">${item.label}</p>`;

  const set = (/** @type {any} */ value) => {
    form.set(item.ref, value);
    onChange();
  };
  const touch = () => {
    form.touch(item.ref);
    onChange();
  };
  const comment = opened.comments?.[item.ref];
  const words = html`<span class="label">${item.label}${item.required && html` <small>${t("required")}</small>`}</span>
    ${item.hint && html`<span class="hint">${item.hint}</span>`}`;
  const field = isField(item);
  return html`<div class=${`question ${item.prefilled ? "prefilled" : ""} ${item.error ? "wrong" : ""}`} data-ref=${item.ref} role=${field ? null : "group"} aria-label=${field ? null : item.label}>
    ${comment && html`<${Notice} tone="attention" icon="return"><p>${comment}</p><//>`}
    ${field ? html`<label for=${item.ref}>${words}</label>` : words}
    ${item.guidance && html`<details><summary>${t("guidance")}</summary><p>${item.guidance}</p></details>`}
    <${Answer} item=${item} draft=${opened.id} onChange=${set} onLeave=${touch} onStored=${onChange} />
    ${item.prefilled && html`<p class="soft">${t("prefilled")}</p>`}
    ${item.previous != null && html`<p class="differs"><${Icon} name="differ" />${t("previous.value", { value: item.previous })}</p>`}
    ${item.error && html`<p class="error" role="alert"><${Icon} name="alert" />${item.error}</p>`}
    ${item.warnings?.map((/** @type {any} */ warning) => html`<${Doubt} key=${warning.message} item=${item} opened=${opened} onChange=${onChange} warning=${warning} />`)}
  </div>`;
}
