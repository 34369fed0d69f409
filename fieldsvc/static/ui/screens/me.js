/** 我的: who I am here, how the app looks and speaks, where to complain, and the way out. */

import { html, useState, useWorld, typed } from "../hooks.js";
import { Notice, Segments, Trouble, announce, useTask } from "../parts.js";
import { go } from "../route.js";
import { t } from "../words.js";
import { Backup } from "./outbox.js";

/** @typedef {import("../../core/types.js").Unsent} Unsent */
/** @typedef {import("../words.js").Key} Key */

/** 意见反馈: a complaint must always find an ear, also with no network. */
function Feedback() {
  const { app } = useWorld();
  const [text, setText] = useState(/** @type {string|null} */ (null));
  const { busy, problem, run } = useTask();
  if (text === null) return html`<button onClick=${() => setText("")}>${t("feedback")}</button>`;
  const submit = () =>
    run(async () => {
      await app.feedback(text);
      setText(null);
      announce(t("feedback.kept"));
    });
  return html`<div class="correction">
    <label class="field">${t("feedback.ask")}<textarea rows="4" maxlength="2000" value=${text} onInput=${typed(setText)} /></label>
    <${Trouble} problem=${problem} />
    <div class="pair">
      <button onClick=${() => setText(null)}>${t("cancel")}</button>
      <button class="primary" disabled=${busy || !text.trim()} onClick=${submit}>${t("feedback.send")}</button>
    </div>
  </div>`;
}

/** 退出, which first says what would be lost. */
function SignOut() {
  const { app } = useWorld();
  const [unsent, setUnsent] = useState(/** @type {Unsent|null} */ (null));
  const { busy, problem, run } = useTask();
  const leave = (/** @type {boolean} */ force) =>
    run(async () => setUnsent((await app.signOut({ force }))?.unsent || null));
  if (!unsent)
    return html`
      <${Trouble} problem=${problem} />
      <button disabled=${busy} onClick=${() => leave(false)}>${t("signOut")}</button>
    `;
  return html`<${Notice} tone="attention" title=${t("signOut.unsent")}>
    <p>${t("signOut.list", { operations: unsent.operations, photos: unsent.photos, drafts: unsent.drafts })}</p>
    <div class="stack">
      <button onClick=${() => go("/upload")}>${t("signOut.upload")}</button>
      <${Backup} />
      <button onClick=${() => setUnsent(null)}>${t("signOut.stay")}</button>
      <button class="danger" disabled=${busy} onClick=${() => leave(true)}>${t("signOut.force")}</button>
    </div>
  <//>`;
}

/** What the app can speak. */
export const LANGUAGES = [
  ["zh", "中文"],
  ["en", "English"],
];

/**
 * One setting and its values side by side.
 * @param {{ name: keyof import("../../core/types.js").Settings, label: Key, options: [string, string][] }} props
 */
export function Setting({ name, label, options }) {
  const { app, state } = useWorld();
  const set = (/** @type {any} */ value) => app.set(name, value);
  return html`<${Segments} label=${t(label)} value=${state.settings[name]} options=${options} onChange=${set} />`;
}

/** Codes with their words. @param {"size"|"theme"} setting @param {string[]} codes */
const worded = (setting, codes) => codes.map((code) => [code, t(/** @type {Key} */ (`${setting}.${code}`))]);

const HELP = /** @type {const} */ (["help.offline", "help.send", "help.correct", "help.return"]);

/** The third tab. */
export function Me() {
  const { app, state } = useWorld();
  const { person, settings, update } = state;
  const { device, release } = /** @type {any} */ (state);
  const task = useTask();
  const install = () =>
    task.run(async () => {
      if (!(await app.applyUpdate())) announce(t("update.later"));
    });
  return html`<main class="me">
    <h1>${person?.name}</h1>
    <p class="facts"><span>${person?.unit}</span>${device && html`<span>${device}</span>`}</p>
    ${update.ready &&
    html`<${Notice} tone="waiting" icon="save" title=${t("update.ready")}>
      <button disabled=${task.busy} onClick=${install}>${t("update.install")}</button>
    <//>`}
    <section>
      <h2>${t("language")}</h2>
      <${Setting} name="language" label="language" options=${LANGUAGES} />
      <h2>${t("size")}</h2>
      <${Setting} name="size" label="size" options=${worded("size", ["normal", "elder"])} />
      <h2>${t("theme")}</h2>
      <${Setting} name="theme" label="theme" options=${worded("theme", ["auto", "light", "dark"])} />
    </section>
    <section class="help">
      <h2>${t("help")}</h2>
      <ol>${HELP.map((key) => html`<li key=${key}>${t(key)}</li>`)}</ol>
    </section>
    <section class="stack"><${Feedback} /><${SignOut} /></section>
    ${release && html`<p class="soft">${t("version", { release })}</p>`}
  </main>`;
}
