/**
 * What came of the work this phone sent: the outbox as a list, differences that wait or were decided, visits sent back,
 * and the three numbers at the top of every screen. The numbers count receipts, never hopes.
 */

import { heldOf } from "./beginning.js";
import { isRefused, isUnsent } from "./outbox.js";
import { problem as sentence } from "./problems.js";
import { bySubject, counting, displayed, formTitle, monthOf, say, visitsOf } from "./views.js";

/** @typedef {import("./types.js").DecisionView} DecisionView */
/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").OutboxView} OutboxView */
/** @typedef {import("./views.js").Shelf} Shelf */

/** @param {Shelf} shelf @param {string} subject @returns {string} */
export const nameOf = (shelf, subject) => shelf.entities.find((row) => row.id === subject)?.label
  || shelf.outbox.flatMap(({ touches }) => touches).find((touch) => touch.entity === subject && touch.create)?.label || "";

/**
 * Everything sent or to be sent, newest first.
 * @param {Shelf} shelf
 * @param {boolean} running
 * @returns {OutboxView[]}
 */
export function outboxViews(shelf, running) {
  return listed(shelf).sort((one, other) => other.seq - one.seq).map((entry) => {
    const photos = photosOf(shelf, entry);
    const total = photos.reduce((bytes, photo) => bytes + photo.bytes, 0);
    const bytesLeft = photos.reduce((bytes, photo) => bytes + (photo.done ? 0 : photo.bytes - photo.sent), 0);
    return {
      id: entry.id, kind: entry.kind, title: titleOf(shelf, entry), subject: entry.subject, at: entry.created_at,
      subjectName: nameOf(shelf, entry.subject), state: stateOf(entry, running, photos),
      receivedAt: entry.receipt?.received_at || entry.settled_at || null, problem: problemText(shelf, entry, photos),
      photos: {
        sent: photos.filter((photo) => photo.done).length, total: photos.length, bytesLeft,
        percent: total ? Math.floor(((total - bytesLeft) * 100) / total) : 100,
      },
    };
  });
}

/** Of what was amended only the amendment has a line. @param {Shelf} shelf */
function listed({ outbox }) {
  const amended = new Set(outbox.map((entry) => entry.replaces).filter(Boolean));
  return outbox.filter((entry) => isUnsent(entry) || !amended.has(entry.id));
}

/** @param {Shelf} shelf @param {Entry} entry */
const photosOf = (shelf, entry) => shelf.photos.filter((photo) => photo.owners.includes(entry.id));

/** @param {Shelf} shelf @param {Entry} entry @returns {string} */
function titleOf(shelf, entry) {
  if (entry.kind === "submission") return formTitle(shelf, entry.form || "", entry.version);
  if (entry.kind === "feedback") return JSON.parse(entry.body).text;
  return entry.touches.map((touch) => {
    const definition = shelf.datasets.find((each) => each.name === touch.dataset)?.definition;
    return Object.keys(touch.changes).map((name) => propertyLabel(definition, name, shelf)).join("、");
  }).join("、");
}

/** @param {any} definition @param {string} name @param {Shelf} shelf @returns {string} */
const propertyLabel = (definition, name, shelf) =>
  say(definition?.properties[name]?.label, shelf.language) || name;

/** A photo that will never go: its bytes are gone from this phone, or the server cannot take them. @param {import("./types.js").PhotoRow} photo */
const isLost = (photo) => !!photo.problem && !photo.done;

/** @param {Entry} entry @param {boolean} running @param {import("./types.js").PhotoRow[]} photos @returns {OutboxView["state"]} */
function stateOf(entry, running, photos) {
  if (isRefused(entry)) return "refused";
  if (entry.state === "sending" && running) return "sending";
  if (isUnsent(entry)) return "waiting";
  return entry.receipt?.status === "review" || photos.some(isLost) ? "attention" : "received";
}

