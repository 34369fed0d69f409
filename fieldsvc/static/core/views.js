/**
 * Stored rows as the screens show them: one household in a list, one record with its properties, the visits made there.
 * Labels and codes are put into the reader's language here, so that no screen knows a dataset.
 */

import { heldOf } from "./beginning.js";
import { begins, overlayAll } from "./rebase.js";
import { isRefused, isUnsent } from "./outbox.js";
import { searchText } from "./search.js";

/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").EntityRow} EntityRow */
/** @typedef {import("./types.js").Language} Language */
/** @typedef {import("./types.js").PropertyView} PropertyView */
/** @typedef {import("./types.js").SubmissionRow} SubmissionRow */
/**
 * All that one look at the phone's database needs, read at once.
 * @typedef {{ entities: EntityRow[], submissions: SubmissionRow[], outbox: Entry[], subjects:
 *   import("./types.js").SubjectRow[], notices: import("./types.js").Notice[], forms: import("./types.js").FormRow[],
 *   datasets: import("./types.js").DatasetRow[], drafts: import("./types.js").DraftRow[],
 *   photos: import("./types.js").PhotoRow[], me: string, now: number, language: Language }} Shelf
 */

/** China keeps one time without summer time; months are its months wherever the phone thinks it is. */
const EAST_MS = 8 * 3600 * 1000;

/** The year and month of a moment, as one number. @param {number} at @returns {number} */
export function monthOf(at) {
  const day = new Date(at + EAST_MS);
  return day.getUTCFullYear() * 100 + day.getUTCMonth() + 1;
}

/** @param {any} text a text per language, or a plain one @param {Language} language @returns {string} */
export function say(text, language) {
  if (!text) return "";
  return typeof text === "string" ? text : text[language] || text.zh || text.en || Object.values(text)[0] || "";
}

/** @param {Shelf} shelf @param {string} form @param {string} [version] @returns {string} */
export function formTitle(shelf, form, version) {
  const known = shelf.forms.filter((each) => each.form === form);
  const row = known.find((each) => each.version === version) || known[0];
  return say(row?.title, shelf.language) || form;
}

// Made once: made anew for each visit, it took most of the time in which the numbers were counted.
const inOrder = new Intl.Collator("en", { numeric: true }).compare;

/**
 * The latest version of a form that is wholly here.
 * @param {readonly import("./types.js").FormRow[]} forms
 * @param {string} form
 * @returns {import("./types.js").FormRow|undefined}
 */
export function latestForm(forms, form) {
  return forms
    .filter((row) => row.form === form && row.definition)
    .sort((one, other) => inOrder(other.version, one.version))[0];
}

/**
 * Of these, newest first, those that make a household visited: neither taken back, tried nor rejected, and of a form that
 * says it is a visit (decision 0047).
 * @param {Shelf} shelf
 * @param {readonly import("./types.js").VisitView[]} visits
 */
export const counting = (shelf, visits) => visits.filter(({ form, state }) =>
  !["withdrawn", "trial", "rejected"].includes(state) && latestForm(shelf.forms, form)?.definition.visit);

