/**
 * Photos of one place over time. A form gives a photo question a slot; pictures of the same slot, or of the one the
 * question names as its `ghost`, are a series: the house before, during and after.
 */

import { latestForm, visitsOf } from "./views.js";

/** @typedef {import("./types.js").Earlier} Earlier */

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

/**
 * The earlier photos a new one should be lined up with, newest first.
 * @param {import("./views.js").Shelf} shelf
 * @param {import("./types.js").DraftRow} draft
 * @param {string} ref
 * @returns {Earlier[]}
 */
export function earlierPhotos(shelf, { form, version, subject, replaces }, ref) {
  const asked = questionAt(shelf.forms.find((row) => row.id === `${form}/${version}`)?.definition, ref)?.parameters;
  const slot = asked?.ghost || asked?.slot;
  if (!slot) return [];
  const of = (/** @type {{subject: string}} */ row) => row.subject === subject;
  const visits = visitsOf(shelf, shelf.submissions.filter(of), shelf.outbox.filter(of));
  return visits
    // What is being amended would only show the very picture that is taken again.
    .filter((visit) => visit.id !== replaces && !["withdrawn", "rejected"].includes(visit.state))
    .flatMap(({ form: own, at, photos }) => {
      const definition = latestForm(shelf.forms, own)?.definition;
      const same = photos.filter((photo) => questionAt(definition, photo.ref)?.parameters?.slot === slot);
      return same.map(({ sha256, position }) => ({ sha256, at, ...(position ? { position } : {}) }));
    });
}
