/** 其他表单: what else can be filled in about a household, by theme, and the one action at the foot of its record. */

import { html, useData, useWorld } from "../hooks.js";
import { ActionBar, Heading, Icon, Loading, Tag, Trouble, VISIT, useTask } from "../parts.js";
import { go } from "../route.js";
import { day, moment, t } from "../words.js";

/** @typedef {import("../../core/types.js").FormOffer} FormOffer */
/** @typedef {import("../../core/types.js").RecordView} RecordView */

/** A way to begin a form, or to go on with it. @param {string} subject */
export function useBegin(subject) {
  const { app } = useWorld();
  const { busy, problem, run } = useTask();
  /** @param {string} form @param {string} [record] the record it is about */
  const begin = (form, record) => run(async () => go(`/f/${await app.startVisit(subject, form, record)}`));
  return { busy, problem, begin };
}

/** The one action, and the way to the other forms. @param {{ record: RecordView, subject: string }} props */
export function Start({ record, subject }) {
  const { busy, problem, begin } = useBegin(subject);
  const [first, ...others] = record.forms;
  const draft = record.drafts.find((each) => each.form === first?.form);
  const main = () => (draft ? go(`/f/${draft.id}`) : begin(first.form));
  return html`<${ActionBar}>
    <${Trouble} problem=${problem} />
    ${!first && html`<p class="soft" role="status">${t("forms.none")}</p>`}
    <div class="pair">
      ${others.length > 0 && html`<button onClick=${() => go(`/h/${subject}/forms`)}>${t("otherForms")}</button>`}
      <button class="primary" disabled=${busy || !first} onClick=${main}>${t(draft ? "continue" : "startVisit")}</button>
    </div>
  <//>`;
}

/** All forms but the visit. @param {{ id: string }} props */
export function Forms({ id }) {
  const { data, problem } = useData((app) => app.record(id), [id]);
  const { busy, problem: failed, begin } = useBegin(id);
  const others = data?.forms.slice(1) || [];
  const row = (/** @type {FormOffer} */ { form, title, last }) => {
    const draft = data?.drafts.find((each) => each.form === form);
    return html`<button key=${form} class="row" disabled=${busy} onClick=${() => begin(form)}>
      <span class="row-head"><b>${title}</b><${Icon} name="next" /></span>
      ${(draft || last) &&
      html`<span class="facts">
        ${draft && html`<span class="waiting">${t("draft")} ${moment(draft.at)}</span>`}
        ${last && html`<span>${t("lastVisit", { when: day(last.at) })}</span>
          <span><${Tag} mark=${VISIT[last.waiting ? "onPhone" : last.state] || VISIT.waiting} /></span>`}
      </span>`}
    </button>`;
  };
  return html`<main>
    <${Heading} parent=${`/h/${id}`} to="household" title=${t("otherForms")} />
    <${Trouble} problem=${problem || failed} />
    ${!data && !problem && html`<${Loading} />`}
    ${[...new Set(others.map((one) => one.theme))].map((theme) =>
      html`<section key=${theme}><h2>${theme}</h2>${others.filter((one) => one.theme === theme).map(row)}</section>`)}
  </main>`;
}
