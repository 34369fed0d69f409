/** The small parts that screens are put together from: tags, notices, headings, choices, and the undo line. */

import { html, typed, useEffect, useState } from "./hooks.js";
import { back } from "./route.js";
import { has, t } from "./words.js";

/* The one icon set: 24 px, two-pixel strokes, in the colour of the text beside it. */
const PATHS = {
  walk: "M4 11.5 12 4l8 7.5M6.5 9.5V20h11V9.5M10 20v-5.5h4V20",
  send: "M12 15V4M7.5 8 12 3.5 16.5 8M4 15v5h16v-5",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5c.8-4 3.7-5.5 7.5-5.5s6.7 1.5 7.5 5.5",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.5 20.5 20.5",
  back: "M14.5 5 7.5 12l7 7",
  next: "m9.5 5 7 7-7 7",
  down: "m5 9 7 7 7-7",
  check: "m5 12.5 4.8 4.8L19.5 7",
  todo: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16Z",
  clock: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 7.5V12l3 2.5",
  alert: "M12 8.5v4.5M12 16.3v.4M12 3.5 21.5 20h-19L12 3.5Z",
  return: "M9 5 4 10l5 5M4.5 10H14a6 6 0 0 1 0 12h-3",
  differ: "M7 4v16M7 4 3.5 8M7 4l3.5 4M17 20V4M17 20l-3.5-4M17 20l3.5-4",
  phone:
    "M6 3.5h3.5L11 8 8.5 9.8a12 12 0 0 0 5.7 5.7L16 13l4.5 1.5V18c0 1.5-1 2.5-2.5 2.5C10.5 20 4 13.5 3.5 6c0-1.5 1-2.5 2.5-2.5Z",
  place: "M12 21s7-6.3 7-11.5a7 7 0 1 0-14 0C5 14.7 12 21 12 21ZM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
  camera: "M4 8h3.5L9 5.5h6L16.5 8H20v11.5H4V8ZM12 17a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Z",
  pictures: "M4 5h16v14H4V5ZM4 16l4.5-4.5 4 4 2.5-2.5L20 18M15 9.5h.2",
  close: "M6 6l12 12M18 6 6 18",
  plus: "M12 5v14M5 12h14",
  pen: "m4 20 1-4.5L16 4.5 19.5 8 8.5 19 4 20Z",
  cloudOff: "M4 4l16 16M9 6.3A6 6 0 0 1 17.5 11 4 4 0 0 1 20 17M15.5 18.5H7a4.5 4.5 0 0 1-.8-8.9",
  qr: "M4 4h6v6H4V4ZM14 4h6v6h-6V4ZM4 14h6v6H4v-6ZM14 14h2.5v2.5H14V14ZM19 19h1.5v1.5H19V19ZM19 14h1.5M14 20h1.5",
  save: "M12 4v11M7.5 11 12 15.5 16.5 11M4 20h16",
  pause: "M8.5 5v14M15.5 5v14",
  people:
    "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20c.5-4 3-5.5 6.5-5.5s6 1.5 6.5 5.5M15.5 4.8a3.5 3.5 0 0 1 0 6.5M17.5 14.8c2.3.6 3.7 2.2 4 5.2",
};

/** @typedef {keyof typeof PATHS} IconName */

/**
 * An icon. It never stands alone: whoever draws one writes the word too, so it is hidden from screen readers.
 * @param {{ name: IconName }} props
 */
export const Icon = ({ name }) =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=${PATHS[name]} /></svg>`;

/** @typedef {import("./words.js").Key} Key */
/** @typedef {import("./hooks.js").Failure} Failure */
/** @typedef {{ tone: string, icon: IconName, key: Key }} Mark how a state looks and what it is called */

/* How every state of the field work looks and what it is called: one table, so that a word never has two colours. */

/** @type {Record<string, Mark>} a household in this month */
export const HOUSEHOLD = {
  todo: { tone: "", icon: "todo", key: "household.todo" },
  done: { tone: "received", icon: "check", key: "household.done" },
  practice: { tone: "", icon: "pen", key: "practice" },
  attention: { tone: "attention", icon: "alert", key: "attention" },
  returned: { tone: "attention", icon: "return", key: "returned" },
};

/** @type {Record<string, Mark>} what this phone has to send */
export const OUTBOX = {
  waiting: { tone: "waiting", icon: "clock", key: "waiting" },
  sending: { tone: "waiting", icon: "send", key: "sending" },
  received: { tone: "received", icon: "check", key: "received" },
  attention: { tone: "attention", icon: "alert", key: "attention" },
  refused: { tone: "attention", icon: "alert", key: "attention" },
};

/** @type {Record<string, Mark>} what the office said about a visit */
export const VISIT = {
  onPhone: OUTBOX.waiting,
  waiting: { tone: "", icon: "clock", key: "visit.waiting" },
  passed: { tone: "", icon: "clock", key: "visit.passed" },
  approved: { tone: "received", icon: "check", key: "visit.approved" },
  returned: HOUSEHOLD.returned,
  doubt: { tone: "attention", icon: "alert", key: "visit.doubt" },
  rejected: { tone: "attention", icon: "alert", key: "visit.rejected" },
  withdrawn: { tone: "", icon: "return", key: "visit.withdrawn" },
  practice: HOUSEHOLD.practice,
  own: OUTBOX.received,
  trial: { tone: "", icon: "pen", key: "visit.trial" },
};

/** @type {Record<string, Mark>} two values for one line */
export const DIFFERENCE = {
  waiting: { tone: "conflict", icon: "differ", key: "conflict.waiting" },
  decided: { tone: "received", icon: "check", key: "conflict.decided" },
};

/** A state as icon, colour and word together. @param {{ mark: Mark, children?: unknown }} props */
export const Tag = ({ mark, children }) =>
  html`<span class="tag ${mark.tone}"><${Icon} name=${mark.icon} /><span>${children || t(mark.key)}</span></span>`;

/**
 * A sentence in a coloured field, with what can be done about it below.
 * @param {{ tone?: string, icon?: IconName, title?: string, children?: unknown }} props
 */
export const Notice = ({ tone = "", icon = "alert", title, children }) => html`
  <div class="notice ${tone}">
    <${Icon} name=${icon} />
    <div class="stack">${title && html`<strong>${title}</strong>`}${children}</div>
  </div>
