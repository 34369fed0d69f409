/** 走访: the households of this month, found by hamlet, name, initials or last digits; those sent back stand first. */

import { html, useData, useEffect, useRef, useState, useWorld } from "../hooks.js";
import { usePart } from "../demand.js";
import { follow } from "../frame.js";
import { Empty, HOUSEHOLD, Icon, Loading, OUTBOX, Search, Segments, Tag, Trouble } from "../parts.js";
import { useScrollPlace } from "../route.js";
import { distance, since, t } from "../words.js";

/** @typedef {import("../../core/types.js").HouseholdRow} Household */
/** @typedef {{ title: string, rows: Household[], start: number }} Chunk */

const CHUNK = 20;

/* 离我最近: asked only after a tap and forgotten when the list is left. No track is kept. */

const EARTH_METRES = 6371000;

/**
 * Metres between two "lat lon …" positions; infinite when either is unknown, so that such households sort last.
 * @param {string} from
 * @param {string|undefined} to
 */
export function metresTo(from, to) {
  if (!to) return Infinity;
  const [lat1, lon1, lat2, lon2] = [from, to]
    .flatMap((text) => text.split(" ").slice(0, 2))
    .map((text) => (Number(text) * Math.PI) / 180);
  const across = (lon2 - lon1) * Math.cos((lat1 + lat2) / 2);
  return Math.hypot(lat2 - lat1, across) * EARTH_METRES;
}

/**
 * Where the reader stands, while she wants to know.
 * @returns {{ from: string|null, waiting: boolean, toggle: () => void }}
 */
export function useWhere() {
  const { app } = useWorld();
  const [from, setFrom] = useState(/** @type {string|null} */ (null));
  const [waiting, setWaiting] = useState(false);
  const stop = useRef(() => {});
  useEffect(() => () => stop.current(), []);
  const toggle = () => {
    stop.current();
    setFrom(null);
    setWaiting(!from && !waiting);
    if (from || waiting) return;
    stop.current = app.position((update) => {
      if (update.value) setFrom(update.value);
      if (update.state === "waiting") return;
      stop.current();
      setWaiting(false);
    });
  };
  return { from, waiting, toggle };
}

/** What the reader was looking for, kept while she is inside a household. */
const kept = { words: "", chip: "all" };
/** @type {Map<string, number>} the height a chunk had, so that coming back lands on the same row */
const heights = new Map();

/**
 * The rows that match, in chunks of one hamlet each and no more than a screen or two long.
 * @param {Household[]} rows
 * @param {string} words
 * @param {string} chip
 * @param {string|null} from the reader's own place, to sort by
 * @returns {Chunk[]}
 */
export function arrange(rows, words, chip, from) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = rows.filter(
    (row) =>
      wanted.every((word) => row.search.includes(word)) &&
      (chip === "all" ||
        (chip === "todo" ? row.state === "todo" : row.state === "attention" || row.state === "returned")),
  );
  /** @type {Map<string, Household[]>} */
  const groups = new Map();
  const put = (/** @type {string} */ title, /** @type {Household} */ row) =>
    groups.set(title, [...(groups.get(title) || []), row]);
  for (const row of fits) if (row.state === "returned") put(t("returned"), row);
  const rest = fits.filter((row) => row.state !== "returned");
  if (from) rest.sort((a, b) => metresTo(from, a.position) - metresTo(from, b.position));
  for (const row of rest) put(from ? t("nearest") : row.hamlet || t("blank"), row);
  return [...groups].flatMap(([title, all]) =>
    Array.from({ length: Math.ceil(all.length / CHUNK) }, (_, part) => ({
      title: part ? "" : `${title} ${all.length}`,
      start: part,
      rows: all.slice(part * CHUNK, (part + 1) * CHUNK),
    })),
  );
}

