/**
 * The facade of main.js over invented data, so that every state of every screen can be shown without a server.
 * `fakeApp({...})` takes the parts of the state to bend: phase, online, sync, settings, and `world` for what is stored.
 */

import { fakeForm } from "./fake_form.js";

const SURNAMES = "张李王刘陈杨赵黄周吴徐孙胡朱高林何郭马罗";
const GIVEN = [
  "有田",
  "秀兰",
  "建国",
  "桂芳",
  "德福",
  "金花",
  "志强",
  "玉梅",
  "长根",
  "春生",
  "小凤",
  "永贵",
  "水生",
  "凤英",
  "来福",
];
const HAMLETS = ["上湾组", "下湾组", "石桥组", "竹园组", "大塘组", "山背组"];
const TYPES = {
  zh: ["脱贫户", "监测户", "低保户", "五保户", "一般户"],
  en: ["out of poverty", "watched", "low income", "five guarantees", "ordinary"],
};
export const NOW = Date.UTC(2026, 10, 22, 6, 5);
const DAY = 86400000;
const HOUR = 3600000;

/** @param {number} count @param {"zh"|"en"} language */
function makeHouseholds(count, language) {
  return Array.from({ length: count }, (_, index) => {
    const name = SURNAMES[(index * 7) % SURNAMES.length] + GIVEN[(index * 11) % GIVEN.length];
    const state = index === 3 ? "returned" : index % 17 === 5 ? "attention" : index % 5 < 3 ? "done" : "todo";
    const hamlet = HAMLETS[Math.floor((index * HAMLETS.length) / count)];
    return {
      id: `h${index}`,
      name,
      hamlet,
      people: String(1 + (index % 6)),
      type: TYPES[language][index % 5],
      phone: `1990000${String(1000 + index).slice(-4)}`,
      lastVisitAt: index % 9 === 8 ? null : NOW - (state === "done" ? (index % 20) + 1 : 30 + (index % 12)) * DAY,
      state,
      search: `${name}${hamlet} ${["zyt", "lxl", "wjg"][index % 3]} ${String(1000 + index).slice(-4)}`.toLowerCase(),
      comment: state === "returned" ? "住房照片看不清楚，请在正门前重拍；常住人口与上月不一致，请核对。" : undefined,
    };
  });
}

const words = {
  zh: {
    phone: "联系电话",
    people: "常住人口",
    income: "上年人均纯收入（元）",
    house: "住房等级",
    water: "饮水",
    road: "到户路",
    type: "户类型",
    card: "户号",
    relation: "与户主关系",
    born: "出生年月",
    health: "健康状况",
    work: "务工地点",
    head: "户主",
    wife: "配偶",
    son: "长子",
    healthy: "健康",
    ill: "长期慢性病",
    away: "浙江宁波",
    home: "在家务农",
    safe: "安全",
    hard: "硬化路",
    grade: "B 级",
    poor: "脱贫户",
    visit: "入户走访记录表",
    check: "两不愁三保障核查表",
    outside: "住房外观",
    reason: "户主电话里确认，以身份证为准。",
    refusal: "这份记录里有一处系统读不懂，已原样保存，请联系管理员。",
  },
  en: {
    phone: "Phone",
    people: "People living here",
    income: "Income per head last year (yuan)",
    house: "House grade",
    water: "Drinking water",
    road: "Road to the house",
    type: "Type",
    card: "Household number",
    relation: "Relation to head",
    born: "Born",
    health: "Health",
    work: "Works in",
    head: "head",
    wife: "wife",
    son: "eldest son",
    healthy: "healthy",
    ill: "long-term illness",
    away: "Ningbo, Zhejiang",
    home: "farms at home",
    safe: "safe",
    hard: "paved",
    grade: "grade B",
    poor: "out of poverty",
    visit: "Household visit",
    check: "Two assurances and three guarantees",
    outside: "House from outside",
    reason: "The head confirmed it by phone; the identity card counts.",
    refusal: "One part of this record could not be read. It is kept as it is; please call the administrator.",
  },
};