/** Rows by the subject they are about. @template {{subject?: string}} T @param {readonly T[]} rows @returns {Map<string, T[]>} */
export function bySubject(rows) {
  /** @type {Map<string, T[]>} */
  const groups = new Map();
  for (const row of rows) {
    const key = row.subject || "";
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

/** A form on trial has an id of its own (decision 0012): nobody reviews what was filled in to try it out. @param {Entry} entry */
const isTrial = (entry) => !!entry.form?.endsWith(".trial");

/**
 * The visits made to a subject, newest first: those the server has, and those still only here.
 * @param {Shelf} shelf
 * @param {readonly SubmissionRow[]} submissions of the subject
 * @param {readonly Entry[]} entries of the subject
 * @returns {import("./types.js").VisitView[]}
 */
export function visitsOf(shelf, submissions, entries) {
  const known = new Set(submissions.map((row) => row.id));
  // What the office declined, and what the next helper took back again, stands in nobody's place.
  const places = new Map(submissions.map((row) => [row.id, row.replaced_by]));
  const standing = submissions.filter((row) => row.state !== "withdrawn" || places.get(row.replaces || ""));
  const replaced = new Set([...standing, ...entries.filter((entry) => !isRefused(entry))].map((row) => row.replaces).filter(Boolean));
  const taken = new Set(entries.filter((entry) => entry.kind === "withdrawal" && entry.state !== "refused").map((entry) => entry.submission));
  const received = submissions.map((row) => ({
    id: row.id, form: row.form, title: formTitle(shelf, row.form, row.version), at: row.started_at, author: row.author,
    state: taken.has(row.id) ? "withdrawn" : row.state, waiting: false, mine: row.author_id === shelf.me,
    photos: row.photos || [],
  }));
  const own = entries
    .filter((entry) => entry.kind === "submission" && !known.has(entry.id) && entry.state !== "refused")
    .map((entry) => ({
      id: entry.id, form: entry.form || "", title: formTitle(shelf, entry.form || "", entry.version),
      at: entry.created_at, waiting: isUnsent(entry),
      state: taken.has(entry.id) ? "withdrawn" : isTrial(entry) ? "trial" : "waiting",
      mine: true, photos: entry.photos,
    }));
  return [...received, ...own].filter((visit) => !replaced.has(visit.id)).sort((one, other) => other.at - one.at);
}

/**
 * The households list, or what is about the reader.
 * @param {Shelf} shelf
 * @param {readonly import("./types.js").DecisionView[]} decisions
 * @param {boolean} own
 * @returns {import("./types.js").HouseholdRow[]}
 */
export function householdRows(shelf, decisions, own) {
  const submissions = bySubject(shelf.submissions);
  const entries = bySubject(shelf.outbox);
  const month = monthOf(shelf.now);
  const open = new Map(decisions.filter((each) => each.state === "open").map((each) => [each.subject, each]));
  const entities = bySubject(shelf.entities);
  /** @type {import("./types.js").HouseholdRow[]} */
  const rows = [];
  for (const { id, role, begun } of heldOf(shelf)) {
    const mine = entries.get(id) || [];
    const seen = overlayAll(entities.get(id) || [], mine, id).find((each) => each.row.id === id);
    if (!seen || own !== (role === "own")) continue;
    const { label, properties, dataset } = seen.row;
    const [last] = counting(shelf, visitsOf(shelf, submissions.get(id) || [], mine));
    const refused = mine.some((entry) => isRefused(entry) || (begun && begins(entry) && entry.receipt?.status === "review"));
    const attention = refused || decisions.some((each) => each.subject === id && each.state === "waiting");
    const done = !!last && monthOf(last.at) === month;
    const definition = shelf.datasets.find((each) => each.name === dataset)?.definition;
    rows.push({
      id, name: label, hamlet: properties.hamlet || "", people: properties.people || "", phone: properties.phone || "",
      // The words come after the first households: until then nothing stands there, and no code.
      type: definition ? displayed(definition, "hh_type", properties.hh_type, shelf.language) : "", lastVisitAt: last ? last.at : null,
      state: role === "practice" ? role : open.has(id) ? "returned" : attention ? "attention" : done ? "done" : "todo",
      search: searchText([label, properties.hamlet], [properties.phone, properties.hh_no]),
      comment: open.get(id)?.comment, position: properties.home_gps || undefined, unsent: begun,
    });
  }
  return rows;
}

/**
 * A stored value in words.
 * @param {any} definition
 * @param {string} name
 * @param {string|null|undefined} value
 * @param {Language} language
 * @returns {string}
 */
export function displayed(definition, name, value, language) {
  if (value === null || value === undefined) return "";
  const property = definition?.properties[name];
  const choices = /** @type {any[]|undefined} */ (property?.choices);
  if (!choices) return value;
  const codes = property.type === "select_multiple" ? value.split(" ") : [value];
  return codes.map((code) => say(choices.find((choice) => choice.value === code)?.label, language) || code).join("、");
}

/**
 * One record with its properties in the order of its dataset.
 * @param {Shelf} shelf
 * @param {{ row: EntityRow, pending: Set<string> }} seen
 * @param {readonly import("./types.js").DecisionView[]} decisions
 * @returns {import("./types.js").EntityView}
 */
export function entityView(shelf, { row, pending }, decisions) {
  const { language } = shelf;
  const definition = shelf.datasets.find((each) => each.name === row.dataset)?.definition;
  /** @type {[string, any][]} */
  const known = Object.entries(definition?.properties || {});
  /** @type {PropertyView[]} */
  const properties = known.map(([name, property]) => {
    const value = row.properties[name] ?? null;
    const decision = decisions.find((each) => each.entity === row.id && (each.names || []).includes(name));
    return {
      name, label: say(property.label, language) || name, value, type: property.type,
      display: displayed(definition, name, value, language),
      choices: property.choices?.map((/** @type {any} */ choice) => ({ value: choice.value, label: say(choice.label, language) })),
      editable: !!property.editable, by: row.origin?.[name]?.[0] || "", at: row.origin?.[name]?.[1] || 0, pending: pending.has(name),
      // The number is there to be called: masking it would hide nothing from whoever presses the button above it.
      masked: property.sensitivity !== "open" && name !== "phone",
      conflict: decision && decision.kind === "conflict"
        ? { mine: decision.mine, other: decision.other, by: decision.by, at: decision.at, reason: decision.reason,
            state: decision.state === "waiting" ? "waiting" : "decided" }
        : null,
    };
  });
  const { process: steps } = definition || {};
  const stage = steps?.stage;
  const state = properties.find((each) => each.name === stage || (!stage && /^(stage|status)$/.test(each.name)));
  return {
    id: row.id, dataset: row.dataset, version: row.version, properties, steps, kind: say(definition?.label, language),
    label: row.label || properties.find((each) => each.display && !each.masked)?.display || "", state: state?.display || "",
  };
}

/** The form every household has and every month asks for. */
const FIRST = "visit";

/**
 * The datasets of which a form has one record named, and those it cannot be filled in without.
 * @param {any} definition
 * @returns {{ on: string[], needs: string[] }}
 */
export function recordsOf({ nodes, reads = {} }) {
  /** @type {any[]} */
  const named = [];
  const walk = (/** @type {any[]} */ children) => {
    for (const node of children) {
      if (node.kind === "group") walk(node.children);
      else if (node.type === "select_one" && node.choices in reads) named.push(node);
    }
  };
  walk(nodes);
  return { on: named.map((node) => node.choices), needs: named.filter((node) => node.required && !node.relevant).map((node) => node.choices) };
}

/**
 * The forms that can be filled in about a subject now, the visit first: a household has a dozen, and one that asks for a
 * case nobody opened leads nowhere.
 * @param {Shelf} shelf
 * @param {readonly EntityRow[]} rows the subject first, then everything held of it
 * @param {readonly import("./types.js").VisitView[]} visits newest first
 * @returns {import("./types.js").FormOffer[]}
 */
export function menuOf(shelf, [subject, ...rows], visits) {
  const labelOf = (/** @type {string|undefined} */ name) => say(shelf.datasets.find((each) => each.name === name)?.definition?.label, shelf.language);
  const names = new Set(shelf.forms.filter((row) => row.subject_dataset === subject.dataset).map((row) => row.form));
  return [...names].flatMap((name) => {
    const row = latestForm(shelf.forms, name);
    if (!row || row.definition.new_subject) return [];
    const { on, needs } = recordsOf(row.definition);
    if (!needs.every((dataset) => rows.some((each) => each.dataset === dataset))) return [];
    const written = (row.definition.entities || []).map((/** @type {any} */ each) => each.dataset);
    const theme = written.find((/** @type {string} */ dataset) => dataset !== subject.dataset) || subject.dataset;
    return [{
      form: name, version: row.version, title: formTitle(shelf, name, row.version), on,
      theme: say(row.definition.theme, shelf.language) || labelOf(theme), last: visits.find((visit) => visit.form === name),
    }];
  }).sort((one, other) => Number(other.form === FIRST) - Number(one.form === FIRST));
}

/**
 * What a form says of the question an answer belongs to.
 * @param {any} definition
 * @param {string} ref with positions
 * @returns {any}
 */
export function questionAt(definition, ref) {
  const plain = ref.replace(/\[\d+\]/g, "");
  /** @param {any[]} nodes @returns {any} */
  const find = (nodes) => {
    for (const node of nodes || []) {
      const found = node.ref === plain ? node : find(node.children);
      if (found) return found;
    }
    return undefined;
  };
  return find(definition?.nodes);
}
