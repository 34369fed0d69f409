/**
 * The facade of main.js over invented data, so that every state of every screen can be shown without a server.
 * `fakeApp({...})` takes the parts of the state to bend: phase, online, sync, settings, and `world` for what is stored.
 */

import { HOUR, ME, NOW, county, words } from "./fake_county.js";
import { bring } from "/static/ui/demand.js";
import { MORE_USES, USES, fakeForm } from "./fake_form.js";
import { KINDS } from "./fake_kinds.js";

/** @param {Record<string, any>} [options] */
export function fakeApp(options = {}) {
  /** @type {"zh"|"en"} */
  const language = options.settings?.language || "zh";
  const w = words[language];
  const me = ME;
  const world = county(language, options.count ?? 20, options.world);
  /** @type {any} */
  let state = {
    phase: "ready",
    online: true,
    person: { id: "p1", name: me, unit: language === "zh" ? "岩寺镇人民政府" : "Yansi town" },
    counts: { onPhone: 2, received: 15, attention: 1 },
    month: { done: 12, total: 20 },
    sync: {
      running: false,
      phase: null,
      sent: 0,
      total: 0,
      bytesLeft: 1258000,
      secondsLeft: 240,
      lastAt: NOW - 25 * HOUR,
      problem: null,
      paused: false,
    },
    storage: { persisted: true, usage: 48e6, quota: 900e6 },
    update: { ready: false },
    release: "1a2b3c4",
    device: "Redmi 9A",
    alerts: [],
    revision: 1,
    ...options.state,
    settings: {
      language,
      size: "normal",
      theme: "light",
      wifiOnly: true,
      greeted: !options.welcome,
      ...options.settings,
    },
  };
  const listeners = new Set();
  const change = (/** @type {any} */ part) => {
    state = { ...state, ...part, revision: state.revision + 1 };
    for (const listener of listeners) listener(state);
  };
  const form = options.form || fakeForm(language, options.draft, options.target, options.kinds ? KINDS : undefined);
  /** @type {Map<string, any>} */
  const fixes = new Map();
  /** @type {any[]} */
  const calls = [];
  /** Let the write end that a slow disk is at. */
  let written = () => {};
  const note = (/** @type {string} */ name, /** @type {any[]} */ ...args) => {
    calls.push([name, ...args]);
  };
  const fail = () => {
    if (options.fail)
      throw Object.assign(new Error("fake"), { code: options.fail, text: options.failText || options.fail });
  };

  return {
    calls,
    change,
    written: () => written(),
    data: [world, options],
    answers: () => form.answers(),
    confirmed: () => form.confirmed(),
    get: () => state,
    subscribe: (/** @type {any} */ listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    households: async (own = false) => (options.never ? new Promise(() => {}) : own ? [] : world.households),
    record: async (/** @type {string} */ id) => {
      const row = world.households.find((one) => one.id === id);
      if (!row) throw Object.assign(new Error("gone"), { code: "household-gone", text: "" });
      const household = world.household(row);
      // Where the house stands: `home` is the point the record has, or "" where nobody took one yet.
      if (options.home !== undefined)
        household.properties.unshift({ ...household.properties[0], name: "home_gps", label: "家庭位置", type: "geopoint", value: options.home || null, display: options.home });
      return {
        household,
        members: world.members,
        visits: world.visits,
        others: options.plain ? [] : world.others,
        leaving: Boolean(options.leaving),
        notices: world.decisions.filter((one) => one.subject === id),
        drafts: options.withDraft
          ? [
              { id: "d1", form: "visit", title: w.visit, at: NOW - 40 * 60000 },
              { id: "d1", form: "rectify", title: w.rectify, at: NOW - 26 * HOUR },
            ]
          : [],
        forms: options.noForms ? [] : [
          { form: "visit", version: "3", title: w.visit, theme: w.household, on: [] },
          { form: "inspect", version: "1", title: w.inspect, theme: w.housing, on: ["housing_cases"] },
          { form: "accept", version: "1", title: w.accept, theme: w.housing, on: ["housing_cases"], last: world.visits[0] },
          { form: "check", version: "1", title: w.check, theme: w.problems, on: [] },
          { form: "rectify", version: "1", title: w.rectify, theme: w.problems, on: ["problems"] },
        ],
      };
    },
    correct: async (/** @type {string} */ id, /** @type {any} */ values, /** @type {string} */ ...reason) => {
      note("correct", id, values, ...reason);
      fail();
    },
    startVisit: async (/** @type {any[]} */ ...args) => {
      note("startVisit", ...args);
      return "d1";
    },
    openDraft: async (/** @type {string} */ id) => {
      if (id !== "d1") throw Object.assign(new Error("gone"), { code: "draft-gone", text: "" });
      // main.js does this before it opens a form; a phone may have been without signal for a part.
      const uses = options.kinds ? MORE_USES : USES;
      await bring(uses.filter((name) => !(options.without || []).includes(name)));
      return {
        id,
        form,
        definition: { form: "visit" },
        subject: "h0",
        subjectName: "张有田",
        title: w.visit,
        savedAt: NOW,
        page: 0,
        ...options.opened,
      };
    },
    closeDraft: async () => note("closeDraft"),
    drafts: async () => [],
    beginnings: async () => ({ forms: [], drafts: [] }),
    saveDraft: async () => {
      note("saveDraft");
      fail();
      if (options.slowDisk) await new Promise((resolve) => (written = () => resolve(null)));
      return NOW;
    },
    addPhoto: async (/** @type {string} */ _id, /** @type {string} */ ref, /** @type {any} */ given, /** @type {any} */ facts) => {
      note("addPhoto", ref, facts);
      const file = await given;
      fail();
      const value = {
        sha256: "f".repeat(64),
        bytes: options.kinds ? file.size : 214000,
        type: "image/jpeg",
        thumb: { sha256: "e".repeat(64), bytes: 9000 },
      };
      form.set(ref, value);
      return value;
    },
    photoUrl: async () =>
      `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><rect width="4" height="3" fill="#8aa"/><path d="M0 3 1.5 1 3 3z" fill="#576"/></svg>')}`,
    position: (/** @type {any} */ onUpdate) => {
      onUpdate(options.position || { state: "waiting", accuracy: 38 });
      return () => note("stopPosition");
    },
    fix: async (/** @type {string} */ _id, /** @type {string} */ point, /** @type {any} */ facts) => {
      if (facts) fixes.set(point, facts);
      return fixes.get(point);
    },
    finish: async () => {
      note("finish");
      fail();
      return "op1";
    },
    discardDraft: async () => note("discardDraft"),
    amend: async () => "d1",
    withdraw: async (/** @type {any[]} */ ...args) => note("withdraw", ...args),
    outbox: async () => world.outbox,
    decisions: async () => world.decisions,
    syncNow: async () => {
      note("syncNow");
      change({ sync: { ...state.sync, running: true, phase: "operations" } });
    },
    pause: async () => {
      note("pause");
      change({ sync: { ...state.sync, running: false, phase: null } });
    },
    requestPersistence: async () => change({ storage: { ...state.storage, persisted: true } }),
    exportRescue: async () => new Blob(["{}"]),
    signIn: async (/** @type {any} */ by) => {
      note("signIn", by);
      fail();
      change({ phase: "ready" });
    },
    signOut: async (/** @type {any} */ how = {}) => {
      note("signOut", how);
      if (!how.force && state.counts.onPhone)
        return { unsent: { operations: state.counts.onPhone, photos: 5, drafts: 1 } };
      change({ phase: "signin", person: null });
      return null;
    },
    set: async (/** @type {string} */ name, /** @type {any} */ value) =>
      change({ settings: { ...state.settings, [name]: value } }),
    applyUpdate: async () => {
      note("applyUpdate");
      return true;
    },
    feedback: async (/** @type {string} */ text) => note("feedback", text),
    shown: async (/** @type {string} */ entity, /** @type {string} */ name) => note("shown", entity, name),
  };
}
