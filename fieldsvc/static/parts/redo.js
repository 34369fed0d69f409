/** An earlier visit opened in the record: 撤回 and 修改 for its author, and for everybody else why not. Every phone keeps it. */

import { freshBase, inWords, isOpen, nextBase } from "../core/rebase.js";
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
/** Filled in on another phone, or more than a month ago: no sync brings what it said. */
const ELSEWHERE = {
  zh: "这次走访填的内容不在这台手机上。要修改，请办公室退回。",
  en: "What was filled in then is not on this phone. To change it, ask the office to send it back.",
};

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

/**
 * What an amendment starts from: the visit as the office sent it back, or as this phone sent it, and what that stood on.
 * What it leaves as the visit had it is no change.
 * @param {import("../core/drafts.js").World} world
 * @param {string} id of the visit
 */
export async function original(world, id) {
  const notices = await world.db().all("notices");
  const sentBack = notices.filter((each) => each.kind === "return" && each.submission === id).pop();
  /** @type {import("../core/types.js").DraftRow["bases"]} */
  const bases = {};
  /** @type {Record<string, string>} */
  const ids = {};
  if (sentBack) {
    for (const { id: entity, version, path } of sentBack.entities || []) {
      if (version) bases[entity] = { ...freshBase(version, world.newId), amends: true };
      if (path) ids[path] = entity;
    }
    const { form, form_version: version, subject, answers, fixes, comment, comments } = sentBack;
    return { what: { form, version, subject }, from: { answers, bases, ids, context: { fixes }, comment, comments } };
  }
  const entry = /** @type {import("../core/types.js").Entry|undefined} */ (await world.db().get("outbox", id));
  if (!entry) throw { code: "visit-not-here", problem: { title: ELSEWHERE } };
  const { form, version, subject, answers, context } = JSON.parse(entry.body);
  const outbox = /** @type {import("../core/types.js").Entry[]} */ (await world.db().all("outbox"));
  for (const touch of entry.touches) {
    const version = entry.receipt?.effects?.find((each) => each.entity === touch.entity)?.version;
    if (version) bases[touch.entity] = { ...freshBase(version, world.newId), amends: true };
    // On its way still, or again to a server that was put back: what it said is not said anew.
    else if (!touch.create && isOpen(entry, touch.entity, 0))
      bases[touch.entity] = { ...inWords(nextBase(await world.db().get("entities", touch.entity), outbox, touch.entity, world.newId)), amends: true };
    if (touch.path) ids[touch.path] = touch.entity;
  }
  return { what: { form, version, subject }, from: { answers, bases, ids, context: { fixes: context?.fixes } } };
}
