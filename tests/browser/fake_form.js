/**
 * A form with every kind of question on it, behaving like core/form.js as far as a screen can tell: pages of items, set,
 * touch, repeats, reasons, violations. It knows no rules beyond "required" and the few that the screens must show.
 */

const label = (zh, en) => ({ zh, en });

const YES_NO = [
  ["yes", label("是", "Yes")],
  ["no", label("否", "No")],
];
const MET = [
  ["head", label("户主", "Head")],
  ["member", label("家庭成员", "Family member")],
  ["neighbour", label("邻居代述", "Neighbour")],
  ["nobody", label("家中无人", "Nobody home")],
];
const CHANGES = [
  ["people", label("人口", "People")],
  ["work", label("就业", "Work")],
  ["income", label("收入", "Income")],
  ["school", label("就学", "School")],
  ["illness", label("患病", "Illness")],
  ["house", label("住房", "House")],
  ["water", label("饮水", "Water")],
  ["none", label("无变化", "No change")],
];
const GRADES = [
  ["A", label("A 级：结构安全", "A: structure is safe")],
  ["B", label("B 级：个别构件有危险点，结构基本安全", "B: a few weak members, structure mostly safe")],
  ["C", label("C 级：部分承重结构不能满足安全使用要求", "C: part of the load-bearing structure is unsafe")],
  ["D", label("D 级：整幢危房", "D: the whole building is unsafe")],
];
const ETHNIC = [
  ["01", label("汉族", "Han")],
  ["02", label("蒙古族", "Mongol")],
  ["03", label("回族", "Hui")],
  ["04", label("藏族", "Tibetan")],
  ["05", label("维吾尔族", "Uyghur")],
  ["06", label("苗族", "Miao")],
  ["07", label("彝族", "Yi")],
  ["08", label("壮族", "Zhuang")],
  ["09", label("布依族", "Buyei")],
  ["10", label("朝鲜族", "Korean")],
  ["11", label("满族", "Manchu")],
  ["12", label("侗族", "Dong")],
  ["13", label("瑶族", "Yao")],
  ["14", label("白族", "Bai")],
  ["15", label("土家族", "Tujia")],
  ["16", label("哈尼族", "Hani")],
];

