/** The screens' entry: which one is on, the frame around it, and the language, size and colours of the whole page. */

import { bring, part } from "./demand.js";
import { World, html, render, useEffect, useLayoutEffect, useState } from "./hooks.js";
import { Foot, Top } from "./frame.js";
import { Announcer, Loading, Trouble, announce } from "./parts.js";
import { useRoute } from "./route.js";
import { Forms } from "./screens/forms.js";
import { Households } from "./screens/households.js";
import { Outbox } from "./screens/outbox.js";
import { Record } from "./screens/record.js";
import { Visit } from "./screens/visit.js";
import { learn, speak, t } from "./words.js";

/** @typedef {import("./hooks.js").App} App */
/** @typedef {import("./hooks.js").State} State */

/** The screen for a path, and whether the frame stands around it. @param {string[]} route */
function screenOf([name = "", id = "", page = "", at = ""]) {
  if (name === "f") return { bare: true, screen: html`<${Visit} key=${id} id=${id} page=${page} at=${at} />` };
  if (name === "h" && page === "forms") return { screen: html`<${Forms} key=${id} id=${id} />` };
  if (name === "h") return { screen: html`<${Record} key=${id} id=${id} />` };
  if (name === "upload") return { screen: html`<${Outbox} />` };
  if (name === "decisions") return { screen: html`<${Brought} key=decisions name="decisions" />` };
  if (name === "me") return { screen: html`<${Brought} key=me name="me" />` };
  return { screen: html`<${Households} />` };
}

/**
 * A screen that comes on demand: signing in, the warnings and the cards of the first run, seen once or never, 我的, and
 * 待定与退回.
 * @param {{ name: string, instead?: unknown } & Record<string, unknown>} props `instead`: what stands there without it
 */
function Brought({ name, instead, ...props }) {
  const [looked, setLooked] = useState(false);
  useEffect(() => {
    if (!looked) bring([name]).then(() => setLooked(true));
  }, [looked]);
  const own = part(name);
  if (own) return html`<${own.Screen} ...${props} />`;
  if (!looked) return html`<main><${Loading} /></main>`;
  return instead || html`<main>
    <${Trouble} problem=${{ code: "unknown", text: "" }}>
      <button onClick=${() => setLooked(false)}>${t("tryAgain")}</button>
    <//>
  </main>`;
}

/** @param {{ app: App }} props */
function Page({ app }) {
  const [state, setState] = useState(app.get());
  const [passed, setPassed] = useState(false);
  const route = useRoute();
  useEffect(() => app.subscribe(setState), [app]);
  const { language } = state.settings;
  const [learning, setLearning] = useState("");
  const spoken = speak(language);
  useEffect(() => {
    // Without a network English cannot be had the first time; the app then stays with Chinese and says so.
    if (!spoken)
      learn()
        .catch(() => announce(t("english.missing")))
        .then(() => setLearning(language));
  }, [language]);
  useLayoutEffect(() => {
    const page = document.documentElement;
    page.lang = spoken && language === "en" ? "en" : "zh-CN";
    page.dataset.size = state.settings.size;
    page.dataset.theme = state.settings.theme;
  }, [state.settings, spoken]);

  // WeChat's browser works well enough to fill and send, so the reader may go on after the warning.
  const asked = !spoken && learning !== language ? "loading" : state.phase;
  const phase = asked === "wechat" && passed ? (state.person ? "ready" : "signin") : asked;
  const signingIn = phase === "signin" || (phase === "ready" && route[0] === "signin");
  const { bare = false, screen } = screenOf(route);
  const within = html`${!bare && html`<${Top} />`}${screen}${!bare && html`<${Foot} at=${route[0] || ""} />`}`;
  const early = { name: "before", phase: signingIn ? "signin" : phase, code: route[0] === "signin" ? route[1] : "" };
  return html`<${World.Provider} value=${{ app, state }}>
    ${phase === "loading"
      ? html`<main><${Loading} /></main>`
      : phase === "ready" && !signingIn && state.settings.greeted
        ? part("pin")?.asks(state.person) ? html`<${Brought} key=pin name="pin" />` : within
        : html`<${Brought} key=before ...${early} instead=${phase === "ready" && !signingIn && within} onPass=${() => setPassed(true)} />`}
    <${Announcer} />
  <//>`;
}

/**
 * Keeps the focused field and the primary action above the on-screen keyboard. Browsers lay the page out under the
 * keyboard; only `visualViewport` tells how much is really seen, so its place and height become two custom properties
 * that the form's own box is drawn with.
 * @returns {() => void} stops following
 */
function followKeyboard() {
  const view = window.visualViewport;
  if (!view) return () => {};
  const follow = () => {
    const { style } = document.documentElement;
    style.setProperty("--view-top", `${view.offsetTop}px`);
    style.setProperty("--view-height", `${view.height}px`);
    // After the box shrank, the field that made it shrink may be below its edge.
    const focused = document.activeElement;
    if (focused instanceof HTMLElement && focused.matches("input, textarea"))
      focused.scrollIntoView({ block: "nearest" });
  };
  follow();
  view.addEventListener("resize", follow);
  view.addEventListener("scroll", follow);
  return () => {
    view.removeEventListener("resize", follow);
    view.removeEventListener("scroll", follow);
  };
}

/**
 * Show the app inside `root`.
 * @param {Element} root
 * @param {App} app
 * @returns {() => void} takes it away again
 */
export function mount(root, app) {
  const ignoreKeyboard = followKeyboard();
  render(html`<${Page} app=${app} />`, root);
  return () => {
    ignoreKeyboard();
    render(null, root);
  };
}
