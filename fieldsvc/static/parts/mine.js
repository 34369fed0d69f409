/**
 * What a person files about themself, under 我的: the forms for it, what was filed, and how far it is. It is about no
 * household, so no list of households holds it (docs/protocol.md 5.2).
 */

import { html, useData } from "../ui/hooks.js";
import { Notice, Trouble } from "../ui/parts.js";
import { go } from "../ui/route.js";
import { useBegin } from "../ui/screens/forms.js";
import { Member } from "../ui/screens/record.js";
import { t, wordsOf } from "../ui/words.js";

/** @typedef {import("../core/types.js").EntityView} Entity */

/** The words of this part, which travel with it. */
export const words = {
  zh: { none: "还没有记录。" },
  en: { none: "Nothing filed yet." },
};
const own = wordsOf(words);

/** When a record was begun: the first date of its process. @param {Entity} entity */
const begun = ({ properties, steps }) => {
  const dates = (steps?.stages || []).map((/** @type {{ date?: string }} */ stage) => stage.date);
  return properties.find(({ name, value }) => value && dates.includes(name))?.value || "";
};

/** @param {{ id: string }} props */
export function Widget({ id }) {
  const { data, problem } = useData((app) => app.record(id), [id]);
  const { busy, problem: failed, begin } = useBegin(id);
  if (!data) return html`<${Trouble} problem=${problem} />`;
  const { drafts, forms, household, others } = data;
  const filed = [...others].sort((one, other) => begun(other).localeCompare(begun(one)));
  return html`<section class="stack">
    <h2>${filed[0]?.kind || household.kind}</h2>
    <${Trouble} problem=${failed} />
    ${drafts.map((draft) =>
      html`<${Notice} key=${draft.id} tone="waiting" icon="save" title=${`${t("draft")} · ${draft.title}`}>
        <button onClick=${() => go(`/f/${draft.id}`)}>${t("continue")}</button>
      <//>`)}
    ${!filed.length && html`<p class="soft">${own("none")}</p>`}
    ${filed.map((one) => html`<${Member} key=${one.id} member=${one} isChanged=${() => false} subject=${id} />`)}
    ${forms
      .filter(({ form }) => !drafts.some((draft) => draft.form === form))
      .map(({ form, title }) => html`<button key=${form} disabled=${busy} onClick=${() => begin(form)}>${title}</button>`)}
  </section>`;
}
