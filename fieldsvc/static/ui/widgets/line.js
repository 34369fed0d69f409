/** One line of a record: its value, who wrote it and when, whether it waits or is disputed, and 更正 in place. */

import { html, useState, useWorld } from "../hooks.js";
import { Icon } from "../icons.js";
import { DIFFERENCE, Notice, OUTBOX, Tag, Trouble, announce, useTask } from "../parts.js";
import { since, t } from "../words.js";
import { Answer } from "./answer.js";

/** @typedef {import("../../core/types.js").PropertyView} Property */

/** @param {{ entity: string, property: Property, onDone: () => void }} props */
function Correction({ entity, property, onDone }) {
  const { app } = useWorld();
  const [value, setValue] = useState(/** @type {any} */ (property.value));
  const { busy, problem, run } = useTask();
  const save = () =>
    run(async () => {
      if (value !== property.value) {
        await app.correct(entity, { [property.name]: value });
        announce(t("corrected"), () => app.correct(entity, { [property.name]: property.value }));
      }
      onDone();
    });
  const item = { ...property, ref: `${entity}/${property.name}`, kind: "question", appearance: "", parameters: {}, value };
  return html`<div class="correction">
    <${Answer} item=${item} onChange=${setValue} />
    <${Trouble} problem=${problem} />
    <div class="pair"><button onClick=${onDone}>${t("cancel")}</button><button class="primary" disabled=${busy} onClick=${save}>${t("save")}</button></div>
  </div>`;
}

/**
 * @param {{ entity: string, property: Property, changed: boolean }} props `changed` since the reader's last visit
 */
export function Line({ entity, property, changed }) {
  const [open, setOpen] = useState(false);
  const { label, display, conflict } = property;
  const written = property.by && property.at ? `${property.by} · ${since(property.at)}` : t("fromRoll");
  return html`<div class="line">
    <div class="line-head">
      <div>
        <span class="name">${label}</span>
        <span class="value">${display || t("blank")}</span>
        <span class="written">${changed && html`<b>${t("changed")}</b>`}${written}</span>
      </div>
      ${property.pending && html`<${Tag} mark=${OUTBOX.waiting} />`}
      ${property.editable && !open && html`<button class="plain" aria-label=${`${t("correct")} ${label}`} onClick=${() => setOpen(true)}><${Icon} name="pen" />${t("correct")}</button>`}
    </div>
    ${conflict && html`<${Notice} tone="conflict" icon=${DIFFERENCE[conflict.state].icon} title=${t(DIFFERENCE[conflict.state].key)}>
      <p>${t("conflict.sentence", { mine: conflict.mine, other: conflict.other, by: conflict.by, when: since(conflict.at) })}</p>
    <//>`}
    ${open && html`<${Correction} entity=${entity} property=${property} onDone=${() => setOpen(false)} />`}
  </div>`;
}
