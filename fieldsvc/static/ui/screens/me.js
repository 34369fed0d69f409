/** 登录 and 我的: who I am here, how the app looks and speaks, where to complain, and the way out. */

import { html, useEffect, useState, useWorld } from "../hooks.js";
import { Heading, Icon, Notice, Segments, Trouble, announce, useTask } from "../parts.js";
import { go } from "../route.js";
import { t } from "../words.js";
import { Backup } from "./outbox.js";

/** @typedef {import("../../core/types.js").Unsent} Unsent */

/** 意见反馈: a complaint must always find an ear, also with no network. */
function Feedback() {
  const { app } = useWorld();
  const [text, setText] = useState(/** @type {string|null} */ (null));
  const { busy, problem, run } = useTask();
  const send = /** @type {any} */ (app).feedback;
  if (!send) return null;
  if (text === null) return html`<button onClick=${() => setText("")}>${t("feedback")}</button>`;
  const submit = () =>
    run(async () => {
      await send(text);
      setText(null);
      announce(t("feedback.kept"));
    });
  return html`<div class="correction">
    <label class="field">${t("feedback.ask")}<textarea rows="4" value=${text} onInput=${(/** @type {any} */ event) => setText(event.target.value)} /></label>
    <${Trouble} problem=${problem} />
    <div class="pair"><button onClick=${() => setText(null)}>${t("cancel")}</button><button class="primary" disabled=${busy || !text.trim()} onClick=${submit}>${t("feedback.send")}</button></div>
  </div>`;
}

/** 退出, which first says what would be lost. */
function SignOut() {
  const { app } = useWorld();
  const [unsent, setUnsent] = useState(/** @type {Unsent|null} */ (null));
  const { busy, problem, run } = useTask();
  const leave = (/** @type {boolean} */ force) => run(async () => setUnsent((await app.signOut({ force }))?.unsent || null));
  if (!unsent) return html`<${Trouble} problem=${problem} /><button disabled=${busy} onClick=${() => leave(false)}>${t("signOut")}</button>`;
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
    ${update.ready && html`<${Notice} tone="waiting" icon="save" title=${t("update.ready")}><button disabled=${task.busy} onClick=${install}>${t("update.install")}</button><//>`}
    <section>
      <h2>${t("language")}</h2>
      <${Segments} label=${t("language")} value=${settings.language} options=${[["zh", "中文"], ["en", "English"]]} onChange=${(/** @type {any} */ value) => app.set("language", value)} />
      <h2>${t("size")}</h2>
      <${Segments} label=${t("size")} value=${settings.size} options=${[["normal", t("size.normal")], ["elder", t("size.elder")]]} onChange=${(/** @type {any} */ value) => app.set("size", value)} />
      <h2>${t("theme")}</h2>
      <${Segments} label=${t("theme")} value=${settings.theme} options=${[["auto", t("theme.auto")], ["light", t("theme.light")], ["dark", t("theme.dark")]]} onChange=${(/** @type {any} */ value) => app.set("theme", value)} />
    </section>
    <section class="help"><h2>${t("help")}</h2><ol>${HELP.map((key) => html`<li key=${key}>${t(key)}</li>`)}</ol></section>
    <section class="stack"><${Feedback} /><${SignOut} /></section>
    ${release && html`<p class="soft">${t("version", { release })}</p>`}
  </main>`;
}

/** The code inside an enrolment link, or the text itself. @param {string} text */
const codeIn = (text) => text.trim().split(/[/=#]/).pop() || "";

/**
 * 登录: by the code from the office or by password; what is kept here and for whom, in two sentences.
 * @param {{ code?: string }} props the code of the link that was opened
 */
export function SignIn({ code = "" }) {
  const { app, state } = useWorld();
  const [way, setWay] = useState("code");
  const [values, setValues] = useState({ login: "", password: "", code });
  const { busy, problem, run } = useTask();
  const again = state.phase === "ready";
  const { onPhone } = state.counts;
  const enter = (/** @type {{login: string, password: string}|{code: string}} */ by) =>
    run(async () => {
      await app.signIn(by);
      go("/", true);
    });
  useEffect(() => {
    if (code) enter({ code });
  }, []);
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    enter(way === "code" ? { code: codeIn(values.code) } : { login: values.login.trim(), password: values.password });
  };
  const field = (/** @type {"login"|"password"|"code"} */ name, /** @type {any} */ more) => html`
    <label class="field">${t(`signIn.${name}`)}<input required value=${values[name]} onInput=${(/** @type {any} */ event) => setValues({ ...values, [name]: event.target.value })} ...${more} /></label>`;
  return html`<main class="signin">
    ${again && html`<${Heading} parent="/" to="tab.visits" />`}
    <h1>${t("app")}</h1>
    ${onPhone > 0 && html`<${Notice} tone="waiting"><p>${t("signedOut.full", { n: onPhone })}</p><//>`}
    <form onSubmit=${submit}>
      <${Segments} label=${t("signIn.way")} value=${way} options=${[["code", t("signIn.byCode")], ["password", t("signIn.byPassword")]]} onChange=${setWay} />
      ${way === "code"
        ? html`<p class="scan"><${Icon} name="qr" />${t("signIn.scan")}</p>${field("code", { autocomplete: "one-time-code", autocapitalize: "off" })}`
        : html`${field("login", { autocomplete: "username", inputmode: "text" })}${field("password", { type: "password", autocomplete: "current-password" })}`}
      <${Trouble} problem=${problem} />
      <button class="primary" disabled=${busy}>${t(busy ? "signIn.busy" : "signIn")}</button>
    </form>
    <p class="soft">${t("signIn.stores")}</p>
    <${Segments} label=${t("language")} value=${state.settings.language} options=${[["zh", "中文"], ["en", "English"]]} onChange=${(/** @type {any} */ value) => app.set("language", value)} />
  </main>`;
}
