/** The small parts that screens are put together from: tags, notices, headings, choices, and the undo line. */

import { html, useEffect, useState } from "./hooks.js";
import { Icon } from "./icons.js";
import { back } from "./route.js";
import { has, t } from "./words.js";

/** @typedef {import("./icons.js").IconName} IconName */
/** @typedef {import("./words.js").Key} Key */
/** @typedef {import("./hooks.js").Failure} Failure */
/** @typedef {{ tone: string, icon: IconName, key: Key }} Mark how a state looks and what it is called */

/* How every state of the field work looks and what it is called: one table, so that a word never has two colours. */

/** @type {Record<string, Mark>} a household in this month */
export const HOUSEHOLD = {
  todo: { tone: "", icon: "todo", key: "household.todo" },
  done: { tone: "received", icon: "check", key: "household.done" },
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
  approved: { tone: "received", icon: "check", key: "visit.approved" },
  returned: HOUSEHOLD.returned,
  doubt: { tone: "attention", icon: "alert", key: "visit.doubt" },
  rejected: { tone: "attention", icon: "alert", key: "visit.rejected" },
  withdrawn: { tone: "", icon: "return", key: "visit.withdrawn" },
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
  <div class="notice ${tone}"><${Icon} name=${icon} /><div class="stack">${title && html`<strong>${title}</strong>`}${children}</div></div>
`;

/** The head of a screen below another: where Back leads, and what this is. @param {{ parent: string, to: Key, title?: string }} props */
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
  <div class="loading" role="status"><span class="unseen">${t("loading")}</span>${Array.from({ length: rows }, (_, key) => html`<i key=${key} />`)}</div>
`;

/** A place where nothing is yet, and what to do about it. @param {{ text: string, children?: unknown }} props */
export const Empty = ({ text, children }) => html`<div class="empty"><p>${text}</p>${children}</div>`;

/**
 * A few choices side by side, one of them on.
 * @param {{ label: string, value: string, options: [string, string][], onChange: (value: string) => void }} props
 */
export const Segments = ({ label, value, options, onChange }) => html`
  <div class="segments" role="group" aria-label=${label}>
    ${options.map(([code, text]) => html`<button key=${code} aria-pressed=${code === value} onClick=${() => onChange(code)}>${text}</button>`)}
  </div>
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

/** @type {(note: {text: string, undo?: () => void}|null) => void} */
let showNote = () => {};

/** Say what just happened at the foot of the screen, with a way to take it back. @param {string} text @param {() => void} [undo] */
export const announce = (text, undo) => showNote({ text, undo });

/** Where `announce` speaks. It stays ten seconds: a gloved thumb needs time to find 撤销. */
export function Announcer() {
  const [note, setNote] = useState(/** @type {{text: string, undo?: () => void}|null} */ (null));
  showNote = setNote;
  useEffect(() => {
    const timer = note && setTimeout(() => setNote(null), 10000);
    return () => clearTimeout(timer || undefined);
  }, [note]);
  const undo = () => {
    note?.undo?.();
    setNote(null);
  };
  return html`<div class="announcer" role="status">
    ${note && html`<p><span>${note.text}</span>${note.undo ? html`<button onClick=${undo}>${t("undo")}</button>` : html`<button onClick=${() => setNote(null)}>${t("close")}</button>`}</p>`}
  </div>`;
}