/** @param {Record<string, any>} [options] */
export function fakeApp(options = {}) {
  const language = options.settings?.language || "zh";
  const w = words[/** @type {"zh"|"en"} */ (language)];
  const me = "王晓红";
  const other = "李梅";
  const prop = (
    /** @type {string} */ name,
    /** @type {string} */ title,
    /** @type {string} */ value,
    /** @type {any} */ more = {},
  ) => ({
    name,
    label: title,
    value,
    display: value,
    type: "string",
    editable: true,
    by: me,
    at: NOW - 35 * DAY,
    pending: false,
    conflict: null,
    ...more,
  });
  const world = {
    households: makeHouseholds(options.count ?? 20, language),
    members: [
      {
        id: "m1",
        dataset: "members",
        version: 3,
        label: "张有田",
        properties: [
          prop("relation", w.relation, w.head, { editable: false }),
          prop("born", w.born, "1963-05", { type: "string" }),
          prop("health", w.health, w.ill, { by: other, at: NOW - 2 * DAY }),
          prop("work", w.work, w.home),
        ],
      },
      {
        id: "m2",
        dataset: "members",
        version: 2,
        label: "陈秀兰",
        properties: [
          prop("relation", w.relation, w.wife, { editable: false }),
          prop("born", w.born, "1966-11"),
          prop("health", w.health, w.healthy),
          prop("work", w.work, w.home),
        ],
      },
      {
        id: "m3",
        dataset: "members",
        version: 5,
        label: "张志强",
        properties: [
          prop("relation", w.relation, w.son, { editable: false }),
          prop("born", w.born, "1989-02"),
          prop("health", w.health, w.healthy),
          prop("work", w.work, w.away, { pending: true, by: me, at: NOW - HOUR }),
        ],
      },
    ],
    household: (/** @type {any} */ row) => ({
      id: row.id,
      dataset: "households",
      version: 7,
      label: row.name,
      properties: [
        prop("phone", w.phone, "19900001234", {
          type: "string",
          appearance: "numbers",
          conflict: {
            mine: "19900001234",
            other: "19900005678",
            by: other,
            at: NOW - 2 * DAY,
            state: "waiting",
            reason: "",
          },
        }),
        prop("people", w.people, row.people, { type: "integer", pending: true, at: NOW - HOUR }),
        prop("type", w.type, w.poor, { editable: false, by: "", at: 0 }),
        prop("house", w.house, w.grade, {
          type: "select_one",
          value: "B",
          choices: [
            { value: "A", label: "A" },
            { value: "B", label: "B" },
            { value: "C", label: "C" },
            { value: "D", label: "D" },
          ],
          by: other,
          at: NOW - 2 * DAY,
        }),
        prop("income", w.income, "12860", { type: "decimal" }),
        prop("water", w.water, w.safe),
        prop("road", w.road, w.hard),
        prop("card", w.card, "0412", { editable: false }),
      ],
    }),
    visits: [
      {
        id: "v1",
        form: "visit",
        title: w.visit,
        at: NOW - 32 * DAY,
        author: me,
        state: "approved",
        waiting: false,
        mine: true,
        photos: [
          { ref: "/data/house/photo", sha256: "a".repeat(64) },
          { ref: "/data/house/photo", sha256: "b".repeat(64) },
        ],
      },
      {
        id: "v2",
        form: "visit",
        title: w.visit,
        at: NOW - 61 * DAY,
        author: me,
        state: "approved",
        waiting: false,
        mine: true,
        photos: [],
      },
      {
        id: "v3",
        form: "check",
        title: w.check,
        at: NOW - 92 * DAY,
        author: other,
        state: "doubt",
        waiting: false,
        mine: false,
        photos: [],
      },
    ],
    outbox: [
      {
        id: "o1",
        kind: "submission",
        subject: "h0",
        title: w.visit,
        subjectName: "张有田",
        at: NOW - HOUR,
        state: "sending",
        photos: { sent: 1, total: 3, bytesLeft: 412000, percent: 42 },
      },
      {
        id: "o2",
        kind: "submission",
        subject: "h1",
        title: w.visit,
        subjectName: "李秀兰",
        at: NOW - 2 * HOUR,
        state: "waiting",
        photos: { sent: 0, total: 2, bytesLeft: 836000, percent: 0 },
      },
      {
        id: "o3",
        kind: "submission",
        subject: "h2",
        title: w.visit,
        subjectName: "王建国",
        at: NOW - 26 * HOUR,
        state: "attention",
        problem: "",
        photos: { sent: 0, total: 0, bytesLeft: 0, percent: 100 },
      },
      {
        id: "o4",
        kind: "submission",
        subject: "h3",
        title: w.check,
        subjectName: "刘桂芳",
        at: NOW - 27 * HOUR,
        state: "refused",
        problem: w.refusal,
        photos: { sent: 1, total: 1, bytesLeft: 0, percent: 100 },
      },
      {
        id: "o5",
        kind: "submission",
        subject: "h4",
        title: w.visit,
        subjectName: "陈德福",
        at: NOW - 28 * HOUR,
        state: "received",
        receivedAt: NOW - 25 * HOUR,
        photos: { sent: 4, total: 4, bytesLeft: 0, percent: 100 },
      },
      {
        id: "o6",
        kind: "submission",
        subject: "h5",
        title: w.visit,
        subjectName: "杨金花",
        at: NOW - 29 * HOUR,
        state: "received",
        receivedAt: NOW - 25 * HOUR,
        photos: { sent: 1, total: 2, bytesLeft: 190000, percent: 61 },
      },
    ],
    decisions: [
      {
        id: "31",
        kind: "return",
        state: "open",
        at: NOW - 5 * HOUR,
        submission: "v9",
        subject: "h3",
        subjectName: "刘桂芳",
        label: w.visit,
        mine: "",
        other: "",
        value: "",
        reason: "",
        by: "赵主任",
        comment: "住房照片看不清楚，请在正门前重拍。",
        comments: { "/data/house/photo": "太暗，看不到屋顶。", "/data/family/people": "与上月不一致，请核对。" },
        labels: { "/data/house/photo": w.outside, "/data/family/people": w.people },
      },
      {
        id: "32",
        kind: "conflict",
        state: "waiting",
        at: NOW - 2 * DAY,
        subject: "h0",
        subjectName: "张有田",
        label: w.phone,
        mine: "19900001234",
        other: "19900005678",
        by: other,
        value: "",
        reason: "",
      },
      {
        id: "33",
        kind: "conflict",
        state: "decided",
        at: NOW - 4 * DAY,
        subject: "h1",
        subjectName: "李秀兰",
        label: w.people,
        mine: "5",
        other: "4",
        by: other,
        value: "4",
        reason: w.reason,
      },
    ],
    ...options.world,
  };

  /** @type {any} */
  let state = {
    phase: "ready",
    online: true,
    person: { id: "p1", name: me, unit: language === "zh" ? "岩寺镇人民政府" : "Yansi town" },
    practice: false,
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
  const form = options.form || fakeForm(language, options.draft);
  /** @type {any[]} */
  const calls = [];
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
    data: [world, options],
    get: () => state,
    subscribe: (/** @type {any} */ listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    households: async () => (options.never ? new Promise(() => {}) : world.households),
    record: async (/** @type {string} */ id) => {
      const row = world.households.find((one) => one.id === id);
      if (!row) throw Object.assign(new Error("gone"), { code: "household-gone", text: "" });
      return {
        household: world.household(row),
        members: world.members,
        visits: world.visits,
        others: [],
        leaving: Boolean(options.leaving),
        notices: world.decisions.filter((one) => one.subject === id),
        draft: options.withDraft ? { id: "d1", form: "visit", title: w.visit, at: NOW - 40 * 60000 } : undefined,
        forms: [
          { form: "visit", version: "3", title: w.visit },
          { form: "check", version: "1", title: w.check },
        ],
      };
    },
    correct: async (/** @type {string} */ id, /** @type {any} */ values) => {
      note("correct", id, values);
      fail();
    },
    startVisit: async () => "d1",
    openDraft: async (/** @type {string} */ id) => {
      if (id !== "d1") throw Object.assign(new Error("gone"), { code: "draft-gone", text: "" });
      return {
        id,
        form,
        definition: null,
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
    saveDraft: async () => {
      note("saveDraft");
      fail();
      return NOW;
    },
    addPhoto: async (/** @type {string} */ _id, /** @type {string} */ ref) => {
      note("addPhoto", ref);
      fail();
      const value = {
        sha256: "f".repeat(64),
        bytes: 214000,
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
  };
}
