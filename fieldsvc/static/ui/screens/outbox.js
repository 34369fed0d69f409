/** 上传: what is on its way and what has arrived, with the truth about each, and what is left. */

import { html, useData, useState, useWorld } from "../hooks.js";
import { follow } from "../frame.js";
import {
  ActionBar,
  Empty,
  Icon,
  Loading,
  More,
  Notice,
  OUTBOX,
  Tag,
  Trouble,
  sentence,
  useTask,
} from "../parts.js";
import { usePart } from "../demand.js";
import { useScrollPlace } from "../route.js";
import { duration, moment, size, t } from "../words.js";

/** @typedef {import("../../core/types.js").OutboxView} Entry */

const ORDER = ["refused", "attention", "sending", "waiting", "received"];
const SHOWN = 20;

/** @param {{ entry: Entry }} props */
function EntryRow({ entry }) {
  const { state, photos } = entry;
  /** @type {Record<string, string>} */
  const words = {
    sending: t("sending.percent", { n: photos.percent }),
    received: entry.receivedAt ? t("received.at", { when: moment(entry.receivedAt) }) : "",
  };
  const open = photos.total > 0 && photos.sent < photos.total;
  return html`<a class="row" href=${entry.subject ? `#/h/${entry.subject}` : "#/me"} onClick=${follow}>
    <span class="row-head"><b>${entry.subject ? entry.subjectName : t("feedback")}</b><${Tag} mark=${OUTBOX[state]}>${words[state]}<//></span>
    <span class="facts"><span>${entry.title}</span><span>${moment(entry.at)}</span>
      ${photos.total > 0 && html`<span>${t("photos.sent", { n: photos.total, sent: photos.sent })}</span>`}</span>
    ${open && html`<progress max="100" value=${photos.percent} aria-label=${t("photos")} />`}
    ${entry.problem && html`<span class="comment">${entry.problem}</span>`}
  </a>`;
}

/** How the transfer goes, in one sentence or two. @param {{ rows: Entry[] }} props */
function Transfer({ rows }) {
  const { app, state } = useWorld();
  const { sync, online, counts, settings } = state;
  const { problem, run } = useTask();
  const amount = size(sync.bytesLeft);
  const time = sync.secondsLeft === null ? "" : duration(sync.secondsLeft);
  const left = sync.bytesLeft > 0 && html`<p>${t(time ? "left.time" : "left", { size: amount, time })}</p>`;
  if (sync.running)
    return html`<div class="transfer">
      <p class="now"><i class="spinner" />${t(sync.phase ? `phase.${sync.phase}` : "sending")}</p>
      ${sync.total > 0 && html`<progress max=${sync.total} value=${sync.sent} aria-label=${t("sending")} />`}
      ${left}
      <p class="soft">${t("keepOpen")}</p>
    </div>`;
  const { onPhone } = counts;
  const held = settings.wifiOnly ? rows.reduce((sum, { photos }) => sum + photos.bytesLeft, 0) - sync.bytesLeft : 0;
  const [icon, words] = !online
    ? ["cloudOff", t("offline.sentence")]
    : onPhone
      ? ["clock", t("unsent", { n: onPhone })]
      : ["check", t("allReceived")];
  return html`<div class="transfer">
    <p class="now"><${Icon} name=${icon} />${words}</p>
    ${left}${sync.lastAt && html`<p class="soft">${t("lastSync", { when: moment(sync.lastAt) })}</p>`}
    ${held > 0 && html`<p>${t("wifi.wait", { size: size(held) })}</p>
      <button onClick=${() => run(() => app.syncNow({ anyLink: true }))}>${t("wifi.now")}</button>`}
    <${Trouble} problem=${problem} />
    ${sync.problem && sync.problem.code !== "no-network" && html`<${Notice} tone="waiting"><p>${sentence(sync.problem)}</p><//>`}
  </div>`;
}

/** The second tab. */
export function Outbox() {
  const { app, state } = useWorld();
  const { data, problem } = useData((asked) => asked.outbox(), []);
  const open = useData(async (asked) => (await asked.decisions()).filter((one) => one.state !== "decided"), []).data;
  const [all, setAll] = useState(false);
  const task = useTask();
  const { running } = state.sync;
  const press = () => (running ? app.pause() : void task.run(() => app.syncNow()));
  const safety = usePart("safety");
  useScrollPlace(Boolean(data));
  const rows = [...(data || [])].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || b.at - a.at);
  return html`
    <main class="outbox">
      <h1 class="unseen">${t("tab.upload")}</h1>
      <${Transfer} rows=${data || []} />
      <a class="row" href="#/decisions" onClick=${follow}>
        <span class="row-head">
          <b>${t("decisions")}</b>
          ${open && open.length > 0 && html`<${Tag} mark=${OUTBOX.attention}>${open.length}<//>`}<${Icon} name="next" />
        </span>
      </a>
      <${Trouble} problem=${problem} />
      ${!data && !problem && html`<${Loading} rows=${3} />`}
      ${data && !data.length && html`<${Empty} text=${t("outbox.none")} />`}
      <section class="rows">
        ${rows.slice(0, all ? Infinity : SHOWN).map((entry) => html`<${EntryRow} key=${entry.id} entry=${entry} />`)}
        ${!all && rows.length > SHOWN && html`<${More} n=${rows.length} onMore=${() => setAll(true)} />`}
      </section>
      ${safety && html`<${safety.Widget} />`}
    </main>
    <${ActionBar}>
      <${Trouble} problem=${task.problem} />
      <button class="primary" disabled=${task.busy && !running} onClick=${press}>
        <${Icon} name=${running ? "pause" : "send"} />${t(running ? "pause" : "syncNow")}
      </button>
    <//>
  `;
}
