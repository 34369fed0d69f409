/**
 * The PIN: set in 我的 where the county offers it, and asked for when the app is opened. Whoever forgets it signs in again
 * and gets everything from the server anew; what was not sent is kept all the same.
 */

import { html, typed, useState, useWorld } from "../ui/hooks.js";
import { Trouble, announce, useTask } from "../ui/parts.js";
import { t, wordsOf } from "../ui/words.js";
import { lockWhenAway } from "./away.js";
import { changed, keep, keyFrom, keyTold, lockId, tryPin } from "./keys.js";
import { beside, holds, lettersLeft, openAll, putAway, readAnew, sealed } from "./vault.js";

/** @typedef {import("../core/types.js").Database} Database */
/** @typedef {import("./keys.js").Lock} Lock */
/** @typedef {import("../core/types.js").PersonRow} PersonRow */
/** @typedef {{ person: string, lock: Lock, device: Database, db: ReturnType<typeof sealed> }} Behind */

/** The words of these screens, which travel with them. */
export const words = {
  zh: {
    "pin.set": "设置解锁密码",
    "pin.why": "设置后，户资料、草稿和待传内容加密存在手机里，打开时要输入密码；照片不加密。没上传的内容照常上传。忘了可以重新登录。",
    "pin.must": "本县要求先设置解锁密码，再查看户资料。没上传的内容照常上传。",
    "pin.new": "新密码（6 位以上数字）",
    "pin.again": "再输一次",
    "pin.differ": "两次输入不同。",
    "pin.short": "至少 6 位。",
    "pin.ask": "输入解锁密码",
    "pin.open": "打开",
    "pin.wrong": "密码不对。",
    "pin.wait": "错得太多，{n} 秒后再试。",
    "pin.remove": "取消解锁密码",
    "pin.forgot": "忘了密码",
    "pin.forgot.why": "退出后重新登录，户资料会重新取回。没上传的内容和草稿留在本机，登录后可以继续。",
    "pin.forgot.do": "退出，重新登录",
    "pin.left": "有草稿仍由旧密码加密，没有丢。输入旧密码打开；想不起来，请办公室检查服务器密钥后重新登录。",
    "pin.old": "旧密码",
  },
  en: {
    "pin.set": "Set a PIN",
    "pin.why": "Households, drafts and what waits to be sent are then kept encrypted on this phone, and a PIN opens the app; photos are not. What is not sent yet is sent as ever. If you forget it, sign in again.",
    "pin.must": "Your county asks for a PIN before households are shown. What is not sent yet is sent all the same.",
    "pin.new": "New PIN (6 digits or more)",
    "pin.again": "Once more",
    "pin.differ": "The two differ.",
    "pin.short": "At least 6.",
    "pin.ask": "Enter your PIN",
    "pin.open": "Open",
    "pin.wrong": "That is not the PIN.",
    "pin.wait": "Too many tries. Try again in {n} seconds.|Too many tries. Try again in {n} seconds.",
    "pin.remove": "Remove the PIN",
    "pin.forgot": "I forgot it",
    "pin.forgot.why": "Sign out and in again: households are fetched anew. Drafts and what was not sent stay on this phone, and you go on with them when you are signed in.",
    "pin.forgot.do": "Sign out and in again",
    "pin.left": "Drafts are still sealed with the old PIN, and not lost. The old PIN opens them; without it, sign in again once the office has looked at the server's key.",
    "pin.old": "The old PIN",
  },
};
/** What this part needs beside it: kept on the phone together, for a locked app opens without signal. */
export const parts = ["pin", "vault", "keys", "letters", "secrets", "away"];
const own = wordsOf(words);
const SHORTEST = 6;
/** Who is behind the lock now, and the key of her server. @type {Behind & { server: string|undefined }|null} */
let behind = null;
/** A lock that was forgotten and whose letter no server reads: it waits for the old PIN, or for the server. @type {Behind|null} */
let aside = null;

/** The other tabs, which hear of it when a lock has gone. @type {BroadcastChannel|null} */
let tabs = null;
let leaveAlone = () => {};

/**
 * A person's database, behind her lock where that still holds.
 * @param {Database} db
 * @param {Lock|undefined} lock
 * @param {Database} device
 * @returns {Promise<Database>}
 */
