/**
 * The pages of a form: one group of questions each, with what the office asked and 与上次一致 for all that is prefilled;
 * and the last one, 完成前, with everything still missing or doubtful.
 */

import { Marked, plain } from "../demand.js";
import { html } from "../hooks.js";
import { Icon, Notice } from "../parts.js";
import { follow } from "../frame.js";
import { size, t } from "../words.js";
import { Questions, Same, leavesOf } from "../widgets/question.js";

/** @typedef {import("../../core/types.js").OpenDraft} OpenDraft */

/**
 * @param {{ opened: OpenDraft, page: {ref: string, title: string, index: number}, onChange: () => void }} props
 */
export function FormPage({ opened, page, onChange }) {
  const { form } = opened;
  const items = form.page(page.index);
  return html`
    ${page.title && html`<h1><${Marked} text=${page.title} /></h1>`}
    ${opened.comment &&
    html`<${Notice} tone="attention" icon="return" title=${t("returned")}><p>${opened.comment}</p><//>`}
    ${opened.gone && html`<${Notice} tone="waiting">${t("form.gone")}<//>`}
    ${opened.formUpdated && html`<${Notice} tone="waiting">${t("form.updated")}<//>`}
    <${Same} items=${items} at=${page.index} opened=${opened} onChange=${onChange} />
    <${Questions} items=${items} title=${page.title} opened=${opened} onChange=${onChange} />
  `;
}

/** The way to one question of a draft. @param {string} id @param {{page: number, ref: string}} violation */
export const pathOf = (id, { page, ref }) => `/f/${id}/${page}/${encodeURIComponent(ref)}`;

/** 完成前: all that is missing or doubtful as ways to it, and what will be sent. @param {{ opened: OpenDraft }} props */
export function Check({ opened }) {
  const { id, form } = opened;
  const items = form.pages().flatMap((/** @type {any} */ page) => leavesOf(form.page(page.index)));
  const labels = new Map(items.map((/** @type {any} */ item) => [item.ref, plain(item.label)]));
  const found = form.violations();
  const photos = items
    .filter((/** @type {any} */ item) => item.value?.sha256)
    .map((/** @type {any} */ item) => item.value);
  const places = items.filter((/** @type {any} */ item) => item.type === "geopoint");
  const located = places.filter((/** @type {any} */ item) => item.value).length;
  const photoBytes = photos.reduce(
    (/** @type {number} */ sum, /** @type {any} */ photo) => sum + photo.bytes + (photo.thumb?.bytes || 0),
    0,
  );
  const textBytes = new Blob([JSON.stringify(form.answers())]).size;
  const link = (/** @type {any} */ one) => html`
    <a class="row" key=${`${one.ref} ${one.kind}`} href=${`#${pathOf(id, one)}`} onClick=${follow}>
      <span class="row-head"><b>${labels.get(one.ref) || one.label}</b><${Icon} name="next" /></span>
      ${one.level === "hard"
        ? html`<span class="attention">${one.message}</span>`
        : html`<span class="waiting">${one.message}<br />${t(one.needsReason ? "needsReason" : "reasonGiven")}</span>`}
    </a>`;
  const group = (/** @type {"hard"|"soft"} */ level, /** @type {"check.missing"|"check.doubtful"} */ key) => {
    const all = found.filter((/** @type {any} */ one) => one.level === level);
    return all.length > 0 && html`<section><h2>${t(key, { n: all.length })}</h2>${all.map(link)}</section>`;
  };
  return html`
    <h1>${t("check")}</h1>
    ${group("hard", "check.missing")}${group("soft", "check.doubtful")}
    ${!found.length && html`<p class="all-right"><${Icon} name="check" />${t("check.right")}</p>`}
    <section class="sending">
      <h2>${t("check.send")}</h2>
      <dl>
        <dt>${t("check.text")}</dt>
        <dd>${size(textBytes)}</dd>
        <dt>${t("photos")}</dt>
        <dd>${photos.length ? t("photos.size", { n: photos.length, size: size(photoBytes) }) : t("none")}</dd>
        ${places.length > 0 &&
        html`<dt>${t("position")}</dt>
          <dd>${t(located ? "position.have" : "position.none")}</dd>`}
      </dl>
      <p class="soft">${t("check.after")}</p>
    </section>
  `;
}
