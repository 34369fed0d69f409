/**
 * The PIN: set in 我的 where the county offers it, and asked for when the app is opened. Whoever forgets it signs in again
 * and gets everything from the server anew; what was not sent is kept all the same.
 */

import { html, typed, useState, useWorld } from "../ui/hooks.js";
import { Trouble, announce, useTask } from "../ui/parts.js";
import { t, wordsOf } from "../ui/words.js";
import { holds, lockId, makeLock, putAway, sealed, tried, unwrap } from "./vault.js";

/** @typedef {import("../core/types.js").Database} Database */
/** @typedef {import("./vault.js").Lock} Lock */

/** The words of these screens, which travel with them. */
export const words = {
  zh: {
    "pin.set": "设置解锁密码",
    "pin.why": "设置后，户资料加密存在手机里，打开时要输入密码。没上传的内容照常上传。忘了可以重新登录。",
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
    "pin.forgot.why": "退出后重新登录，户资料会重新取回。没上传的内容留在本机，登录后照常上传。",
    "pin.forgot.do": "退出，重新登录",
  },
  en: {
    "pin.set": "Set a PIN",
    "pin.why": "Households are then kept encrypted on this phone, and a PIN opens the app. What is not sent yet is sent as ever. If you forget it, sign in again.",
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
    "pin.forgot.why": "Sign out and in again: households are fetched anew. What was not sent stays on this phone and goes when you are signed in.",
    "pin.forgot.do": "Sign out and in again",
  },
};
const own = wordsOf(words);
const SHORTEST = 6;
/** Somebody else may have picked it up: a camera or a call takes less. */
const AWAY_MS = 5 * 60_000;

/** Who is behind the lock now. @type {{ person: string, lock: Lock, device: Database, db: ReturnType<typeof sealed> }|null} */
let behind = null;

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
  if (!(await holds(db, lock)) || !lock) {
    if (lock) await device.write([{ store: "meta", delete: lock.id }], { durable: true });
    return db;
  }
  await putAway(db, lock);
  behind = { person: lock.id.slice(lockId("").length), lock, device, db: sealed(db, lock) };
  // What this tab writes from now on lies open like the rest; one in which somebody is at work need not start again.
  if (typeof BroadcastChannel === "function") tabs ||= new BroadcastChannel("fieldsvc-lock");
  if (tabs) tabs.onmessage = ({ data }) => data === behind?.lock.id && !atWork() && location.reload();
  return behind.db;
}

/**
 * Whether something is under way that leaving this screen would end: a form with its recording, sketch or camera, a
 * dialog, a correction.
 */
const atWork = () => location.hash.startsWith("#/f/") || !!document.querySelector("dialog[open],.correction");

/**
 * Lock when the page comes back after a while, but never somebody's work: then as soon as she has left it.
 * @param {{ page: { hidden: boolean } & EventTarget, route: EventTarget, now: () => number, atWork: () => boolean, lock: () => void }} world
 * @returns {() => void} stops
 */
export function lockWhenAway({ page, route, now, atWork, lock }) {
  let left = 0;
  let due = false;
  const look = () => {
    if (!due || atWork()) return;
    due = false;
    lock();
  };
  const turn = () => {
    if (page.hidden) left = now();
    else {
      due ||= !!left && now() - left > AWAY_MS;
      look();
    }
  };
  page.addEventListener("visibilitychange", turn);
  route.addEventListener("hashchange", look);
  return () => {
    page.removeEventListener("visibilitychange", turn);
    route.removeEventListener("hashchange", look);
  };
}

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

/** Whether this person's app waits for the PIN. @param {string|undefined} person */
export const isLocked = (person) => behind?.person === person && !!behind?.db.isLocked();

/** A digits' field. @param {{ label: string, value: string, onInput: (text: string) => void }} props */
const Digits = ({ label, value, onInput }) => html`<label class="field">${label}
  <input type="password" inputmode="numeric" autocomplete="off" value=${value} onInput=${typed(onInput)} /></label>`;

/** Asks for the PIN, before anything of a household is drawn. */
export function Screen() {
  const { app, state } = useWorld();
  const [pin, setPin] = useState("");
  const [said, setSaid] = useState("");
  const [forgot, setForgot] = useState(false);
  const { busy, problem, run } = useTask();
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    void run(async () => {
      const at = Date.now();
      if (!behind) return;
      // Removed in another tab: to write down this try would bring it back.
      if (!(await behind.device.get("meta", behind.lock.id))) return location.reload();
      if (behind.lock.until > at) return setSaid(own("pin.wait", { n: Math.ceil((behind.lock.until - at) / 1000) }));
      const key = await unwrap(behind.lock, pin);
      behind.lock = tried(behind.lock, !!key, at);
      await behind.device.write([{ store: "meta", put: behind.lock }], { durable: true });
      setPin("");
      if (!key) return setSaid(own("pin.wrong"));
      behind.db.unlock(key);
      await behind.db.mend();
      watch(app);
      redraw(app);
    });
  };
  const leave = () =>
    run(async () => {
      const { device, lock } = /** @type {NonNullable<typeof behind>} */ (behind);
      // First what only she could open, then the lock: the other way round an empty battery would leave rows nobody can read.
      await app.signOut({ force: true });
      await device.write([{ store: "meta", delete: lock.id }], { durable: true });
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

/** Her lock is a row of the device's database, which the part opens by itself: nothing is behind a lock yet. @param {Lock} lock @returns {Promise<void>} */
const keep = (lock) =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open("fieldsvc");
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const write = request.result.transaction("meta", "readwrite");
      write.objectStore("meta").put(lock);
      write.onabort = () => reject(write.error);
      write.oncomplete = () => {
        request.result.close();
        resolve();
      };
    };
  });

/** In 我的: set a PIN, or remove it. */
export function Setting() {
  const { state } = useWorld();
  const [asked, setAsked] = useState(false);
  const [pin, setPin] = useState("");
  const [again, setAgain] = useState("");
  const { busy, problem, run } = useTask();
  const person = state.person?.id || "";
  const set = () =>
    run(async () => {
      if (pin.length < SHORTEST) return announce(own("pin.short"));
      if (pin !== again) return announce(own("pin.differ"));
      await keep(await makeLock(person, pin));
      location.reload();
    });
  const remove = () =>
    run(async () => {
      const { db, device, lock } = /** @type {NonNullable<typeof behind>} */ (behind);
      await db.letGo();
      await device.write([{ store: "meta", delete: lock.id }], { durable: true });
      tabs?.postMessage(lock.id);
      location.reload();
    });
  if (behind?.person === person)
    return html`<${Trouble} problem=${problem} /><button disabled=${busy} onClick=${remove}>${own("pin.remove")}</button>`;
  if (!asked) return html`<button onClick=${() => setAsked(true)}>${own("pin.set")}</button>`;
  return html`<div class="correction">
    <p>${own("pin.why")}</p>
    <${Digits} label=${own("pin.new")} value=${pin} onInput=${setPin} />
    <${Digits} label=${own("pin.again")} value=${again} onInput=${setAgain} />
    <${Trouble} problem=${problem} />
    <div class="pair">
      <button onClick=${() => setAsked(false)}>${t("cancel")}</button>
      <button class="primary" disabled=${busy || !pin || !again} onClick=${set}>${own("pin.set")}</button>
    </div>
  </div>`;
}
