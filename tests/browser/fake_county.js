/** Invented households, visits and differences of one cadre: what a phone in the county would have stored. */

import { records, recordsOf } from "./fake_records.js";

const SURNAMES = "张李王刘陈杨赵黄周吴徐孙胡朱高林何郭马罗";
const GIVEN = "有田 秀兰 建国 桂芳 德福 金花 志强 玉梅 长根 春生 小凤 永贵 水生 凤英 来福".split(" ");
const HAMLETS = ["上湾组", "下湾组", "石桥组", "竹园组", "大塘组", "山背组"];
const TYPES = {
  zh: ["脱贫户", "监测户", "低保户", "五保户", "一般户"],
  en: ["out of poverty", "watched", "low income", "five guarantees", "ordinary"],
};
export const NOW = Date.UTC(2026, 10, 22, 6, 5);
export const DAY = 86400000;
export const HOUR = 3600000;

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

export const words = {
  zh: {
    ...records.zh,
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
    ...records.en,
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

export const ME = "王晓红";

/**
 * Everything stored on the fake phone.
 * @param {"zh"|"en"} language
 * @param {number} count how many households
 * @param {Record<string, any>} more what takes the place of a part of it
 */
export function county(language, count, more) {
  const w = words[language];
  const me = ME;
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
  return {
    households: makeHouseholds(count, language),
    members: [
      {
        id: "m1",
        dataset: "members",
        version: 3,
        label: "张有田",
        properties: [
          prop("relation", w.relation, w.head, { editable: false }),
          prop("born", w.born, "1963-05", { type: "string", masked: true }),
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
    others: recordsOf(w, prop),
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
      {
        id: "o7",
        kind: "feedback",
        subject: "",
        title: w.refusal,
        subjectName: "",
        at: NOW - 30 * HOUR,
        state: "waiting",
        photos: { sent: 0, total: 0, bytesLeft: 0, percent: 100 },
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
      {
        id: "34",
        kind: "answer",
        state: "decided",
        at: NOW - 3 * DAY,
        subject: "",
        subjectName: "",
        label: w.refusal,
        mine: "",
        other: "",
        by: other,
        value: "",
        reason: w.reason,
      },
    ],
    ...more,
  };
}
