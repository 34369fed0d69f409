/**
 * 定位: taken when asked, told as it is, never in the way. It goes on improving while it is looked at, and says how far
 * and in which direction the place known so far lies, so that nobody needs a map to see that this is the wrong house.
 */

import { html, typed, useEffect, useRef, useState, useWorld } from "../ui/hooks.js";
import { Icon, Trouble, announce, useTask } from "../ui/parts.js";
import { metresTo } from "../ui/screens/households.js";
import { distance, place, t as common, wordsOf } from "../ui/words.js";

/** @typedef {import("../ui/widgets/answer.js").Props} Props */
/** @typedef {import("../core/types.js").PositionUpdate} Update */

/** The words of this control, which travel with it. */
export const words = {
  zh: {
    get: "取定位",
    again: "重新定位",
    stop: "停止",
    enough: "够准了",
    waiting: "正在定位…",
    narrowing: "正在定位，精度 {distance}，越等越准。",
    better: "还在定位，越等越准。",
    fresh: "手机定位，取的就是当时的位置",
    aged: "手机定位，取时已是 {n} 秒前的位置",
    indoors: "屋里不容易定准。可以到门口或院子里等一会儿，也可以先往下填。",
    nosignal: "这里没有定位信号。请照常填写，到户外再试。",
    denied: "手机没有允许定位。可在系统设置里打开；不定位也能完成。",
    unavailable: "这部手机不能定位。请照常填写。",
    here: "与原来的位置相距 {distance}，在误差之内。",
    away: "原来的位置在{direction}方向，相距 {distance}。",
    directions: "北 东北 东 东南 南 西南 西 西北",
    why: "为什么移动，例如：原来标在村部",
  },
  en: {
    get: "Take position",
    again: "Take it again",
    stop: "Stop",
    enough: "Good enough",
    waiting: "Looking for the position…",
    narrowing: "Accuracy {distance} so far. Waiting makes it better.",
    better: "Still looking: waiting makes it better.",
    fresh: "By the phone, as it was at that moment",
    aged: "By the phone, as it was {n} seconds before",
    indoors: "It is hard to tell indoors. Wait a moment at the door or in the yard, or carry on.",
    nosignal: "No position here. Carry on, and try again outside.",
    denied: "The phone did not allow it. Switch it on in the settings; you can finish without it.",
    unavailable: "This phone has no position. Carry on.",
    here: "{distance} from the place known so far, which is within the accuracy.",
    away: "The place known so far is {distance} to the {direction}.",
    directions: "north north-east east south-east south south-west west north-west",
    why: "Why it moves, such as: it was set at the village office",
  },
};
const t = wordsOf(words);

/** Better than this nobody needs, and a receiver left on empties the battery. */
const SHARP_METRES = 8;
/** Poorer than this the reader probably stands under a roof. */
const ROOF_METRES = 50;

const accuracyOf = (/** @type {string|null|undefined} */ value) => Number(value?.split(" ")[3]) || 0;

/**
 * Degrees clockwise from north, as seen from one place towards another.
 * @param {string} from "lat lon …"
 * @param {string} to
 * @returns {number} from 0 up to 360
 */
export function bearing(from, to) {
  const [north1, east1, north2, east2] = [from, to].flatMap((text) => text.split(" ").slice(0, 2).map(Number));
  const east = (east2 - east1) * Math.cos((((north1 + north2) / 2) * Math.PI) / 180);
  return ((Math.atan2(east, north2 - north1) * 180) / Math.PI + 360) % 360;
}

/** The wind that a place lies in, in words. @param {string} from @param {string} to */
export const wind = (from, to) => t("directions").split(" ")[Math.round(bearing(from, to) / 45) % 8];

/** Whether two places may be one, for all that the phones know. @param {string} from @param {string} to */
export const within = (from, to) => metresTo(from, to) <= Math.max(accuracyOf(from), accuracyOf(to));

/**
 * How a fix was come by. A browser tells when it was made, and not whether from satellites, masts or Wi-Fi.
 * @param {Update} fix
 */
export const factsOf = ({ at }) => ({ age: Math.max(0, Math.round((Date.now() - (at || 0)) / 1000)), source: "device" });

/** Where the place known so far lies from here. @param {{ from: string, to: string }} props */
function Compass({ from, to }) {
  const metres = metresTo(from, to);
  const degrees = bearing(from, to);
  const near = within(from, to);
  return html`<div class="compass">
    <svg viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      <circle cx="24" cy="24" r="21" /><path d="M24 3v5M45 24h-5M24 45v-5M3 24h5" />
      ${near
        ? html`<circle class="spot" cx="24" cy="24" r="5" />`
        : html`<path class="needle" d="m24 9 7 26-7-5-7 5Z" transform=${`rotate(${Math.round(degrees)} 24 24)`} />`}
    </svg>
    <p>${t(near ? "here" : "away", { distance: distance(metres), direction: wind(from, to) })}</p>
  </div>`;
}

