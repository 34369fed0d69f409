/** 登录: by the code from the office or by password; what is kept on the phone and for whom, in two sentences. */

import { html, useEffect, useState, useWorld } from "../hooks.js";
import { Icon } from "../icons.js";
import { Heading, Notice, Segments, Trouble, useTask } from "../parts.js";
import { go } from "../route.js";
import { t } from "../words.js";

/** The code inside an enrolment link, or the text itself. @param {string} text */
const codeIn = (text) => text.trim().split(/[/=#]/).pop() || "";

/** @param {{ code?: string }} props the code of the link that was opened */
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
