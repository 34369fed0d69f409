/** 户情况: everything this phone knows about one household, what changed since the last visit, and the next visit. */

import { html, useData, useEffect, useState, useWorld } from "../hooks.js";
import {
  DIFFERENCE,
  Heading,
  Icon,
  Loading,
  More,
  Notice,
  OUTBOX,
  Tag,
  Trouble,
  VISIT,
  announce,
  useTask,
} from "../parts.js";
import { go, useScrollPlace } from "../route.js";
import { day, moment, place as placeText, since, t } from "../words.js";
import { bring, part, usePart } from "../demand.js";
import { Thumb } from "../widgets/picture.js";
import { Answer } from "../widgets/answer.js";
import { Start, useBegin } from "./forms.js";

/** @typedef {import("../../core/types.js").EntityView} Entity */
/** @typedef {import("../../core/types.js").PropertyView} Property */
/** @typedef {import("../../core/types.js").FormOffer} FormOffer */
/** @typedef {import("../../core/types.js").RecordView} RecordView */
/** @typedef {import("../../core/types.js").VisitView} Visit */
/** @typedef {import("../words.js").Key} Key */

const SHOWN = 6;
/**
 * A fact longer than this is read in the open record, not in the row of a member: numbers of identity cards above all.
 */
const SHORT = 10;

/** Was this line written by somebody else after my last visit here? @param {RecordView} record @param {string} me */
const changeTest = (record, me) => {
  const last = Math.max(0, ...record.visits.filter((visit) => visit.mine).map((visit) => visit.at));
  return (/** @type {{by: string, at: number}} */ property) => last > 0 && property.at > last && property.by !== me;
};

/** Not half under what stands at the end of the screen. @param {HTMLElement|null} box */
const whole = (box) => box?.scrollIntoView({ block: "nearest" });

/**
 * 更正: the right control for the line, where it stands.
 * @param {{ entity: string, property: Property, onDone: () => void }} props
 */
function Correction({ entity, property, onDone }) {
  const { app } = useWorld();
  // What stands there may move while somebody types: the correction is of what she began with.
  const [before] = useState(/** @type {any} */ (property.value));
  const [value, setValue] = useState(before);
  const { busy, problem, run } = useTask();
  const { name } = property;
  const save = () =>
    run(async () => {
      if (value !== before) {
        await app.correct(entity, { [name]: value }, "", undefined, { [name]: before });
        announce(t("corrected"), () => app.correct(entity, { [name]: before }, "", undefined, { [name]: value }));
      }
      onDone();
    });
  const item = {
    ...property,
    ref: `${entity}/${property.name}`,
    kind: "question",
    appearance: "",
    parameters: {},
    value,
  };
  return html`<div class="correction" ref=${whole}>
    <label class="unseen" for=${item.ref}>${property.label}</label>
    <${Answer} item=${item} onChange=${setValue} />
    <${Trouble} problem=${problem} />
    <div class="pair">
      <button onClick=${onDone}>${t("cancel")}</button>
      <button class="primary" disabled=${busy} onClick=${save}>${t("save")}</button>
    </div>
  </div>`;
}

/** Both values of a line in dispute. @param {{ conflict: NonNullable<Property["conflict"]> }} props */
const Disputed = ({ conflict }) => {
  const { mine, other, by, at, state } = conflict;
  return html`<${Notice} tone="conflict" icon=${DIFFERENCE[state].icon} title=${t(DIFFERENCE[state].key)}>
    <p>${t("conflict.sentence", { mine, other, by, when: since(at) })}</p>
  <//>`;
};

/**
 * One line: its value, who wrote it and when, whether it waits or is disputed, and 更正 in place.
 * @param {{ entity: string, property: Property, changed: boolean }} props `changed` since the reader's last visit
 */
