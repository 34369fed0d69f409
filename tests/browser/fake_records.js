/** What else is held of an invented household: a housing case and two problems, and what they are called. */

export const records = {
  zh: {
    household: "农户",
    housing: "危房改造",
    problems: "问题",
    inspect: "现场检查",
    accept: "竣工验收",
    rectify: "问题整改",
    aCase: "2026 年原址新建",
    aProblem: "卫生间没有下水",
    anotherProblem: "医保没有缴",
    building: "施工中",
    open: "整改中",
    closed: "已销号",
    way: "改造方式",
    rebuild: "原址新建",
    mason: "工匠",
    due: "整改期限",
  },
  en: {
    household: "Household",
    housing: "Housing",
    problems: "Problems",
    inspect: "Site inspection",
    accept: "Acceptance",
    rectify: "Rectification",
    aCase: "Rebuilt on the spot, 2026",
    aProblem: "The bathroom has no drain",
    anotherProblem: "Medical insurance unpaid",
    building: "under construction",
    open: "being mended",
    closed: "closed",
    way: "Way",
    rebuild: "Rebuilt on the spot",
    mason: "Mason",
    due: "Due",
  },
};

/** The stages of the housing case, as a dataset tells them. */
const steps = {
  label: { zh: "危房改造", en: "Housing renovation" },
  stage: "stage",
  stages: [
    { code: "applied", label: { zh: "申请", en: "Applied" }, date: "applied_on" },
    { code: "noticed", label: { zh: "公示", en: "Public notice" }, date: "noticed_on" },
    { code: "reviewed", label: { zh: "审核", en: "Reviewed" }, date: "reviewed_on" },
    { code: "approved", label: { zh: "审批", en: "Approved" }, date: "approved_on" },
    { code: "building", label: { zh: "施工", en: "Under construction" }, date: "building_on" },
    { code: "accepted", label: { zh: "验收", en: "Accepted" }, date: "accepted_on" },
    { code: "returned", label: { zh: "退回", en: "Sent back" }, side: true },
  ],
};

/**
 * @param {Record<string, string>} w
 * @param {(name: string, title: string, value: string, more?: any) => any} prop
 */
export const recordsOf = (w, prop) => [
  {
    id: "c1",
    dataset: "housing_cases",
    kind: w.housing,
    version: 4,
    label: w.aCase,
    state: w.building,
    steps,
    properties: [
      prop("stage", w.housing, "building", { display: w.building }),
      prop("applied_on", w.way, "2026-09-01", { display: "9月1日" }),
      prop("noticed_on", w.way, "2026-09-20", { display: "9月20日" }),
      prop("approved_on", w.way, "2026-10-12", { display: "10月12日" }),
      prop("building_on", w.way, "2026-11-02", { display: "11月2日" }),
      prop("way", w.way, w.rebuild),
      prop("mason", w.mason, "王师傅", { by: "李梅", at: Date.UTC(2026, 10, 21, 6, 5) }),
    ],
  },
  {
    id: "p1",
    dataset: "problems",
    kind: w.problems,
    version: 1,
    label: w.aProblem,
    state: w.open,
    properties: [prop("due", w.due, "2026-12-05")],
  },
  {
    id: "p2",
    dataset: "problems",
    kind: w.problems,
    version: 2,
    label: w.anotherProblem,
    state: w.closed,
    properties: [prop("due", w.due, "2026-10-31")],
  },
];