/** @type {any[]} */
const PAGES = [
  {
    ref: "/data/visit",
    title: label("走访情况", "The visit"),
    children: [
      {
        ref: "/data/visit/about",
        kind: "note",
        type: "note",
        label: label(
          "先问好，说明来意。填写的内容只用于帮扶工作。",
          "Greet the family and say why you came. What you write is used for the help only.",
        ),
      },
      {
        ref: "/data/visit/met",
        type: "select_one",
        label: label("见到谁", "Who did you meet?"),
        choices: MET,
        required: true,
      },
      {
        ref: "/data/visit/changes",
        type: "select_multiple",
        label: label("本月家庭变化", "Changes this month"),
        choices: CHANGES,
        required: true,
      },
      {
        ref: "/data/visit/date",
        type: "date",
        label: label("到户日期", "Date of the visit"),
        value: "2026-11-22",
        prefilled: true,
      },
      { ref: "/data/visit/time", type: "time", label: label("到户时间", "Time of the visit") },
    ],
  },
  {
    ref: "/data/family",
    title: label("家庭信息", "Family"),
    children: [
      {
        ref: "/data/family/phone",
        type: "string",
        appearance: "numbers",
        label: label("联系电话", "Phone"),
        value: "19900001234",
        prefilled: true,
      },
      {
        ref: "/data/family/people",
        type: "integer",
        appearance: "counter",
        part: "counter",
        label: label("常住人口", "People living here"),
        hint: label("连续住满六个月的人", "Those who lived here for six months"),
        value: "3",
        previous: "4",
      },
      {
        ref: "/data/family/income",
        type: "decimal",
        label: label("本月收入（元）", "Income this month (yuan)"),
        value: "86000",
        warnings: label("比上个月多了十倍，请核对。", "Ten times last month. Please check."),
      },
      {
        ref: "/data/family/ethnic",
        type: "select_one",
        label: label("民族", "Ethnic group"),
        choices: ETHNIC,
        value: "01",
        prefilled: true,
      },
      {
        ref: "/data/family/water",
        type: "select_one",
        label: label("饮水是否安全", "Is the water safe?"),
        choices: YES_NO,
        value: "yes",
        prefilled: true,
      },
    ],
  },
  {
    ref: "/data/house",
    title: label("住房", "House"),
    children: [
      {
        ref: "/data/house/grade",
        type: "select_one",
        label: label("住房鉴定等级", "House grade"),
        choices: GRADES,
        hint: label("以鉴定报告为准", "As in the assessment report"),
      },
      { ref: "/data/house/place", type: "geopoint", part: "position", label: label("房屋位置", "Where the house stands") },
      {
        ref: "/data/house/photo",
        type: "image",
        label: label("住房外观", "House from outside"),
        hint: label("站在正门前，拍到整栋房子", "Stand in front of the door and get the whole house"),
      },
      {
        ref: "/data/house/number",
        type: "string",
        label: label("户号", "Household number"),
        readonly: true,
        value: "0412",
      },
    ],
  },
  {
    ref: "/data/needs",
    title: label("群众诉求", "Requests"),
    children: [
      {
        ref: "/data/needs/list",
        kind: "repeat",
        type: "repeat",
        label: label("诉求", "Request"),
        template: [
          {
            name: "text",
            type: "string",
            appearance: "multiline",
            label: label("诉求内容", "What is asked for"),
            required: true,
          },
          { name: "urgent", type: "select_one", label: label("是否紧急", "Urgent?"), choices: YES_NO },
        ],
      },
      {
        ref: "/data/needs/help",
        kind: "group",
        type: "group",
        label: label("本次帮扶", "Help given"),
        children: [
          { ref: "/data/needs/help/text", type: "string", label: label("做了什么", "What was done") },
          { ref: "/data/needs/help/amount", type: "decimal", label: label("金额（元）", "Amount (yuan)"), value: "300", previous: "200" },
        ],
      },
    ],
  },
  {
    ref: "/data/log",
    title: label("帮扶日志", "Log"),
    children: [
      {
        ref: "/data/log/text",
        type: "string",
        appearance: "multiline",
        label: label("帮扶日志", "Log"),
        required: true,
      },
      { ref: "/data/log/next", type: "date", label: label("下次走访", "Next visit") },
    ],
  },
  {
    ref: "/data/sign",
    title: label("签字", "Signature"),
    children: [
      {
        ref: "/data/sign/agree",
        type: "trigger",
        label: label("已把填写的内容念给户主听", "I read the answers to the head of the household"),
        guidance: label("用当地话念，念到听懂为止", "In the dialect spoken here, until it is understood"),
      },
      { ref: "/data/sign/name", type: "signature", part: "signature", label: label("户主签字", "Signature of the head") },
    ],
  },
];

/** The parts that the questions name, as a compiled form would. */
export const USES = ["counter", "position", "signature"];
/** Those that `fake_kinds.js` needs besides. */
export const MORE_USES = ["barcode", "dates", "file", "likert", "markdown", "masked", "money", "pictures", "range", "rank", "recorder", "sketch", "trace"];

const MESSAGES = { required: label("还没有填写。", "Not filled in yet.") };

/**
 * @param {string} language
 * @param {Record<string, any>} [start]
 * @param {string} [target] the home as the record has it
 * @param {any[]} [pages]
 */
