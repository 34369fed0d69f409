/** The first run: three cards that say what the app does and why it will ask for three things. All can be skipped. */

import { html, useState, useWorld } from "../hooks.js";
import { Icon } from "../icons.js";
import { useTask } from "../parts.js";
import { t } from "../words.js";

/** @typedef {import("../icons.js").IconName} IconName */

const SEEN = "fieldsvc.welcomed";

/** True once the cards were seen; a browser that keeps nothing shows them each time. */
export function welcomed() {
  try {
    return localStorage.getItem(SEEN) !== null;
  } catch {
    return false;
  }
}

/** @type {{icon: IconName, key: "welcome.offline"|"welcome.camera"|"welcome.position"}[]} */
const CARDS = [
  { icon: "cloudOff", key: "welcome.offline" },
  { icon: "camera", key: "welcome.camera" },
  { icon: "place", key: "welcome.position" },
];

/** @param {{ onDone: () => void }} props */
export function Welcome({ onDone }) {
  const { app, state } = useWorld();
  const [at, setAt] = useState(0);
  const { run } = useTask();
  const { icon, key } = CARDS[at];
  const done = () => {
    try {
      localStorage.setItem(SEEN, "1");
    } catch {
      // The cards will be back next time; nothing else depends on it.
    }
    onDone();
  };
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
    <div class="pair">${at + 1 < CARDS.length && html`<button onClick=${done}>${t("skip")}</button>`}<button class="primary" onClick=${forward}>${t(at + 1 < CARDS.length ? "next" : "begin")}</button></div>
  </main>`;
}
