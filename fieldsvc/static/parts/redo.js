/** An earlier visit opened in the record: 撤回 and 修改 for its author, and for everybody else why not. Every phone keeps it. */

import { html, typed, useState, useWorld } from "../ui/hooks.js";
import { Trouble, announce, useTask } from "../ui/parts.js";
import { go } from "../ui/route.js";
import { t, wordsOf } from "../ui/words.js";

/** The words of this part, which travel with it. */
export const words = {
  zh: {
    amend: "修改",
    withdraw: "撤回",
    why: "为什么撤回",
    withdrawn: "已撤回，存在本机，有信号时上传。",
    others: "由{name}填写，只能由本人修改。",
  },
  en: {
    amend: "Correct it",
    withdraw: "Withdraw",
    why: "Why withdraw it",
    withdrawn: "Withdrawn. Kept on this phone and sent when there is signal.",
    others: "Filled in by {name}, who alone can change it.",
  },
};
const own = wordsOf(words);

/** @param {{ visit: import("../core/types.js").VisitView }} props */
export function Widget({ visit }) {
  const { app } = useWorld();
  const [reason, setReason] = useState(/** @type {string|null} */ (null));
  const { busy, problem, run } = useTask();
  const amend = () => run(async () => go(`/f/${await app.amend(visit.id)}`));
  const withdraw = () =>
    run(async () => {
      await app.withdraw(visit.id, reason || "");
      setReason(null);
      announce(own("withdrawn"));
    });
  if (!visit.mine) return html`<p class="soft">${own("others", { name: visit.author || "" })}</p>`;
  if (reason !== null)
    return html`<div class="correction">
      <label class="field">${own("why")}<input value=${reason} onInput=${typed(setReason)} /></label>
      <${Trouble} problem=${problem} />
      <div class="pair">
        <button onClick=${() => setReason(null)}>${t("cancel")}</button>
        <button class="danger" disabled=${busy || !reason.trim()} onClick=${withdraw}>${own("withdraw")}</button>
      </div>
    </div>`;
  return html`
    <${Trouble} problem=${problem} />
    ${visit.state !== "withdrawn" &&
    html`<div class="pair">
      <button disabled=${busy} onClick=${() => setReason("")}>${own("withdraw")}</button>
      <button disabled=${busy} onClick=${amend}>${own("amend")}</button>
    </div>`}
  `;
}
