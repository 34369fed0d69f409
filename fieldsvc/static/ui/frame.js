/** What stands around every screen but the form: the truth about the network, the three counts, and the three tabs. */

import { html, useWorld } from "./hooks.js";
import { Icon, sentence } from "./parts.js";
import { go } from "./route.js";
import { t } from "./words.js";

/** @typedef {import("./parts.js").IconName} IconName */
/** @typedef {import("./words.js").Key} Key */

/** Problems that need the reader on whatever screen she is; the others are told in the outbox. */
const URGENT = ["token-expired", "token-unknown", "storage-full", "clock-wrong", "server-restored"];

/** The status line and the counts. */
export function Top() {
  const { state } = useWorld();
  const { onPhone, received, attention } = state.counts;
  const told = [state.sync.problem, ...(state.alerts || []).map((alert) => ({ text: "", ...alert }))];
  const problem = told.find((one) => one && URGENT.includes(one.code));
  const signedOut = problem?.code.startsWith("token");
  return html`<header class="top">
    <div class="status" role="status">
      ${state.phase === "wechat" && html`<p class="warned">${t("wechat.strip")}</p>`}
      ${!state.online && html`<p><${Icon} name="cloudOff" />${t("offline")}</p>`}
    </div>
    <a class="counts" href="#/upload" onClick=${follow}>
      <span class=${onPhone ? "waiting" : ""}>${t("count.onPhone")} <b>${onPhone}</b></span>
      <span>${t("count.received")} <b>${received}</b></span>
      <span class=${attention ? "attention" : ""}>${t("count.attention")} <b>${attention}</b></span>
    </a>
    ${problem &&
    html`<div class="urgent" role="alert">
      <p>${signedOut ? t(onPhone ? "signedOut.full" : "signedOut.empty", { n: onPhone }) : sentence(problem)}</p>
      ${signedOut && html`<button onClick=${() => go("/signin")}>${t("signIn")}</button>`}
    </div>`}
  </header>`;
}

/** A link inside the app: through `go`, so that history knows its depth. @param {MouseEvent} event */
export function follow(event) {
  event.preventDefault();
  const link = /** @type {HTMLAnchorElement} */ (event.currentTarget);
  go(link.hash.slice(1));
}

/** @type {[string, IconName, Key][]} */
const TABS = [
  ["", "walk", "tab.visits"],
  ["upload", "send", "tab.upload"],
  ["me", "person", "tab.me"],
];

/** The three tabs. @param {{ at: string }} props the first part of the path */
export const Foot = ({ at }) => {
  const current = at === "h" ? "" : at === "decisions" ? "upload" : at;
  return html`<nav class="tabs" aria-label=${t("tabs")}>
    ${TABS.map(([path, icon, key]) => {
      const now = path === current ? { "aria-current": "page" } : {};
      return html`<a key=${path} href=${`#/${path}`} onClick=${follow} ...${now}><${Icon} name=${icon} />${t(key)}</a>`;
    })}
  </nav>`;
};
