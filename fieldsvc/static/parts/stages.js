/** The stages a record goes through, as a bar: what is done, where it is, what lies ahead. */

import { html } from "../ui/hooks.js";
import { wordsOf } from "../ui/words.js";

/** @typedef {import("../core/types.js").EntityView} Entity */

/** The words of this bar, which travel with it. */
export const words = {
  zh: { done: "已完成", now: "当前", passed: "未办", ahead: "未到" },
  en: { done: "done", now: "now", passed: "passed over", ahead: "to come" },
};
const t = wordsOf(words);

/**
 * The bar from the record alone, so that it is true without a signal too, and shows what waits to be sent.
 * @param {Entity} entity
 * @param {NonNullable<Entity["steps"]>} process
 */
export function stepsOf({ properties }, { stage, stages }) {
  const find = (/** @type {string|undefined} */ name) => properties.find((property) => property.name === name);
  const now = find(stage)?.value;
  const line = stages.filter((one) => !one.side);
  const days = line.map(({ date }) => (date && find(date)?.display) || "");
  const at = line.findIndex(({ code }) => code === now);
  // Beside the line (sent back) the bar keeps what was reached.
  const place = at < 0 ? days.reduce((last, day, index) => (day ? index : last), -1) : at;
  return line.map(({ code, label, date }, index) => ({
    code, label, day: days[index],
    state: index > place ? "ahead" : index === at ? "now" : days[index] || !date ? "done" : "passed",
  }));
}

/** A label in the language now spoken. @param {{ zh?: string, en?: string }} label */
const say = ({ zh = "", en = "" }) => wordsOf({ zh: { it: zh }, en: { it: en || zh } })("it");

/** @param {{ entity: Entity }} props */
export function Widget({ entity }) {
  const process = entity.steps;
  if (!process) return null;
  const now = entity.properties.find((property) => property.name === process.stage)?.value;
  const beside = process.stages.find(({ code, side }) => side && code === now);
  return html`<div class="stages">
    ${beside && html`<p class="tag attention">${say(beside.label)}</p>`}
    <ol>
      ${stepsOf(entity, process).map(({ code, label, day, state }) =>
        html`<li key=${code} class=${state} aria-current=${state === "now" ? "step" : null}>
          <i /><span>${say(label)}<span class="unseen">${t(/** @type {any} */ (state))}</span></span><small>${day}</small>
        </li>`)}
    </ol>
  </div>`;
}
