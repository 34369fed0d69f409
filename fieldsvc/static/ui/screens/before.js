/**
 * What may stand before the first screen: an address or a browser where nothing can be kept safely, each with the way
 * out of it, and the three cards of the first run. All of these say why.
 */

import { html, useState, useWorld } from "../hooks.js";
import { Icon, Notice, useTask } from "../parts.js";
import { t } from "../words.js";

/** @param {{ keys: readonly import("../words.js").Key[] }} props */
const Steps = ({ keys }) => html`<ol class="steps">${keys.map((key) => html`<li key=${key}>${t(key)}</li>`)}</ol>`;

/**
 * Copy a text; the older way where the newer is closed, as in WeChat.
 * @param {string} text
 * @returns {Promise<boolean>}
 */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  }
}

/** The button, and what came of it. */
function CopyLink() {
  const [copied, setCopied] = useState(/** @type {boolean|null} */ (null));
  // The whole address: an enrolment code that was scanned is part of it.
  const address = window.location.href.replace(/^http:/, "https:");
  const press = async () => setCopied(await copy(address));
  return html`<button class="primary" onClick=${press}>${t("copyLink")}</button>
    ${copied !== null &&
    html`<p role="status">${copied && html`<${Icon} name="check" />`}${copied ? t("copied") : address}</p>`}`;
}

/** Outside a secure context nothing can be kept offline. */
export const Insecure = () => html`<main class="where">
  <h1>${t("insecure")}</h1><p>${t("insecure.why")}</p>
  <${Steps} keys=${["insecure.1", "insecure.2", "insecure.3"]} /><${CopyLink} />
</main>`;

/** WeChat's browser: filling and sending work, keeping does not. @param {{ onPass: () => void }} props */
export const Weixin = ({ onPass }) => html`<main class="where">
  <h1>${t("wechat")}</h1>
  <${Steps} keys=${["wechat.1", "wechat.2", "wechat.3"]} /><${CopyLink} />
  <${Notice} tone="waiting"><p>${t("wechat.warning")}</p><button onClick=${onPass}>${t("wechat.pass")}</button><//>
</main>`;

/** @typedef {import("../parts.js").IconName} IconName */

/** @type {{icon: IconName, key: "welcome.offline"|"welcome.camera"|"welcome.position"}[]} */
const CARDS = [
  { icon: "cloudOff", key: "welcome.offline" },
  { icon: "camera", key: "welcome.camera" },
  { icon: "place", key: "welcome.position" },
];

/** The cards of the first run, each with its why; what is asked is asked while a tap is being answered. */
export function Welcome() {
  const { app, state } = useWorld();
  const [at, setAt] = useState(0);
  const { run } = useTask();
  const { icon, key } = CARDS[at];
  // Kept with the settings, on disk: a phone that dies in the village must not greet its owner again.
  const done = () => app.set("greeted", true);
  const forward = () => {
    // The browser asks only while a tap is being answered, so the first card's button is the moment.
    if (at === 0 && !state.storage.persisted) run(() => app.requestPersistence());
    if (at + 1 < CARDS.length) setAt(at + 1);
    else done();
  };
  return html`<main class="welcome">
    <div class="picture"><${Icon} name=${icon} /></div>
    <h1>${t(key)}</h1>
    <p>${t(`${key}.why`)}</p>
    <p class="soft">${t("welcome.at", { n: at + 1, total: CARDS.length })}</p>
    <div class="pair">
      ${at + 1 < CARDS.length && html`<button onClick=${done}>${t("skip")}</button>`}
      <button class="primary" onClick=${forward}>${t(at + 1 < CARDS.length ? "next" : "begin")}</button>
    </div>
  </main>`;
}