/** @param {{ row: Household, from: string|null }} props */
const Row = ({ row, from }) => {
  const metres = from ? metresTo(from, row.position) : Infinity;
  const facts = [
    t("people", { n: Number(row.people) || 0 }),
    row.type,
    row.lastVisitAt ? t("lastVisit", { when: since(row.lastVisitAt) }) : t("neverVisited"),
    metres < Infinity && distance(metres),
  ];
  return html`<a class="row" href=${`#/h/${row.id}`} onClick=${follow}>
    <span class="row-head"><b>${row.name}</b><${Tag} mark=${row.unsent && row.state !== "attention" ? OUTBOX.waiting : HOUSEHOLD[row.state]} /></span>
    <span class="facts">${facts.filter(Boolean).map((fact) => html`<span key=${fact}>${fact}</span>`)}</span>
    ${row.comment && html`<span class="comment">${row.comment}</span>`}
  </a>`;
};

/** What a chunk is known by from one drawing to the next. @param {Chunk} chunk */
const nameOf = ({ rows }) => `${rows[0].id} ${rows.length}`;

/**
 * Twenty rows that are only there while near the screen: three hundred at once make a Go-edition phone stutter.
 * @param {{ chunk: Chunk, from: string|null, first: boolean }} props
 */
function Rows({ chunk, from, first }) {
  const name = nameOf(chunk);
  const [near, setNear] = useState(first);
  const box = useRef(/** @type {HTMLElement|null} */ (null));
  useEffect(() => {
    const element = /** @type {HTMLElement} */ (box.current);
    const watcher = new IntersectionObserver(
      ([entry]) => {
        if (!entry.isIntersecting && entry.boundingClientRect.height)
          heights.set(name, entry.boundingClientRect.height);
        element.style.minHeight = entry.isIntersecting ? "" : `${heights.get(name)}px`;
        setNear(entry.isIntersecting);
      },
      { rootMargin: "75% 0%" },
    );
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [name]);
  return html`<section class="rows" ref=${(/** @type {HTMLElement|null} */ element) => {
    box.current = element;
    if (element && !near)
      element.style.minHeight = heights.has(name) ? `${heights.get(name)}px` : `${chunk.rows.length * 4.5}rem`;
  }}>
    ${chunk.title && html`<h2>${chunk.title}</h2>`}
    ${near && chunk.rows.map((row) => html`<${Row} key=${row.id} row=${row} from=${from} />`)}
  </section>`;
}

/** The first screen. */
export function Households() {
  const { state, app } = useWorld();
  const { data, problem } = useData((asked) => asked.households(), []);
  const [words, setWords] = useState(kept.words);
  const [chip, setChip] = useState(kept.chip);
  const where = useWhere();
  const begin = usePart(data && "begin");
  Object.assign(kept, { words, chip });
  useScrollPlace(Boolean(data));
  const chunks = data ? arrange(data, words, chip, where.from) : [];
  const showAll = () => {
    setWords("");
    setChip("all");
  };
  const { month } = state;
  const title = month ? t("month", month) : t("tab.visits");
  const chips = /** @type {[string, string][]} */ ([
    ["all", t("chip.all")],
    ["todo", t("chip.todo")],
    ["attention", t("chip.attention")],
  ]);
  return html`<main class="households">
    <div class="month">
      <h1>${title}</h1>
      ${month && html`<progress max=${month.total || 1} value=${month.done} aria-label=${title} />`}
    </div>
    <div class="find">
      <${Search} label=${t("search")} value=${words} onSearch=${setWords} />
      <${Segments} label=${t("filter")} value=${chip} options=${chips} onChange=${setChip} />
      <div class="pair">
        ${data?.some((row) => row.position) &&
        html`<button class="plain" aria-pressed=${Boolean(where.from)} onClick=${where.toggle}>
          <${Icon} name="place" />${t(where.waiting ? "locating" : "nearest")}
        </button>`}
        ${begin && html`<${begin.Widget} />`}
      </div>
      ${begin && html`<${begin.Begun} />`}
    </div>
    <${Trouble} problem=${problem} />
    ${!data && !problem && html`<${Loading} />`}
    ${data && !data.length &&
    html`<${Empty} text=${t("households.none")}><button onClick=${() => app.syncNow()}>${t("syncNow")}</button><//>`}
    ${data && data.length > 0 && !chunks.length &&
    html`<${Empty} text=${t(words ? "households.notFound" : "households.allDone")}>
      <button onClick=${showAll}>${t("chip.all")}</button>
    <//>`}
    ${chunks.map((chunk, index) =>
      html`<${Rows} key=${nameOf(chunk)} chunk=${chunk} from=${where.from} first=${index < 2} />`)}
  </main>`;
}
