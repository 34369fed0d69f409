/**
 * 待定与退回: two values for one line and who decides; visits that came back, with the office's words at each question.
 * Every phone keeps it, and most months nobody opens it.
 */

import { follow } from "../ui/frame.js";
import { html, useData, useWorld } from "../ui/hooks.js";
import { DIFFERENCE, Empty, HOUSEHOLD, Heading, Loading, OUTBOX, Tag, Trouble, useTask } from "../ui/parts.js";
import { go, useScrollPlace } from "../ui/route.js";
import { since, t, wordsOf } from "../ui/words.js";

/** @typedef {import("../core/types.js").DecisionView} DecisionView */

/** The words of this screen, which travel with it. */
export const words = {
  zh: {
    none: "没有待定，也没有退回。",
    amend: "修改后重交",
    done: "已处理",
    answered: "已答复",
    mine: "你填的",
    other: "{by}填的",
    wait: "等待审定。两个值都留着。",
    result: "已定为 {value}",
    because: "因为：{reason}",
  },
  en: {
    none: "Nothing undecided, nothing returned.",
    amend: "Correct and send again",
    done: "Settled",
    answered: "Answered",
    mine: "You wrote",
    other: "{by} wrote",
    wait: "Waiting for a decision. Both values are kept.",
    result: "Decided: {value}",
    because: "because: {reason}",
  },
};
const own = wordsOf(words);

/** @param {{ decision: DecisionView, primary: boolean }} props */
function Return({ decision, primary }) {
  const { app } = useWorld();
  const { busy, problem, run } = useTask();
  const { comments = {} } = decision;
  const labels = /** @type {any} */ (decision).labels || {};
  const amend = () => run(async () => go(`/f/${await app.amend(decision.submission || "")}`));
  return html`
    ${decision.comment && html`<p class="comment">${decision.comment}</p>`}
    ${Object.entries(comments).map(([ref, text]) =>
      html`<p class="comment" key=${ref}>${labels[ref] && html`<b>${labels[ref]}</b> `}${text}</p>`)}
    <${Trouble} problem=${problem} />
    ${decision.state === "open" &&
    html`<button class=${primary ? "primary" : ""} disabled=${busy} onClick=${amend}>${own("amend")}</button>`}
  `;
}

/** @param {{ decision: DecisionView }} props */
const Difference = ({ decision }) => html`
  <dl class="values">
    <dt>${own("mine")}</dt><dd>${decision.mine || t("blank")}</dd>
    <dt>${own("other", { by: decision.by })}</dt><dd>${decision.other || t("blank")}</dd>
  </dl>
  ${decision.state === "decided"
    ? html`<p><b>${own("result", { value: decision.value || t("blank") })}</b></p>
        ${decision.reason && html`<p>${own("because", { reason: decision.reason })}</p>`}`
    : html`<p class="soft">${own("wait")}</p>`}
`;

/**
 * What is over: an answer, or what was sent again or ended otherwise, as who pressed the button once more amended it twice.
 * @param {DecisionView} decision
 */
const endOf = ({ kind, state }) => (kind === "answer" ? own("answered") : kind === "return" && state === "decided" && own("done"));

/** @param {DecisionView} decision */
function markOf({ kind, state }) {
  if (kind === "return" && state === "open") return HOUSEHOLD.returned;
  if (kind === "answer") return OUTBOX.received;
  return DIFFERENCE[state] || DIFFERENCE.waiting;
}

/**
 * One of them, also inside a household's record.
 * @param {{ decision: DecisionView, inRecord?: boolean, primary?: boolean }} props
 */
export const Widget = ({ decision, inRecord = false, primary = false }) => html`
  <section class=${`card ${markOf(decision).tone}`}>
    <div class="row-head">
      ${inRecord || !decision.subject
        ? html`<b>${decision.subject ? decision.label : t("feedback")}</b>`
        : html`<a href=${`#/h/${decision.subject}`} onClick=${follow}>${decision.subjectName}</a>`}
      <${Tag} mark=${markOf(decision)}>${endOf(decision)}<//>
    </div>
    <p class="facts">
      ${!inRecord && decision.subject && html`<span>${decision.label}</span>`}
      ${decision.by && html`<span>${decision.by}</span>`}<span>${since(decision.at)}</span>
    </p>
    ${decision.kind === "return" && html`<${Return} decision=${decision} primary=${primary} />`}
    ${decision.kind === "conflict" && html`<${Difference} decision=${decision} />`}
    ${decision.kind === "answer" && html`<p class="comment">${decision.label}</p><p>${decision.reason}</p>`}
  </section>
`;

/** The list of all. */
export function Screen() {
  const { data, problem } = useData((app) => app.decisions(), []);
  useScrollPlace(Boolean(data));
  const rows = [...(data || [])].sort(
    (a, b) =>
      Number(b.kind === "return") - Number(a.kind === "return") ||
      Number(a.state === "decided") - Number(b.state === "decided") ||
      b.at - a.at,
  );
  return html`<main class="decisions">
    <${Heading} parent="/upload" to="tab.upload" title=${t("decisions")} />
    <${Trouble} problem=${problem} />
    ${!data && !problem && html`<${Loading} rows=${3} />`}
    ${data && !data.length && html`<${Empty} text=${own("none")} />`}
    ${rows.map((decision, index) =>
      html`<${Widget} key=${decision.id} decision=${decision} primary=${index === 0} />`)}
  </main>`;
}