/** @param {Props & { onFix?: (facts: import("../core/types.js").Fix|undefined) => void }} props */
export function Widget({ item, draft = "", onChange, onFix }) {
  const { app } = useWorld();
  const [facts, setFacts] = useState(/** @type {import("../core/types.js").Fix|undefined} */ (undefined));
  const [update, setUpdate] = useState(/** @type {Update|null} */ (null));
  const stop = useRef(/** @type {null|(() => void)} */ (null));
  const best = useRef(Infinity);
  // What was known before this visit's own answer: the home as the record has it, or what the last visit said.
  const [known] = useState(() => item.target || item.previous || (item.prefilled ? item.value : null));
  const halt = () => {
    stop.current?.();
    stop.current = null;
  };
  useEffect(() => halt, []);
  useEffect(() => {
    if (!draft) return;
    setFacts(undefined);
    if (item.value) void app.fix(draft, item.value).then(setFacts, () => {});
  }, [item.value]);
  const start = () => {
    halt();
    best.current = Infinity;
    setUpdate({ state: "waiting" });
    stop.current = app.position((next) => {
      setUpdate(next);
      const accuracy = next.value ? (next.accuracy ?? accuracyOf(next.value)) : Infinity;
      if (accuracy < best.current) {
        best.current = accuracy;
        const told = (/** @type {import("../core/types.js").Fix|undefined} */ kept) => {
          setFacts(kept);
          onFix?.(kept);
        };
        if (next.value) void app.fix(draft, next.value, factsOf(next)).then(told, () => {});
        onChange(next.value);
      }
      // A fix in hand keeps improving; without one there is nothing to wait for.
      if (next.state !== "waiting" && (!next.value || accuracy <= SHARP_METRES)) halt();
    });
  };
  const end = () => {
    halt();
    setUpdate(null);
  };
  const state = update?.state;
  const accuracy = update?.accuracy || 0;
  const looking = state === "waiting" || (state === "fixed" && accuracy > SHARP_METRES);
  return html`<div class="place">
    ${item.value && html`<p class="fixed"><${Icon} name="check" />${place(item.value)}</p>`}
    ${item.value && facts && html`<p class="soft">${t(facts.age ? "aged" : "fresh", { n: facts.age })}</p>`}
    ${item.value && known && known !== item.value && html`<${Compass} from=${item.value} to=${known} />`}
    ${looking &&
    html`<p role="status"><i class="spinner" />
      ${state === "fixed" ? t("better") : accuracy ? t("narrowing", { distance: distance(accuracy) }) : t("waiting")}
    </p>`}
    ${looking && accuracy > ROOF_METRES && html`<p class="soft">${t("indoors")}</p>`}
    ${(state === "nosignal" || state === "denied" || state === "unavailable") && html`<p role="status">${t(state)}</p>`}
    <div class="pair">
      ${looking
        ? html`<button onClick=${end}>${t(item.value ? "enough" : "stop")}</button>`
        : html`<button onClick=${start}><${Icon} name="place" />${t(item.value || update ? "again" : "get")}</button>`}
      ${item.value && !looking && html`<button onClick=${() => onChange(null)}>${common("clear")}</button>`}
    </div>
  </div>`;
}

/**
 * 更正定位 on the record: the first point of a house is taken; one that is there already is moved, for a reason that the
 * office reads beside both.
 * @param {{ entity: string, property: import("../core/types.js").PropertyView, onDone: () => void }} props
 */
export function Pin({ entity, property, onDone }) {
  const { app } = useWorld();
  const [value, setValue] = useState(/** @type {string|null} */ (null));
  const [reason, setReason] = useState("");
  const facts = useRef(/** @type {import("../core/types.js").Fix|undefined} */ (undefined));
  const { busy, problem, run } = useTask();
  const [before] = useState(property.value);
  const save = () =>
    run(async () => {
      const fixes = value && facts.current ? { [value]: facts.current } : undefined;
      await app.correct(entity, { [property.name]: value }, reason.trim(), fixes, { [property.name]: before });
      announce(common("corrected"));
      onDone();
    });
  return html`<div class="correction">
    <${Widget} item=${{ ref: property.name, value, target: before }} onChange=${setValue} onFix=${(/** @type {any} */ told) => (facts.current = told)} />
    ${before && value && html`<label class="field">${t("why")}<input value=${reason} onInput=${typed(setReason)} /></label>`}
    <${Trouble} problem=${problem} />
    <div class="pair">
      <button onClick=${onDone}>${common("cancel")}</button>
      <button class="primary" disabled=${busy || !value || (before && !reason.trim())} onClick=${save}>${common("save")}</button>
    </div>
  </div>`;
}
