/**
 * Wiring only: the core gets its ports, the screens get the app, and the browser's events find their way in. The one
 * module that knows all three layers.
 */

import { dropFile, fileBlob, keepFile, readFile } from "./adapters/chunks.js";
import * as device from "./adapters/device.js";
import { keepParts, request } from "./adapters/http.js";
import { deleteDatabase, DEVICE_STORES, openDatabase, PERSON_STORES, writeAnew } from "./adapters/idb.js";
import { alone } from "./adapters/lock.js";
import { preparePhoto } from "./adapters/photo.js";
import { createApp } from "./core/app.js";
import { openForm } from "./core/form.js";
import { problem } from "./core/problems.js";
import { mount } from "./ui/app.js";
import { bring, part } from "./ui/demand.js";
import { t } from "./ui/words.js";

const ASK_FOR_UPDATES_MS = 6 * 3600 * 1000;
/** What is on the screen comes first: a slow phone has drawn its form by then. */
const FIRST_SYNC_MS = 1000;

/** @param {string} id @returns {string} the name of a person's own database */
const databaseOf = (id) => `fieldsvc-${id}`;

/** What this installation is called, for as long as its storage lasts. @param {import("./core/types.js").Database} db */
async function installId(db) {
  const known = await db.get("meta", "install");
  if (known) return known.value;
  const value = device.newId();
  await db.write([{ store: "meta", put: { id: "install", value } }], { durable: true });
  return value;
}

/** Where this page finds itself. @returns {"normal"|"insecure"|"wechat"} */
function place() {
  if (!isSecureContext) return "insecure";
  return /MicroMessenger/i.test(navigator.userAgent) ? "wechat" : "normal";
}

/**
 * The next release waits in its worker until somebody says so. Once it has taken over, the page starts again with it.
 * @param {() => void} ready called when a release waits
 * @returns {() => void} let it take over
 */
function updates(ready) {
  const worker = navigator.serviceWorker;
  let wanted = false;
  const apply = async () => {
    wanted = true;
    const waiting = (await worker?.getRegistration())?.waiting;
    if (waiting) waiting.postMessage("take-over");
    else location.reload();
  };
  worker?.addEventListener("controllerchange", () => wanted && location.reload());
  worker?.getRegistration().then((registration) => {
    if (!registration) return;
    const look = () => registration.waiting && worker.controller && ready();
    look();
    registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", look));
    // An installed app may stay open for weeks; a browser asks for a new worker only when a page is opened.
    setInterval(() => navigator.onLine && registration.update().catch(() => {}), ASK_FOR_UPDATES_MS);
  });
  return apply;
}

/** Open a form, with the parts it uses: functions and controls that few forms have. @param {any} definition @param {any} options */
async function open(definition, options) {
  await bring(definition.uses || []);
  return openForm(definition, options);
}

/** A part without which this does not go on. @param {string} name */
async function needed(name) {
  await bring([name]);
  const found = part(name);
  if (!found) throw { code: "no-network" };
  return found;
}

/** Nothing can be opened, as behind a lock whose part is not on the phone: say why, until there is signal. @param {any} error */
function stay(error) {
  const again = () => location.reload();
  const { text } = problem(error, "zh");
  const button = Object.assign(document.createElement("button"), { textContent: t("tryAgain"), onclick: again });
  document.getElementById("app")?.replaceChildren(text, button);
  addEventListener("online", again);
}

/** Begin: called by the first page, and by nobody who only wants a module of the same text. */
export async function start() {
  // The address of older enrolment codes.
  const code = /^#enrol=(.+)/.exec(location.hash)?.[1];
  if (code) location.replace(`#/signin/${code}`);

  const here = place();
  // Without a secure context there is no storage worth the name; the screen then says how to open the app properly.
  const db = await openDatabase("fieldsvc", DEVICE_STORES);
  await writeAnew();
  /** @type {() => void} */
  let heard = () => {};
  /** @type {() => void} */
  let updateReady = () => {};
  const name = await device.deviceName();
  const made = await createApp({
    ...device, deviceName: () => name, device: db, http: request, release: document.documentElement.dataset.release || "", installId: await installId(db),
    openPerson: async (id, onOutdated) => {
      const own = await openDatabase(databaseOf(id), PERSON_STORES, onOutdated);
      const lock = await db.get("meta", `lock/${id}`);
      const seal = await own.get("meta", "seal");
      if (!lock && (!seal || seal.gone)) {
        if ((await db.get("people", id))?.feed.pin_required) await bring(["pin"]);
        return own;
      }
      return (await needed("pin")).guard(own, lock, db);
    },
    dropPerson: (id) => deleteDatabase(databaseOf(id)),
    lock: alone, keepParts: (names) => keepParts([...names, ...(part("pin")?.parts || [])]), preparePhoto, keepFile, dropFile, readFile, fileBlob, openForm: open,
    url: (blob) => URL.createObjectURL(blob), releaseUrl: (url) => URL.revokeObjectURL(url),
    seal: async (from, who) => {
      const found = await needed("seal");
      return found.seal(who.person.feed.rescue_key, found.rescuePieces(from, who));
    },
    earlierPhotos: (...asked) => part("camera")?.earlierPhotos(...asked),
    original: async (...visit) => (await needed("redo")).original(...visit),
    listsHere: async (from, subject) => (await needed("begin")).listsHere(from, subject),
    later: (seconds, run) => {
      const timer = setTimeout(run, seconds * 1000);
      return () => clearTimeout(timer);
    },
    tellTabs: device.tabs(() => heard()), applyUpdate: updates(() => updateReady()), isOnline: () => navigator.onLine,
    place: here, language: /^en/i.test(navigator.language) ? "en" : "zh",
  }).catch(stay);
  if (!made) return;
  const { app, wake, ...hear } = made;
  ({ heard, updateReady } = hear);
  device.watch(wake);
  mount(/** @type {Element} */ (document.getElementById("app")), app);
  setTimeout(() => wake("visible"), FIRST_SYNC_MS);
}