/** @param {Shelf} shelf @param {Entry} entry @param {import("./types.js").PhotoRow[]} photos @returns {string|undefined} */
function problemText(shelf, entry, photos) {
  const problem = entry.receipt?.problem;
  if (!problem) return photos.some(isLost) ? sentence({ code: "photo-unreadable" }, shelf.language).text : undefined;
  return [problem.title, problem.remedy].map((text) => say(text, shelf.language)).join(" ").trim() || problem.code;
}

/** Asked for after everything that is typed, and again by each screen. @type {WeakMap<Shelf, DecisionView[]>} */
const made = new WeakMap();

/**
 * Differences and returns, what still asks for something first.
 * @param {Shelf} shelf
 * @returns {DecisionView[]}
 */
export function decisionViews(shelf) {
  let views = made.get(shelf);
  if (!views) {
    views = [...shelf.notices.filter((notice) => notice.kind === "decision").map((notice) => decided(shelf, notice)),
      ...waiting(shelf), ...returns(shelf), ...answers(shelf)];
    views.sort((one, other) => Number(one.state === "decided") - Number(other.state === "decided") || other.at - one.at);
    made.set(shelf, views);
  }
  return views;
}

/** @param {Shelf} shelf @param {any} notice @returns {DecisionView} */
function decided(shelf, notice) {
  // The candidate is the value that waited; it is mine when my operation brought it.
  const mineWaited = shelf.outbox.some((entry) => entry.id === notice.operation);
  const [mine, other] = mineWaited ? [notice.candidate, notice.current] : [notice.current, notice.candidate];
  const inWords = wordsFor(shelf, notice.entity, notice.names || []);
  return {
    id: String(notice.id), kind: "conflict", at: notice.at, subject: notice.subject || "",
    subjectName: nameOf(shelf, notice.subject || ""), label: inWords.label, names: notice.names || [], mine: inWords.of(mine),
    other: inWords.of(other), by: notice.by || "", state: "decided", value: inWords.of(notice.value),
    reason: notice.reason || "", entity: notice.entity,
  };
}

/** My values that wait for a person: receipts said so, and nobody has decided yet. @param {Shelf} shelf @returns {DecisionView[]} */
function waiting(shelf) {
  const closed = new Set(shelf.notices.filter((notice) => notice.kind === "decision").map((notice) => notice.conflict));
  return shelf.outbox.flatMap((entry) => (entry.receipt?.effects || []).flatMap((effect) => {
    if (effect.status !== "conflict" || closed.has(effect.conflict)) return [];
    const row = shelf.entities.find((each) => each.id === effect.entity);
    const touch = entry.touches.find((each) => each.entity === effect.entity);
    if (!touch) return [];
    const names = (row?.conflicts || []).filter((name) => name in touch.changes);
    if (!names.length || !row) return [];
    const inWords = wordsFor(shelf, effect.entity, names);
    const [by, at] = row.origin?.[names[0]] || [row.by, row.at];
    return [{
      id: `${entry.id}/${effect.entity}`, kind: /** @type {const} */ ("conflict"), at, subject: entry.subject,
      subjectName: nameOf(shelf, entry.subject), label: inWords.label, names, mine: inWords.of(touch.changes),
      other: inWords.of(row.properties), by, state: /** @type {const} */ ("waiting"), value: "", reason: "",
      entity: effect.entity,
    }];
  }));
}

/** What the office says to my complaints. @param {Shelf} shelf @returns {DecisionView[]} */
const answers = (shelf) => shelf.notices.filter((notice) => notice.kind === "answer").map((notice) => ({
  id: String(notice.id), kind: "answer", at: notice.at, subject: "", subjectName: "", label: notice.asked, mine: "", other: "",
  by: notice.by, state: "decided", value: "", reason: notice.answer,
}));

