/**
 * The app on an office screen: a form before it is published, over an invented household. The real engine and the real
 * screens, plugged into a phone that lives in memory: nothing is stored, nothing is sent, and it is gone when the page
 * is. Beside `main.js` the one module that knows all three layers; no phone ever fetches it.
 */

import { dropFile, fileBlob, keepFile, readFile } from "./adapters/chunks.js";
import * as device from "./adapters/device.js";
import { preparePhoto } from "./adapters/photo.js";
import { createApp } from "./core/app.js";
import { openForm } from "./core/form.js";
import { mount } from "./ui/app.js";
import { bring, part } from "./ui/demand.js";

/** @typedef {import("./core/types.js").Database} Database */
/**
 * What the office's page holds: the form, the records, how to show them.
 * @typedef {{ page: any, person: any, form: any, pictures: Record<string, string>, datasets: Record<string, any>, subject: string, settings: any, release: string }} Sample
 */

/** @type {Record<string, string[]>} */
const KEYS = { photos: ["sha256"], chunks: ["sha256", "index"] };
/** @param {any} key */
const plain = (key) => (Array.isArray(key) ? key.join("/") : String(key));

/** A phone's database, for as long as the page is open. @returns {Database} */
function memory() {
  /** @type {Record<string, Map<string, any>>} */
  const stores = {};
  const rows = (/** @type {string} */ store) => (stores[store] ||= new Map());
  return {
    get: async (store, key) => rows(store).get(plain(key)),
    all: async (store, index, key) => [...rows(store).values()].filter((row) => !index || row[index] === key),
    async write(writes) {
      for (const write of writes) {
        if ("put" in write) {
          const key = (KEYS[write.store] || ["id"]).map((name) => write.put[name]);
          rows(write.store).set(plain(key), { ...write.put });
        } else rows(write.store).delete(plain(write.delete));
      }
    },
    close() {},
  };
}

/** A server that lets one person in, gives them one page and the definitions, and is never heard of again. @param {Sample} sample @returns {import("./core/types.js").Http} */
function once(sample) {
  let given = false;
  const answer = (/** @type {number} */ status, /** @type {any} */ body) => ({ status, body, header: () => null });
  return async (_method, path, ask) => {
    if (path === "/api/v1/session") {
      ask?.each?.({ token: "preview", person: sample.person, feed: { id: "preview", name: "" } });
      return answer(201, null);
    }
    const [, picture] = /\/media\/(.+)/.exec(path) || [];
    if (picture) return answer(200, new Blob([Uint8Array.from(atob(sample.pictures[picture] || ""), (letter) => letter.charCodeAt(0))]));
    if (path.startsWith("/api/v1/definitions?")) {
      for (const named of new URLSearchParams(path.split("?")[1]).getAll("want")) {
        const [kind, name, version] = named.split("/");
        ask?.each?.({ [kind]: name, version, definition: kind === "form" ? sample.form : sample.datasets[name] });
      }
      return answer(200, null);
    }
    if (given) throw { code: "no-network" };
    given = true;
    return answer(200, { ...sample.page, server_time: Date.now(), receipts: [] });
  };
}

async function start() {
  const sample = /** @type {Sample} */ (JSON.parse(document.getElementById("sample")?.textContent || "{}"));
  const own = memory();
  await own.write([{ store: "meta", put: { id: "settings", ...sample.settings, greeted: true, wifiOnly: true } }]);
  const people = memory();
  const { app } = await createApp({
    ...device, deviceName: () => "preview", device: own, http: once(sample), release: sample.release, installId: "preview",
    openPerson: async () => people, dropPerson: async () => {}, lock: async (step) => (await step(), true),
    keepParts: async () => {}, preparePhoto, keepFile, dropFile, readFile, fileBlob,
    openForm: async (definition, options) => (await bring(definition.uses || []), openForm(definition, options)),
    storage: async () => ({ persisted: true, usage: 0, quota: 1e9 }), persist: async () => true,
    url: (blob) => URL.createObjectURL(blob), releaseUrl: (url) => URL.revokeObjectURL(url),
    listsHere: async (from, subject) => part("begin")?.listsHere(from, subject) || [], original: async () => {}, earlierPhotos: () => [], seal: async () => new Blob(), later: () => () => {}, tellTabs() {}, applyUpdate() {}, isOnline: () => false,
    place: "normal", language: sample.settings.language,
  });
  await app.signIn({ code: "preview" });
  const form = await offered(app, sample);
  location.replace(`#/f/${await app.startVisit(sample.form.new_subject ? "" : sample.subject, form)}`);
  // Last, so that the first thing seen is the form.
  mount(/** @type {Element} */ (document.getElementById("app")), app);
}

/** The form, as soon as the phone has it. @param {import("./core/types.js").App} app @param {Sample} sample @returns {Promise<string>} */
function offered(app, { subject, form }) {
  return new Promise((resolve) => {
    const look = async () => {
      const offer = form.new_subject ? app.beginnings() : app.record(subject);
      const { forms } = await offer.catch(() => ({ forms: [] }));
      if (forms.length) resolve(forms[0].form);
    };
    app.subscribe(() => void look());
    void look();
  });
}

void start();
