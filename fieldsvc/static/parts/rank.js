/** 排序: the choices in an order, moved by one place at a time. Nothing is answered before somebody moved or agreed. */

import { Marked, plain } from "../ui/demand.js";
import { html } from "../ui/hooks.js";
import { Icon } from "../ui/parts.js";
import { t as common, wordsOf } from "../ui/words.js";

/** @typedef {import("../ui/widgets/answer.js").Props} Props */
/** @typedef {{ value: string, label: string }} Choice */

/** The words of this control, which travel with it. */
export const words = {
  zh: { up: "{name}，往前", down: "{name}，往后", agree: "就按这个顺序", unsaid: "还没有排序。移动一项，或确认现在的顺序。" },
  en: { up: "{name}: earlier", down: "{name}: later", agree: "This order is right", unsaid: "Not ranked yet: move one, or confirm the order as it is." },
};
const t = wordsOf(words);

/**
 * The choices in the order of the answer; what it does not name comes last.
 * @param {Choice[]} choices
 * @param {string|null|undefined} value
 */
export function ranked(choices, value) {
  const order = String(value ?? "").split(" ");
  const place = (/** @type {Choice} */ choice) => (order.indexOf(choice.value) + 1 || choices.length + 1);
  return choices.slice().sort((one, other) => place(one) - place(other));
}

/** @param {Props} props */
export function Widget({ item, onChange, onLeave }) {
  const rows = ranked(item.choices || [], item.value);
  const codes = rows.map((row) => row.value);
  const say = (/** @type {string[]} */ order) => {
    onChange(order.join(" "));
    onLeave?.();
  };
  const move = (/** @type {number} */ from, /** @type {number} */ by) => {
    const order = codes.slice();
    order.splice(from + by, 0, ...order.splice(from, 1));
    say(order);
  };
  const button = (/** @type {"up"|"down"} */ way, /** @type {string} */ name, /** @type {number} */ at, /** @type {number} */ by) =>
    html`<button class=${way} aria-label=${t(way, { name })} disabled=${!codes[at + by]} onClick=${() => move(at, by)}>
      <${Icon} name="down" />
    </button>`;
  return html`<div class="rank">
    ${!item.value && html`<p class="soft">${t("unsaid")}</p>`}
    <ol>
      ${rows.map(({ value, label }, at) =>
        html`<li key=${value}><b>${item.value ? at + 1 : ""}</b><span><${Marked} text=${label} /></span>${button("up", plain(label), at, -1)}${button("down", plain(label), at, 1)}</li>`)}
    </ol>
    <div class="pair">
      ${item.value
        ? html`<button onClick=${() => onChange(null)}>${common("clear")}</button>`
        : html`<button onClick=${() => say(codes)}>${t("agree")}</button>`}
    </div>
  </div>`;
}