/** Visits sent back and not yet sent again. @param {Shelf} shelf @returns {DecisionView[]} */
function returns(shelf) {
  const amended = new Set([...shelf.outbox, ...shelf.submissions].map((row) => row.replaces).filter(Boolean));
  const settled = new Set(shelf.submissions.filter((row) => row.state !== "returned").map((row) => row.id));
  return shelf.notices.filter((notice) => notice.kind === "return").map((notice) => ({
    id: String(notice.id), kind: /** @type {const} */ ("return"), at: notice.at, subject: notice.subject || "",
    subjectName: nameOf(shelf, notice.subject || ""), label: formTitle(shelf, notice.form, notice.form_version), mine: "",
    other: "", by: notice.by || "", state: amended.has(notice.submission) || settled.has(notice.submission)
      ? /** @type {const} */ ("decided") : /** @type {const} */ ("open"),
    value: "", reason: "", submission: notice.submission, comment: notice.comment || "", comments: notice.comments || {},
    labels: questionLabels(shelf, notice),
  }));
}

/** What the commented questions are called. @param {Shelf} shelf @param {any} notice @returns {Record<string, string>} */
function questionLabels(shelf, notice) {
  const definition = shelf.forms.find((row) => row.id === `${notice.form}/${notice.form_version}`)?.definition;
  /** @type {Record<string, string>} */
  const labels = {};
  /** @param {any[]} nodes */
  const walk = (nodes) => {
    for (const node of nodes || []) {
      for (const ref of Object.keys(notice.comments || {})) {
        const label = ref.replace(/\[\d+\]/g, "") === node.ref ? say(node.label, shelf.language) : "";
        if (typeof label === "string" && label) labels[ref] = label;
      }
      walk(node.children);
    }
  };
  walk(definition?.nodes);
  return labels;
}

/** @param {Shelf} shelf @param {string} entityId @param {string[]} names */
function wordsFor(shelf, entityId, names) {
  const row = shelf.entities.find((each) => each.id === entityId);
  const definition = shelf.datasets.find((each) => each.name === row?.dataset)?.definition;
  return {
    label: names.map((name) => propertyLabel(definition, name, shelf)).join("、"),
    /** @param {any} values a value per name, or one value @returns {string} */
    of: (values) => names.map((name) => {
      const value = values && typeof values === "object" ? values[name] : values;
      return displayed(definition, name, value, shelf.language);
    }).join("、"),
  };
}

/**
 * The three numbers. On this phone: without a receipt. Received: with one, this month. Attention: a person here has
 * something to do.
 * @param {Shelf} shelf
 * @param {readonly DecisionView[]} decisions
 * @returns {{ onPhone: number, received: number, attention: number }}
 */
export function countsOf(shelf, decisions) {
  const month = monthOf(shelf.now);
  return {
    onPhone: shelf.outbox.filter(isUnsent).length,
    received: shelf.outbox.filter((entry) => entry.state === "settled" && monthOf(entry.settled_at || 0) === month).length,
    // As the list of the outbox has it: a number without a line to tap would never go away.
    attention: listed(shelf).filter((entry) => /refused|attention/.test(stateOf(entry, false, photosOf(shelf, entry)))).length
      + decisions.filter((each) => each.state === "open").length,
  };
}

/**
 * How many of my households were visited this month. Households are counted, never visits: nobody gains by a second.
 * @param {Shelf} shelf
 * @returns {{ done: number, total: number }|null} null until the phone knows which of its forms is a visit
 */
export function monthCount(shelf) {
  if (!shelf.forms.some(({ definition }) => definition?.visit)) return null;
  const month = monthOf(shelf.now);
  const submissions = bySubject(shelf.submissions);
  const entries = bySubject(shelf.outbox);
  const real = heldOf(shelf).filter(({ role }) => !/^(practice|own)$/.test(role));
  const visited = real.filter(({ id }) =>
    counting(shelf, visitsOf(shelf, submissions.get(id) || [], entries.get(id) || [])).some((visit) => monthOf(visit.at) === month));
  return { done: visited.length, total: real.filter((each) => !each.leaving).length };
}
