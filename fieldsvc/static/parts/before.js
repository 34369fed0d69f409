/**
 * What may stand before the first screen: an address or a browser where nothing can be kept safely, each with the way
 * out of it, 登录, and the three cards of the first run. All of these say why.
 */

import { bring, part } from "../ui/demand.js";
import { html, typed, useEffect, useState, useWorld } from "../ui/hooks.js";
import { Heading, Icon, Notice, Segments, Trouble, useTask } from "../ui/parts.js";
import { go } from "../ui/route.js";
import { LANGUAGES, Setting } from "./me.js";
import { t, wordsOf } from "../ui/words.js";

/** The words of these screens, which travel with them. */
export const words = {
  zh: {
    "signIn.way": "登录方式",
    "signIn.byCode": "登录码",
    "signIn.byPassword": "密码",
    "signIn.scan": "用手机相机扫描办公室给的二维码，或在下面输入登录码。",
    "signIn.code": "登录码",
    "signIn.login": "手机号或工号",
    "signIn.password": "密码",
    "signIn.busy": "正在登录…",
    "signIn.stores": "本机只存你结对农户的资料和你填写的内容。只有你登录后能看，退出并上传后即清除。",
    skip: "跳过",
    copyLink: "复制链接",
    copied: "已复制，请到浏览器里粘贴打开。",
    "welcome.offline": "没有网络也能走访",
    "welcome.offline.why": "农户资料和你填的内容都存在手机，有信号时自动上传。点“下一步”时，浏览器会问能否长期保存，请允许，免得被清理。",
    "welcome.camera": "照片为事不为人",
    "welcome.camera.why": "第一次拍照时，手机会问能否使用相机。照片只用来说明房屋等情况，不打卡。",
    "welcome.position": "定位只在需要时取",
    "welcome.position.why": "表单要记房屋位置时才取一次，不记行踪。取不到也能完成。",
    "welcome.at": "第 {n} 张，共 {total} 张",
    begin: "开始",
    insecure: "请换一个地址打开",
    "insecure.why": "现在的地址不安全，离线填写不能用。",
    "insecure.1": "点下面的按钮，复制安全地址。",
    "insecure.2": "打开手机自带的浏览器，在地址栏粘贴。",
    "insecure.3": "打开后，把它添加到主屏幕。",
    wechat: "请用手机浏览器打开",
    "wechat.1": "点右上角的“…”。",
    "wechat.2": "选“在浏览器打开”。",
    "wechat.3": "打开后，把它添加到主屏幕。",
    "wechat.warning": "在微信里也能填写和上传，但微信可能清掉没上传的内容。请在有网络时填，填完马上上传。",
    "wechat.pass": "仍在微信里填写",
  },
  en: {
    "signIn.way": "Way to sign in",
    "signIn.byCode": "Code",
    "signIn.byPassword": "Password",
    "signIn.scan": "Scan the QR code from the office with the phone's camera, or type the code below.",
    "signIn.code": "Code",
    "signIn.login": "Phone or staff number",
    "signIn.password": "Password",
    "signIn.busy": "Signing in…",
    "signIn.stores": "This phone keeps only your households and what you fill in. Only you can see it, and it is cleared when you sign out after sending.",
    skip: "Skip",
    copyLink: "Copy the link",
    copied: "Copied. Paste it into the browser.",
    "welcome.offline": "Visits work without network",
    "welcome.offline.why": "Households and what you fill in are kept on this phone and sent when there is signal. On “Next” the browser may ask to keep them for good: please allow it.",
    "welcome.camera": "Photos show things, not attendance",
    "welcome.camera.why": "At the first photo the phone asks to use the camera. Photos show houses and the like; nobody is checked in.",
    "welcome.position": "Position only where needed",
    "welcome.position.why": "It is taken once, where a form asks where a house stands. No track is kept. You can finish without it.",
    "welcome.at": "{n} of {total}",
    begin: "Begin",
    insecure: "Please open the secure address",
    "insecure.why": "This address is not secure, so nothing can be kept offline.",
    "insecure.1": "Press the button to copy the secure address.",
    "insecure.2": "Open the phone's own browser and paste it.",
    "insecure.3": "Then add it to the home screen.",
    wechat: "Please open it in the browser",
    "wechat.1": "Press “…” at the top right.",
    "wechat.2": "Choose “Open in browser”.",
    "wechat.3": "Then add it to the home screen.",
    "wechat.warning": "Filling in and sending work in WeChat too, but WeChat may clear what was not sent. Fill in with network and send at once.",
    "wechat.pass": "Stay in WeChat",
  },
};

const own = wordsOf(words);

/** @param {{ keys: readonly (keyof typeof words.zh)[] }} props */
const Steps = ({ keys }) => html`<ol class="steps">${keys.map((key) => html`<li key=${key}>${own(key)}</li>`)}</ol>`;

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
  return html`<button class="primary" onClick=${press}>${own("copyLink")}</button>
    ${copied !== null &&
    html`<p role="status">${copied && html`<${Icon} name="check" />`}${copied ? own("copied") : address}</p>`}`;
}