function Line({ entity, property, changed }) {
  const { app } = useWorld();
  const [open, setOpen] = useState(false);
  const [bare, setBare] = useState(!property.masked);
  const { label, display, conflict } = property;
  const shown = property.type === "geopoint" && property.value ? placeText(property.value) : display;
  const hidden = !bare && shown;
  const press = (/** @type {Key} */ key, /** @type {() => void} */ act, /** @type {unknown} */ icon = "") =>
    html`<button class="plain" aria-label=${`${t(key)} ${label}`} onClick=${act}>${icon}${t(key)}</button>`;
  // A place is not typed. Without the part, its numbers still can be.
  const place = property.type === "geopoint" && part("position")?.Pin;
  const show = () => {
    setBare(true);
    app.shown(entity, property.name).catch(() => {});
  };
  const written = property.pending ? "" : property.by && property.at ? `${property.by} · ${since(property.at)}` : t("fromRoll");
  return html`<div class="line">
    <div class="line-head">
      <div>
        <span class="name">${label}</span>
        <span class="value">${hidden ? t("masked") : shown || t("blank")}</span>
        <span class="written">${changed && html`<b>${t("changed")}</b>`}${written}</span>
      </div>
      ${property.pending && html`<${Tag} mark=${OUTBOX.waiting} />`}
      ${hidden && press("show", show)}
      ${property.editable && !open && press("correct", () => void bring(property.type === "geopoint" ? ["position"] : []).then(() => setOpen(true)), html`<${Icon} name="pen" />`)}
    </div>
    ${conflict && html`<${Disputed} conflict=${conflict} />`}
    ${open && html`<${place || Correction} entity=${entity} property=${property} onDone=${() => setOpen(false)} />`}
  </div>`;
}

/** @param {{ entity: Entity, isChanged: (property: any) => boolean, limit?: number }} props */
function Lines({ entity, isChanged, limit = Infinity }) {
  const [all, setAll] = useState(false);
  // A line that somebody must look at is never among the folded ones.
  const first = entity.properties.filter(
    (property, index) =>
      all ||
      (index < limit && property.value !== entity.label) ||
      property.conflict ||
      property.pending ||
      isChanged(property),
  );
  return html`
    ${first.map((property) =>
      html`<${Line} key=${property.name} entity=${entity.id} property=${property} changed=${isChanged(property)} />`)}
    ${first.length < entity.properties.length &&
    html`<${More} n=${entity.properties.length} onMore=${() => setAll(true)} />`}
  `;
}

/**
 * Somebody who lives there, or another record of the household with the forms that work on it.
 * @param {{ member: Entity, isChanged: (property: any) => boolean, subject?: string, forms?: FormOffer[] }} props
 */
export function Member({ member, isChanged, subject = "", forms = [] }) {
  const [open, setOpen] = useState(false);
  const { busy, problem, begin } = useBegin(subject);
  const bar = usePart(member.steps && "stages");
  const changed = member.properties.some(isChanged);
  const known = member.properties.filter(
    ({ display, masked }) => display && !masked && display !== member.label && display.length <= SHORT,
  );
  const facts = [...new Set([member.state, ...known.map((property) => property.display)])].filter(Boolean).slice(0, 3);
  return html`<div class="member">
    <button class="row" aria-expanded=${open} onClick=${() => setOpen(!open)}>
      <span class="row-head">
        <b>${member.label}</b>${changed && html`<span class="tag waiting">${t("changed")}</span>`}
        <${Icon} name="down" />
      </span>
      <span class="facts">${facts.map((fact) => html`<span key=${fact}>${fact}</span>`)}</span>
    </button>
    ${open && bar && html`<${bar.Widget} entity=${member} />`}
    ${open && html`<${Lines} entity=${member} isChanged=${isChanged} limit=${subject ? SHOWN : Infinity} />`}
    ${open && forms.length > 0 &&
    html`<div class="opened">
      <${Trouble} problem=${problem} />
      ${forms.map(({ form, title }) =>
        html`<button key=${form} disabled=${busy} onClick=${() => begin(form, member.id)}>${title}</button>`)}
    </div>`}
  </div>`;
}

/** One visit: what the office said, and what its author may do. @param {{ visit: Visit }} props */
function VisitLine({ visit }) {
  const [open, setOpen] = useState(false);
  const redo = usePart(open && "redo");
  const photos =
    visit.photos?.length > 0 &&
    html`<div class="strip">
      ${visit.photos.map(({ sha256 }) => html`<${Thumb} key=${sha256} sha256=${sha256} label=${day(visit.at)} />`)}
    </div>`;
  return html`<div class="member">
    <button class="row" aria-expanded=${open} onClick=${() => setOpen(!open)}>
      <span class="row-head">
        <b>${day(visit.at)}</b>
        <${Tag} mark=${VISIT[visit.waiting ? "onPhone" : visit.state] || VISIT.waiting} /><${Icon} name="down" />
      </span>
      <span class="facts"><span>${visit.title}</span>${visit.author && html`<span>${visit.author}</span>`}</span>
    </button>
    ${open && html`<div class="opened">${photos}${redo && html`<${redo.Widget} visit=${visit} />`}</div>`}
  </div>`;
}

