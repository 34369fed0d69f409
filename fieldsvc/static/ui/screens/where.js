/** Places where the app cannot be safe: an insecure address, and WeChat's own browser. Each with the way out of it. */

import { html, useState } from "../hooks.js";
import { Icon } from "../icons.js";
import { Notice } from "../parts.js";
import { t } from "../words.js";

/** @param {{ keys: readonly import("../words.js").Key[] }} props */
const Steps = ({ keys }) => html`<ol class="steps">${keys.map((key) => html`<li key=${key}>${t(key)}</li>`)}</ol>`;

/** Copy a text; the older way where the newer is closed, as in WeChat. @param {string} text @returns {Promise<boolean>} */
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

/** The button, and what came of it. @param {{ primary?: boolean }} props */
function CopyLink({ primary = true }) {
  const [copied, setCopied] = useState(/** @type {boolean|null} */ (null));
  const address = window.location.origin.replace(/^http:/, "https:");
  return html`<button class=${primary ? "primary" : ""} onClick=${async () => setCopied(await copy(address))}>${t("copyLink")}</button>
    ${copied !== null && html`<p role="status">${copied && html`<${Icon} name="check" />`}${copied ? t("copied") : address}</p>`}`;
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