export async function guard(db, lock, device) {
  leaveAlone();
  behind = null;
  aside = null;
  const holding = await holds(db, lock);
  if (!lock) return withoutLock(db, device);
  if (!holding) {
    await changed(device, lock, () => null);
    return withoutLock(db, device);
  }
  const id = lock.id.slice(lockId("").length);
  const person = /** @type {PersonRow|undefined} */ (await device.get("people", id));
  const found = sealed(db, lock);
  const token = person?.token;
  const told = lock.forgotten && token ? (lock.asked === token ? "unreadable" : await keyTold(lock.letter, token)) : null;
  if (told === "unreadable" || (!told && lock.forgotten && lock.asked)) {
    // Her work of today waits for no server: what it sealed stays as it is, and is asked about at each sign-in. Nor does
    // silence put it behind a lock again of which she has no PIN and no server reads the letter.
    if (told) await changed(device, lock, (row) => ({ ...row, asked: token || undefined }));
    aside = { person: id, lock, device, db: found };
    await readAnew(db);
    // An earlier lock's letter may be to the server that answers now.
    if (token && lock.asked !== token) await openLeft(db, token);
    return beside(db, LEFT);
  }
  if (told) {
    found.unlock(await keyFrom(told));
    await found.letGo();
    await changed(device, lock, () => null);
    return withoutLock(db, device);
  }
  await putAway(db, lock);
  behind = { person: id, lock, device, db: found, server: person?.feed.rescue_key };
  // What this tab writes from now on lies open like the rest; one in which somebody is at work need not start again.
  if (typeof BroadcastChannel === "function") tabs ||= new BroadcastChannel("fieldsvc-lock");
  if (tabs) tabs.onmessage = ({ data }) => behind && data === behind.lock.id && (behind.db.isLocked() || !atWork()) && location.reload();
  return behind.db;
}

/** Said in place of a draft that does not open. */
const LEFT = { code: "sealed", problem: { title: { zh: words.zh["pin.left"], en: words.en["pin.left"] } } };

/**
 * Her database without a lock. What a lock that was lost had sealed is opened by its letter, once a server reads it.
 * @param {Database} db
 * @param {Database} device
 */
async function withoutLock(db, device) {
  const { person } = ((await lettersLeft(db)).length && (await device.get("meta", "current"))) || {};
  const token = person && (await device.get("people", person))?.token;
  if (token) await openLeft(db, token);
  return beside(db, LEFT);
}

/** Open what the letters of lost locks open, each by itself: one that no server reads stands in no other's way. @param {Database} db @param {string} token */
async function openLeft(db, token) {
  for (const letter of await lettersLeft(db)) {
    const told = await keyTold(letter, token);
    if (told && told !== "unreadable") await openAll(db, told);
  }
}

/**
 * Whether something is under way that leaving this screen would end: a form with its recording, sketch or camera, a
 * dialog, a correction.
 */
const atWork = () => location.hash.startsWith("#/f/") || !!document.querySelector("dialog[open],.correction");

/** Opened: until she signs out, or is away. @param {import("../ui/hooks.js").App} app */
function watch(app) {
  leaveAlone();
  leaveAlone = lockWhenAway({
    page: document, route: window, now: Date.now, atWork,
    lock() {
      leaveAlone();
      if (!behind || app.get().person?.id !== behind.person) return;
      behind.db.lock();
      redraw(app);
    },
  });
}

/** What was read before has other values now: the same setting again has everything read anew. @param {import("../ui/hooks.js").App} app */
const redraw = (app) => app.set("size", app.get().settings.size);

/**
 * Whether a person's app waits for the PIN, or for one to be set, where her county wants it before she sees a household.
 * What is to be sent goes all the same; without this part she works on, and is asked at a later start.
 * @param {{ id: string, must?: boolean }|null} person
 */
export const asks = (person) =>
  behind?.person === person?.id ? !!behind?.db.isLocked() : !!person?.must && aside?.person !== person.id;

/** A digits' field. @param {{ label: string, value: string, onInput: (text: string) => void }} props */
const Digits = ({ label, value, onInput }) => html`<label class="field">${label}
  <input type="password" inputmode="numeric" autocomplete="off" value=${value} onInput=${typed(onInput)} /></label>`;

/** Asks for the PIN, before anything of a household is drawn; or for a new one. */
export function Screen() {
  const { state } = useWorld();
  if (behind?.person === state.person?.id) return html`<${Ask} />`;
  return html`<main class="me"><h1>${state.person?.name}</h1><p>${own("pin.must")}</p><${New} /></main>`;
}