/** An address that the phone's own map opens. iPhones do not know the general one. @param {string} place "lat lon …" */
const mapOf = (place) =>
  `${/iP(hone|ad)/.test(navigator.userAgent) ? "maps://?q=" : "geo:"}${place.split(" ").slice(0, 2).join(",")}`;

/** @param {{ id: string }} props */
export function Record({ id }) {
  const { state } = useWorld();
  const { data, problem } = useData((app) => app.record(id), [id]);
  const told = usePart(data && data.notices.length > 0 && "decisions");
  useScrollPlace(Boolean(data));
  // What is about the reader stands under 我的.
  useEffect(() => {
    if (data?.role === "own") go("/me", true);
  }, [data]);
  if (!data)
    return html`<main>
      <${Heading} parent="/" to="tab.visits" title=${t("household")} />
      ${problem ? html`<${Trouble} problem=${problem} />` : html`<${Loading} />`}
    </main>`;
  const { household, members, others, visits, notices, drafts, forms } = data;
  const isChanged = changeTest(data, state.person?.name || "");
  const count = [household, ...members, ...others].flatMap((entity) => entity.properties).filter(isChanged).length;
  const find = (/** @type {string} */ name) => household.properties.find((property) => property.name === name)?.value;
  const phone = find("phone");
  const place = find("home_gps");
  return html`
    <main class="record">
      <${Heading} parent="/" to="tab.visits" title=${household.label} />
      <div class="ways">
        ${phone && html`<a class="button" href=${`tel:${phone}`}><${Icon} name="phone" />${t("call")}</a>`}
        ${place && html`<a class="button" href=${mapOf(place)}><${Icon} name="place" />${t("way")}</a>`}
      </div>
      ${drafts.map((draft) =>
        html`<${Notice} key=${draft.id} tone="waiting" icon="save" title=${`${t("draft")} · ${draft.title}`}>
          <p>${t("draft.kept", { when: moment(draft.at) })}</p>
          ${draft.form !== forms[0]?.form &&
          html`<button onClick=${() => go(`/f/${draft.id}`)}>${t("continue")}</button>`}
        <//>`)}
      ${data.role === "practice" && html`<${Notice} tone="waiting">${t("practice.why")}<//>`}
      ${data.leaving && html`<${Notice} tone="waiting">${t("leaving")}<//>`}
      ${told && notices
        .filter((notice) => notice.kind !== "conflict")
        .map((notice) => html`<${told.Widget} key=${notice.id} decision=${notice} inRecord=${true} />`)}
      ${count > 0 && html`<p class="changes"><${Icon} name="differ" />${t("changes", { n: count })}</p>`}
      <section>
        <h2>${t("household")}</h2>
        <${Lines} entity=${household} isChanged=${isChanged} limit=${SHOWN} />
      </section>
      ${members.length > 0 &&
      html`<section>
        <h2>${t("members", { n: members.length })}</h2>
        ${members.map((member) => html`<${Member} key=${member.id} member=${member} isChanged=${isChanged} />`)}
      </section>`}
      ${[...new Set(others.map((one) => one.dataset))].map((dataset) => {
        const rows = others.filter((one) => one.dataset === dataset);
        const on = forms.filter((form) => form.on.includes(dataset));
        return html`<section key=${dataset}>
          <h2>${rows[0].kind} ${rows.length}</h2>
          ${rows.map((row) =>
            html`<${Member} key=${row.id} member=${row} isChanged=${isChanged} subject=${id} forms=${on} />`)}
        </section>`;
      })}
      <section>
        <h2>${t("visits")}</h2>
        ${!visits.length && html`<p class="soft">${t("neverVisited")}</p>`}
        ${visits.map((visit) => html`<${VisitLine} key=${visit.id} visit=${visit} />`)}
      </section>
    </main>
    <${Start} record=${data} subject=${id} />
  `;
}