/** Outside a secure context nothing can be kept offline. */
const Insecure = () => html`<main class="where">
  <h1>${own("insecure")}</h1><p>${own("insecure.why")}</p>
  <${Steps} keys=${["insecure.1", "insecure.2", "insecure.3"]} /><${CopyLink} />
</main>`;

/** WeChat's browser: filling and sending work, keeping does not. @param {{ onPass: () => void }} props */
const Weixin = ({ onPass }) => html`<main class="where">
  <h1>${own("wechat")}</h1>
  <${Steps} keys=${["wechat.1", "wechat.2", "wechat.3"]} /><${CopyLink} />
  <${Notice} tone="waiting"><p>${own("wechat.warning")}</p><button onClick=${onPass}>${own("wechat.pass")}</button><//>
</main>`;

/** @typedef {import("../ui/parts.js").IconName} IconName */

/** @type {{icon: IconName, key: "welcome.offline"|"welcome.camera"|"welcome.position"}[]} */
const CARDS = [
  { icon: "cloudOff", key: "welcome.offline" },
  { icon: "camera", key: "welcome.camera" },
  { icon: "place", key: "welcome.position" },
];

/** The cards of the first run, each with its why; what is asked is asked while a tap is being answered. */
function Welcome() {
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
    <h1>${own(key)}</h1>
    <p>${own(`${key}.why`)}</p>
    <p class="soft">${own("welcome.at", { n: at + 1, total: CARDS.length })}</p>
    <div class="pair">
      ${at + 1 < CARDS.length && html`<button onClick=${done}>${own("skip")}</button>`}
      <button class="primary" onClick=${forward}>${at + 1 < CARDS.length ? t("next") : own("begin")}</button>
    </div>
  </main>`;
}

/** The code inside an enrolment link, or the text itself. @param {string} text */
const codeIn = (text) => text.trim().split(/[/=#]/).pop() || "";

/**
 * 登录: by the code from the office or by password; what is kept here and for whom, in two sentences.
 * @param {{ code?: string }} props the code of the link that was opened
 */
function SignIn({ code = "" }) {
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
  // An app that is open at this screen hears of a scanned link only by its address.
  useEffect(() => {
    if (code) enter({ code });
  }, [code]);
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    enter(way === "code" ? { code: codeIn(values.code) } : { login: values.login.trim(), password: values.password });
  };
  const ways = [
    ["code", own("signIn.byCode")],
    ["password", own("signIn.byPassword")],
  ];
  const field = (/** @type {"login"|"password"|"code"} */ name, /** @type {any} */ more) => {
    const onInput = typed((text) => setValues({ ...values, [name]: text }));
    return html`<label class="field">
      ${own(`signIn.${name}`)}<input required value=${values[name]} onInput=${onInput} ...${more} />
    </label>`;
  };
  return html`<main class="signin">
    ${again && html`<${Heading} parent="/" to="tab.visits" />`}
    <h1>${t("app")}</h1>
    ${onPhone > 0 && html`<${Notice} tone="waiting"><p>${t("signedOut.full", { n: onPhone })}</p><//>`}
    ${state.sync.problem?.code === "device-revoked" && html`<${Notice} tone="attention"><p>${state.sync.problem.text}</p><//>`}
    <form onSubmit=${submit}>
      <${Segments} label=${own("signIn.way")} value=${way} options=${ways} onChange=${setWay} />
      ${way === "code"
        ? html`<p class="scan"><${Icon} name="qr" />${own("signIn.scan")}</p>
            ${field("code", { autocomplete: "one-time-code", autocapitalize: "off" })}`
        : html`${field("login", { autocomplete: "username" })}
            ${field("password", { type: "password", autocomplete: "current-password" })}`}
      <${Trouble} problem=${problem} />
      <button class="primary" disabled=${busy}>${busy ? own("signIn.busy") : t("signIn")}</button>
    </form>
    <p class="soft">${own("signIn.stores")}</p>
    <${Setting} name="language" label=${t("language")} options=${LANGUAGES} />
  </main>`;
}

/**
 * The screen for a phase of the app; the cards when there is nothing else to say first.
 * @param {{ phase: string, code?: string, onPass: () => void }} props `code` of the enrolment link that was opened
 */
export function Screen({ phase, code, onPass }) {
  const { state } = useWorld();
  const earlier = state.person?.earlier;
  const [empty, setEmpty] = useState(/** @type {any} */ (null));
  // A phone that was known and arrives empty: rare, so its sentence is fetched when it is needed.
  useEffect(() => {
    if (earlier?.length && !empty) bring(["empty"]).then(() => setEmpty(part("empty") || null));
  }, [earlier]);
  if (phase === "ready" && earlier?.length && empty) return html`<${empty.Screen} onRead=${() => setEmpty({ Screen: Welcome })} />`;
  if (phase === "insecure") return html`<${Insecure} />`;
  if (phase === "wechat") return html`<${Weixin} onPass=${onPass} />`;
  return phase === "signin" ? html`<${SignIn} code=${code} />` : html`<${Welcome} />`;
}
