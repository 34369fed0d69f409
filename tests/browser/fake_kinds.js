/** A form with one question for every part on demand, for `fakeForm`: what few forms have, all in one. */

const label = (zh, en) => ({ zh, en });
const question = (ref, part, type, zh, en, more = {}) => ({ ref, part, type, label: label(zh, en), ...more });

const SCALE = [
  ["5", label("很满意", "Very content")],
  ["4", label("基本满意", "Content")],
  ["3", label("一般", "So so")],
  ["2", label("不太满意", "Not really")],
  ["1", label("不满意", "Not at all")],
];
const ROOFS = [
  ["tile", label("瓦", "Tile")],
  ["thatch", label("草", "Thatch")],
  ["flat", label("平顶", "Flat")],
];
const NEEDS = [
  ["road", label("修路", "A road")],
  ["water", label("饮水", "Water")],
  ["house", label("危房改造", "A safer house")],
];
const SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许";
const GIVEN = "安邦昌德恩福贵辉建军康林明宁平勤荣顺文兴";

/** Two thousand villages: twenty surnames, twenty given names, five places each. */
const VILLAGES = Array.from({ length: 2000 }, (_, n) => {
  const [a, b, c] = [n % 20, Math.floor(n / 20) % 20, Math.floor(n / 400)];
  return [`v${n}`, label(`${SURNAMES[a]}${GIVEN[b]}${"东西南北中"[c]}村`, `Village ${n}`)];
});

const HOSTILE = "**住房** <img src=x onerror=alert(1)> <script>alert(1)</script> [点这里](javascript:alert(1))";

/** @type {any[]} */
export const KINDS = [
  {
    ref: "/data/numbers",
    title: label("数和日期", "Numbers and days"),
    children: [
      question("/data/numbers/score", "range", "int", "打几分", "How many points?", {
        parameters: { start: "0", end: "10", step: "1" },
      }),
      question("/data/numbers/width", "range", "decimal", "裂缝宽度（毫米）", "Width of the crack (mm)", {
        parameters: { start: "0", end: "5", step: "0.5" },
        value: "1.5",
      }),
      question("/data/numbers/cost", "money", "decimal", "造价（元）", "Cost (yuan)", { value: "1234567.5" }),
      question("/data/numbers/id", "masked", "string", "身份证号", "Identity number", { value: "990111195001011234" }),
      question("/data/numbers/built", "dates", "date", "建成年份", "Year it was built", { appearance: "year" }),
      question("/data/numbers/moved", "dates", "date", "搬进来的月份", "Month they moved in", {
        appearance: "month-year",
        value: "2019-03-01",
      }),
      question("/data/numbers/at", "dates", "dateTime", "最近一次停电", "Last time without power", {
        value: "2026-11-20T10:30:00.000Z",
      }),
    ],
  },
  {
    ref: "/data/choices",
    title: label("选择", "Choices"),
    children: [
      question("/data/choices/content", "likert", "select_one", "满意度", "Contentment", { choices: SCALE }),
      question("/data/choices/order", "rank", "rank", "最急的放前面", "The most urgent first", { choices: NEEDS }),
      question("/data/choices/roof", undefined, "select_one", "屋顶", "Roof", { choices: ROOFS, appearance: "columns-2" }),
      question("/data/choices/village", undefined, "select_one", "哪个村", "Which village?", { choices: VILLAGES }),
    ],
  },
  {
    ref: "/data/files",
    title: label("文件", "Files"),
    children: [
      question("/data/files/report", "file", "file", "鉴定报告", "Report", { parameters: { "max-mb": "1" } }),
      question("/data/files/voice", "file", "audio", "户主说的话", "What the head said"),
      question("/data/files/meter", "barcode", "barcode", "水表编号", "Number of the meter"),
    ],
  },
  {
    ref: "/data/text",
    title: label("说明", "Explained"),
    children: [
      {
        ref: "/data/text/about",
        kind: "note",
        type: "note",
        label: label(
          "# 先看房\n看清**承重墙**再问：\n- 有没有*裂缝*\n- 漏不漏雨\n1. 拍正面\n2. 拍裂缝\n见**办法**",
          "# The house first\nLook at the **bearing walls**, then ask:\n- any *cracks*\n- does it leak\n1. the front\n2. the crack\nSee **the rules**",
        ),
      },
    ],
  },
  {
    ref: "/data/hostile",
    title: label("别人写的", "Of others"),
    children: [
      question("/data/hostile/text", undefined, "string", HOSTILE, HOSTILE, {
        hint: label("长*宽*高，写 a_b_c", "length*width*height, write a_b_c"),
      }),
    ],
  },
  {
    ref: "/data/plot",
    title: label("地块", "A plot"),
    children: [
      question("/data/plot/roof", undefined, "select_one", "屋顶", "The roof", {
        image: "0".repeat(64),
        choices: [
          ["tile", label("瓦屋面", "Tiles"), "1".repeat(64)],
          ["thatch", label("草顶或油毡，雨天会漏", "Thatch or felt, leaks in the rain"), "2".repeat(64)],
        ],
      }),
      question("/data/plot/field", "trace", "geoshape", "耕地的四至", "The edges of the field", {
        value: "29.87 118.33 0 4;29.8709 118.33 0 5;29.8709 118.331 0 4;29.87 118.331 0 4;29.87 118.33 0 4",
      }),
      question("/data/plot/road", "trace", "geotrace", "入户路", "The road to the house"),
    ],
  },
  {
    ref: "/data/marks",
    title: label("画和标注", "Drawn"),
    children: [
      question("/data/marks/plan", "sketch", "image", "房屋平面草图", "Plan of the house", { appearance: "draw" }),
      question("/data/marks/cracks", "sketch", "image", "在照片上标出裂缝", "Mark the cracks", {
        appearance: "annotate",
        parameters: { over: "wall" },
      }),
    ],
  },
];