`;

/**
 * The head of a screen below another: where Back leads, and what this is.
 * @param {{ parent: string, to: Key, title?: string }} props
 */
export const Heading = ({ parent, to, title }) => html`
  <header class="heading">
    <button class="plain" onClick=${() => back(parent)}><${Icon} name="back" />${t(to)}</button>
    ${title && html`<h1>${title}</h1>`}
  </header>
`;

/** The one thing to press, in reach of the thumb. @param {{ children?: unknown }} props */
export const ActionBar = ({ children }) => html`<div class="action-bar">${children}</div>`;

/** Rows that are on their way: never a blank page. @param {{ rows?: number }} props */
export const Loading = ({ rows = 5 }) => html`
  <div class="loading" role="status">
    <span class="unseen">${t("loading")}</span>${Array.from({ length: rows }, (_, key) => html`<i key=${key} />`)}
  </div>
`;

/** The way to the rest of a long list. @param {{ n: number, onMore: () => void }} props */
export const More = ({ n, onMore }) =>
  html`<button class="more" onClick=${onMore}><${Icon} name="down" />${t("allLines", { n })}</button>`;

/** A place where nothing is yet, and what to do about it. @param {{ text: string, children?: unknown }} props */
export const Empty = ({ text, children }) => html`<div class="empty"><p>${text}</p>${children}</div>`;

/**
 * A few choices side by side, one of them on.
 * @param {{ label: string, value: string, options: [string, string][], onChange: (value: string) => void }} props
 */
export const Segments = ({ label, value, options, onChange }) => html`
  <div class="segments" role="group" aria-label=${label}>
    ${options.map(([code, text]) =>
      html`<button key=${code} aria-pressed=${code === value} onClick=${() => onChange(code)}>${text}</button>`)}
  </div>
`;

/** A field to search with. @param {{ label: string, value: string, onSearch: (text: string) => void }} props */
export const Search = ({ label, value, onSearch }) => html`
  <label class="search">
    <${Icon} name="search" /><span class="unseen">${label}</span>
    <input type="search" placeholder=${label} value=${value} autocomplete="off" onInput=${typed(onSearch)} />
  </label>
`;

/** What went wrong, in our own words where we have them. @param {Failure} problem */
export function sentence(problem) {
  const key = `problem.${problem.code}`;
  return has(key) ? t(/** @type {Key} */ (key)) : problem.text || t("problem.unknown");
}

/** A failure beside what it is about. @param {{ problem: Failure|null, children?: unknown }} props */
export const Trouble = ({ problem, children }) =>
  problem && html`<div role="alert"><${Notice} tone="attention">${sentence(problem)}${children}<//></div>`;

/**
 * Something that takes time and may fail: whether it runs, how it failed, and a way to run it.
 * @returns {{ busy: boolean, problem: Failure|null, run: (work: () => Promise<unknown>) => Promise<void> }}
 */
export function useTask() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(/** @type {Failure|null} */ (null));
  const run = async (/** @type {() => Promise<unknown>} */ work) => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      const thrown = /** @type {any} */ (error);
      setProblem({ code: thrown?.code || "unknown", text: thrown?.text || "" });
    }
    setBusy(false);
  };
  return { busy, problem, run };
}

/** @type {(note: any) => void} */
let showNote = () => {};

/**
 * Say what just happened at the foot of the screen, with a way to take it back.
 * @param {string} text
 * @param {() => void} [undo]
 */
export const announce = (text, undo) => showNote({ text, undo });

/** Take back what was said and offers nothing, as a form opens: its buttons lie where the words would. */
export const hush = () => showNote((/** @type {any} */ note) => (note?.undo ? note : null));

/** Where `announce` speaks: ten seconds with a 撤销, which a gloved thumb needs time to find; else as long as it takes to read. */
export function Announcer() {
  const [note, setNote] = useState(/** @type {{text: string, undo?: () => void}|null} */ (null));
  showNote = setNote;
  useEffect(() => {
    const timer = setTimeout(() => setNote(null), note && !note.undo ? 5000 : 10000);
    return () => clearTimeout(timer);
  }, [note]);
  const undo = () => {
    note?.undo?.();
    setNote(null);
  };
  return html`<div class="announcer" role="status">
    ${note &&
    html`<p><span>${note.text}</span>
      ${note.undo
        ? html`<button onClick=${undo}>${t("undo")}</button>`
        : html`<button onClick=${() => setNote(null)}>${t("close")}</button>`}
    </p>`}
  </div>`;
}
