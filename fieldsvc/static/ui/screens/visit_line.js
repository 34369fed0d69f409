/** One visit in a household's timeline: when, which form, by whom, what the office said, and what its author may do. */

import { html, useState, useWorld } from "../hooks.js";
import { Icon } from "../icons.js";
import { Tag, Trouble, announce, useTask } from "../parts.js";
import { go } from "../route.js";
import { VISIT } from "../states.js";
import { day, t } from "../words.js";
import { Thumb } from "../widgets/photo.js";

/** @typedef {import("../../core/types.js").VisitView} Visit */

/** @param {{ visit: Visit }} props */
export function VisitLine({ visit }) {
  const { app } = useWorld();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState(/** @type {string|null} */ (null));
  const { busy, problem, run } = useTask();
  const amend = () => run(async () => go(`/f/${await app.amend(visit.id)}`));
  const withdraw = () =>
    run(async () => {
      await app.withdraw(visit.id, reason || "");
      setReason(null);
      announce(t("withdrawn"));
    });
  return html`<div class="member">
    <button class="row" aria-expanded=${open} onClick=${() => setOpen(!open)}>
      <span class="row-head"><b>${day(visit.at)}</b><${Tag} mark=${VISIT[visit.waiting ? "onPhone" : visit.state] || VISIT.waiting} /><${Icon} name="down" /></span>
      <span class="facts"><span>${visit.title}</span><span>${visit.author}</span></span>
    </button>
    ${open && html`<div class="opened">
      ${visit.photos?.length > 0 && html`<div class="strip">${visit.photos.map((photo) => html`<${Thumb} key=${photo.sha256} sha256=${photo.sha256} label=${day(visit.at)} />`)}</div>`}
      <${Trouble} problem=${problem} />
      ${!visit.mine && html`<p class="soft">${t("visit.others", { name: visit.author })}</p>`}
      ${visit.mine && visit.state !== "withdrawn" && reason === null && html`<div class="pair">
        <button disabled=${busy} onClick=${() => setReason("")}>${t("withdraw")}</button>
        <button disabled=${busy} onClick=${amend}>${t("amend")}</button>
      </div>`}
      ${reason !== null && html`<div class="correction">
        <label class="field">${t("withdraw.why")}<input value=${reason} onInput=${(/** @type {any} */ event) => setReason(event.target.value)} /></label>
        <div class="pair"><button onClick=${() => setReason(null)}>${t("cancel")}</button><button class="danger" disabled=${busy || !reason.trim()} onClick=${withdraw}>${t("withdraw")}</button></div>
      </div>`}
    </div>`}
  </div>`;
}