function Ask() {
  const { app, state } = useWorld();
  const [pin, setPin] = useState("");
  const [said, setSaid] = useState("");
  const [forgot, setForgot] = useState(false);
  const { busy, problem, run } = useTask();
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    void run(async () => {
      const at = Date.now();
      const now = behind;
      if (!now) return;
      const { row, key, waits } = await tryPin(now.device, now.lock, pin, at, now.server);
      // Removed or set anew in another tab.
      if (!row) return location.reload();
      now.lock = row;
      if (waits) return setSaid(own("pin.wait", { n: Math.ceil((row.until - at) / 1000) }));
      setPin("");
      if (!key) return setSaid(own("pin.wrong"));
      now.db.unlock(key);
      await now.db.mend(row);
      watch(app);
      redraw(app);
    });
  };
  const leave = () =>
    run(async () => {
      const { device, lock } = /** @type {NonNullable<typeof behind>} */ (behind);
      // First that it is forgotten, last the lock: whenever a battery is empty between them, nothing is left that nobody can read.
      if (!(await changed(device, lock, (row) => ({ ...row, forgotten: true })))) return location.reload();
      await app.signOut({ force: true });
      const left = await device.get("people", lock.id.slice(lockId("").length));
      await changed(device, lock, (row) => (left && row.letter ? row : null));
      leaveAlone();
      behind = null;
    });
  return html`<main class="me">
    <h1>${state.person?.name}</h1>
    <form class="stack" onSubmit=${submit}>
      <${Digits} label=${own("pin.ask")} value=${pin} onInput=${setPin} />
      ${said && html`<p role="alert">${said}</p>`}
      <${Trouble} problem=${problem} />
      <button class="primary" disabled=${busy || !pin}>${own("pin.open")}</button>
    </form>
    <section class="stack">
      ${forgot
        ? html`<p>${own("pin.forgot.why")}</p><button class="danger" disabled=${busy} onClick=${leave}>${own("pin.forgot.do")}</button>`
        : html`<button onClick=${() => setForgot(true)}>${own("pin.forgot")}</button>`}
    </section>
  </main>`;
}

/** In 我的: set a PIN, or remove it. */
export function Setting() {
  const { state } = useWorld();
  const [asked, setAsked] = useState(false);
  const [pin, setPin] = useState("");
  const { busy, problem, run } = useTask();
  const person = state.person?.id || "";
  const remove = () =>
    run(async () => {
      const { db, device, lock } = /** @type {NonNullable<typeof behind>} */ (behind);
      await db.letGo();
      await changed(device, lock, () => null);
      tabs?.postMessage(lock.id);
      location.reload();
    });
  const recall = () =>
    run(async () => {
      const { db, device, lock } = /** @type {Behind} */ (aside);
      const at = Date.now();
      const { row, key, waits } = await tryPin(device, lock, pin, at);
      if (row && waits) return announce(own("pin.wait", { n: Math.ceil((row.until - at) / 1000) }));
      if (row && !key) return announce(own("pin.wrong"));
      if (key) {
        db.unlock(key);
        await db.letGo();
        await changed(device, lock, () => null);
      }
      location.reload();
    });
  if (aside?.person === person)
    return html`<div class="correction">
      <p>${own("pin.left")}</p>
      <${Digits} label=${own("pin.old")} value=${pin} onInput=${setPin} />
      <${Trouble} problem=${problem} />
      <button class="primary" disabled=${busy || !pin} onClick=${recall}>${own("pin.open")}</button>
    </div>`;
  if (behind?.person === person)
    return !state.person?.must && html`<${Trouble} problem=${problem} /><button disabled=${busy} onClick=${remove}>${own("pin.remove")}</button>`;
  if (!asked) return html`<button onClick=${() => setAsked(true)}>${own("pin.set")}</button>`;
  return html`<${New} onCancel=${() => setAsked(false)} />`;
}

/** A new PIN, typed twice. @param {{ onCancel?: () => void }} props */
function New({ onCancel }) {
  const { state } = useWorld();
  const [pin, setPin] = useState("");
  const [again, setAgain] = useState("");
  const { busy, problem, run } = useTask();
  const set = () =>
    run(async () => {
      if (pin.length < SHORTEST) return announce(own("pin.short"));
      if (pin !== again) return announce(own("pin.differ"));
      await keep(state.person?.id || "", pin);
      location.reload();
    });
  return html`<div class="correction">
    <p>${own("pin.why")}</p>
    <${Digits} label=${own("pin.new")} value=${pin} onInput=${setPin} />
    <${Digits} label=${own("pin.again")} value=${again} onInput=${setAgain} />
    <${Trouble} problem=${problem} />
    <div class="pair">
      ${onCancel && html`<button onClick=${onCancel}>${t("cancel")}</button>`}
      <button class="primary" disabled=${busy || !pin || !again} onClick=${set}>${own("pin.set")}</button>
    </div>
  </div>`;
}