export function fakeForm(language, start = {}, target = undefined, pages = PAGES) {
  /** @type {Record<string, any>} */
  const values = { ...start };
  const touched = new Set();
  /** @type {(number|string)[]} */
  const confirmed = [];
  /** @type {Record<string, string>} */
  const reasons = {};
  /** @type {Record<string, number[]>} */
  const repeats = { "/data/needs/list": start["/data/needs/list"] || [1] };
  const say = (/** @type {any} */ text) => (text && typeof text === "object" ? text[language] : text || "");

  /** @param {any} node @param {string} [ref] @returns {any} */
  function item(node, ref = node.ref) {
    const value = ref in values ? values[ref] : (node.value ?? null);
    const blank = value === null || value === "";
    const kind = node.kind || "question";
    const made = {
      ref,
      kind,
      type: node.type,
      label: say(node.label),
      hint: say(node.hint),
      guidance: say(node.guidance),
      value,
      required: Boolean(node.required),
      readonly: Boolean(node.readonly),
      appearance: node.appearance || "",
      part: node.part,
      target: node.type === "geopoint" ? target : undefined,
      image: node.image,
      choices: node.choices?.map((/** @type {any} */ [code, text, image]) => ({ value: code, label: say(text), image })),
      error: node.required && blank && touched.has(ref) ? say(MESSAGES.required) : null,
      warnings:
        node.warnings && !(ref in values)
          ? [{ message: say(node.warnings), reasonRequired: true, reason: reasons[ref] || "" }]
          : [],
      prefilled: Boolean(node.prefilled) && !(ref in values),
      previous: node.previous,
      parameters: node.parameters || {},
    };
    if (kind === "group") return { ...made, children: node.children.map((/** @type {any} */ child) => item(child)) };
    if (kind === "repeat") {
      const rows = repeats[ref].map((id) => ({
        ref: `${ref}[${id}]`,
        kind: "group",
        type: "group",
        label: "",
        canRemove: true,
        warnings: [],
        error: null,
        prefilled: false,
        children: node.template.map((/** @type {any} */ part) => item(part, `${ref}[${id}]/${part.name}`)),
      }));
      return { ...made, children: rows, canAdd: true };
    }
    return made;
  }

  const leaves = (/** @type {any[]} */ items) =>
    /** @type {any[]} */ (items.flatMap((one) => (one.children ? leaves(one.children) : [one])));

  return {
    pages: () => pages.map((page, index) => ({ ref: page.ref, title: say(page.title), index })),
    page: (/** @type {number} */ index) => pages[index].children.map((/** @type {any} */ node) => item(node)),
    set: (/** @type {string} */ ref, /** @type {any} */ value) => {
      values[ref] = value;
    },
    touch: (/** @type {string} */ ref) => {
      touched.add(ref);
    },
    addRepeat: (/** @type {string} */ ref) => {
      repeats[ref].push(Math.max(0, ...repeats[ref]) + 1);
    },
    removeRepeat: (/** @type {string} */ ref) => {
      const [, list, id] = /** @type {RegExpMatchArray} */ (ref.match(/^(.*)\[(\d+)\]$/));
      repeats[list] = repeats[list].filter((one) => one !== Number(id));
    },
    setReason: (/** @type {string} */ ref, /** @type {string} */ text) => {
      reasons[ref] = text;
    },
    confirm: (/** @type {number|string} */ at) => {
      confirmed.push(at);
      for (const one of typeof at === "string" ? [] : leaves(pages[at].children.map((/** @type {any} */ node) => item(node))))
        values[one.ref] = one.value;
    },
    violations: () =>
      pages.flatMap((page, index) =>
        leaves(page.children.map((/** @type {any} */ node) => item(node))).flatMap((one) => {
          const found = [];
          if (one.required && (one.value === null || one.value === ""))
            found.push({
              ref: one.ref,
              page: index,
              level: "hard",
              kind: "required",
              message: say(MESSAGES.required),
              label: one.label,
              needsReason: false,
            });
          for (const warning of one.warnings)
            found.push({
              ref: one.ref,
              page: index,
              level: "soft",
              kind: "soft",
              message: warning.message,
              label: one.label,
              needsReason: warning.reasonRequired && !warning.reason,
            });
          return found;
        }),
      ),
    answers: () => values,
    confirmed: () => confirmed,
    reasons: () => reasons,
    draft: () => ({ values }),
    changes: () => [],
  };
}
