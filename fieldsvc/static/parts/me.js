/**
 * 我的: who I am here, how the app looks and speaks, where to complain, and the way out. It comes along with 登录, so
 * that every phone has it, and no visit waits for it.
 */

import { usePart } from "../ui/demand.js";
import { html, useData, useState, useWorld, typed } from "../ui/hooks.js";
import { Notice, Segments, Trouble, announce, useTask } from "../ui/parts.js";
import { go } from "../ui/route.js";
import { t, wordsOf } from "../ui/words.js";

/** @typedef {import("../core/types.js").Unsent} Unsent */

/** The words of this screen, which travel with it. */
export const words = {
  zh: {
    size: "字号",
    theme: "外观",
    "size.normal": "标准",
    "size.elder": "大字",
    "theme.auto": "自动",
    "theme.light": "浅色",
    "theme.dark": "深色",
    help: "怎么用",
    "help.offline": "没有网络也能走访。每填一处，马上存在手机。",
    "help.send": "有信号时自动上传。“已收到”才是服务器收到了。",
    "help.correct": "资料不对，在户情况里点“更正”。",
    "help.return": "退回的走访排在最前面，改好再交。",
    "feedback.ask": "哪里不好用，想要什么",
    "feedback.send": "提交",
    "feedback.kept": "谢谢。已存在手机，有信号时送出。",
    "update.ready": "新版本已取好",
    "update.install": "现在更新",
    "update.later": "填完打开的表单后再更新。",
    version: "版本 {release}",
    "signOut.unsent": "本机还有没上传的资料",
    "signOut.list": "待传 {operations} 份，照片 {photos} 张，草稿 {drafts} 份。退出后仍留在本机，您再登录时上传。",
    "signOut.upload": "先去上传",
    "signOut.stay": "不退出",
    "signOut.force": "仍要退出",
  },
  en: {
    size: "Text size",
    theme: "Colours",
    "size.normal": "Normal",
    "size.elder": "Large",
    "theme.auto": "Auto",
    "theme.light": "Light",
    "theme.dark": "Dark",
    help: "How it works",
    "help.offline": "Visits work without network. Everything you fill in is kept on the phone at once.",
    "help.send": "It is sent by itself when there is signal. “Received” means the server has it.",
    "help.correct": "If a record is wrong, press “Correct” beside it.",
    "help.return": "Returned visits stand first. Correct them and send again.",
    "feedback.ask": "What is hard to use, what do you need",
    "feedback.send": "Send",
    "feedback.kept": "Thank you. Kept on this phone and sent when there is signal.",
    "update.ready": "A new version is ready",
    "update.install": "Update now",
    "update.later": "Finish the open form first, then update.",
    version: "Version {release}",
    "signOut.unsent": "Some records were not sent yet",
    "signOut.list": "Waiting: {operations}, photos: {photos}, drafts: {drafts}. They stay on this phone and go when you sign in again.",
    "signOut.upload": "Send them first",
    "signOut.stay": "Stay signed in",
    "signOut.force": "Sign out anyway",
  },
};
const own = wordsOf(words);

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
      announce(own("feedback.kept"));
    });
  return html`<div class="correction">
    <label class="field">${own("feedback.ask")}<textarea rows="4" maxlength="2000" value=${text} onInput=${typed(setText)} /></label>
    <${Trouble} problem=${problem} />
    <div class="pair">
      <button onClick=${() => setText(null)}>${t("cancel")}</button>
      <button class="primary" disabled=${busy || !text.trim()} onClick=${submit}>${own("feedback.send")}</button>
    </div>
  </div>`;
}

/** 退出, which first says what would be lost. */
function SignOut() {
  const { app } = useWorld();
  const [unsent, setUnsent] = useState(/** @type {Unsent|null} */ (null));
  const safety = usePart(unsent && "safety");
  const { busy, problem, run } = useTask();
  const leave = (/** @type {boolean} */ force) =>
    run(async () => setUnsent((await app.signOut({ force }))?.unsent || null));
  if (!unsent)
    return html`
      <${Trouble} problem=${problem} />
      <button disabled=${busy} onClick=${() => leave(false)}>${t("signOut")}</button>
    `;
  return html`<${Notice} tone="attention" title=${own("signOut.unsent")}>
    <p>${own("signOut.list", { operations: unsent.operations, photos: unsent.photos, drafts: unsent.drafts })}</p>
    <div class="stack">
      <button onClick=${() => go("/upload")}>${own("signOut.upload")}</button>
      ${safety && html`<${safety.Backup} />`}
      <button onClick=${() => setUnsent(null)}>${own("signOut.stay")}</button>
      <button class="danger" disabled=${busy} onClick=${() => leave(true)}>${own("signOut.force")}</button>
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
 * @param {{ name: keyof import("../core/types.js").Settings, label: string, options: [string, string][] }} props
 */
export function Setting({ name, label, options }) {
  const { app, state } = useWorld();
  const set = (/** @type {any} */ value) => app.set(name, value);
  return html`<${Segments} label=${label} value=${state.settings[name]} options=${options} onChange=${set} />`;
}

/** 解锁密码, where the county offers one: a part of its own, which other phones never fetch. */
function Pin() {
  const own = usePart("pin");
  return own ? html`<${own.Setting} />` : null;
}

/** What the reader files about themself, such as leave: a part of its own, for those who have such a file. */
function Mine() {
  const id = useData(async (app) => (await app.households(true))[0]?.id, []).data;
  const own = usePart(id && "mine");
  return own ? html`<${own.Widget} id=${id} />` : null;
}

/** @typedef {keyof typeof words.zh} Own */

/** Codes with their words. @param {"size"|"theme"} setting @param {string[]} codes */
const worded = (setting, codes) => codes.map((code) => [code, own(/** @type {Own} */ (`${setting}.${code}`))]);

const HELP = /** @type {const} */ (["help.offline", "help.send", "help.correct", "help.return"]);

/** The third tab. */
export function Screen() {
  const { app, state } = useWorld();
  const { person, settings, update } = state;
  const { device, release } = /** @type {any} */ (state);
  const task = useTask();
  const install = () =>
    task.run(async () => {
      if (!(await app.applyUpdate())) announce(own("update.later"));
    });
  return html`<main class="me">
    <h1>${person?.name}</h1>
    <p class="facts"><span>${person?.unit}</span>${device && html`<span>${device}</span>`}</p>
    ${update.ready &&
    html`<${Notice} tone="waiting" icon="save" title=${own("update.ready")}>
      <button disabled=${task.busy} onClick=${install}>${own("update.install")}</button>
    <//>`}
    <${Mine} />
    <section>
      <h2>${t("language")}</h2>
      <${Setting} name="language" label=${t("language")} options=${LANGUAGES} />
      <h2>${own("size")}</h2>
      <${Setting} name="size" label=${own("size")} options=${worded("size", ["normal", "elder"])} />
      <h2>${own("theme")}</h2>
      <${Setting} name="theme" label=${own("theme")} options=${worded("theme", ["auto", "light", "dark"])} />
    </section>
    <section class="help">
      <h2>${own("help")}</h2>
      <ol>${HELP.map((key) => html`<li key=${key}>${own(key)}</li>`)}</ol>
    </section>
    <section class="stack">${person?.pin && html`<${Pin} />`}<${Feedback} /><${SignOut} /></section>
    ${release && html`<p class="soft">${own("version", { release })}</p>`}
  </main>`;
}
