/**
 * Households that begin on this phone: somebody found a family that no list has. Until the server has it, it is held by
 * nobody but this phone, and shown, visited and corrected here like any other.
 */

import { isBeginning } from "./outbox.js";
import { begins } from "./rebase.js";

/** @typedef {import("./types.js").Entry} Entry */

/**
 * The subjects this phone holds, and those it has begun.
 * @param {Pick<import("./views.js").Shelf, "subjects"|"outbox">} shelf
 * @returns {(import("./types.js").SubjectRow & { begun?: true })[]}
 */
export function heldOf({ subjects, outbox }) {
  const known = new Set(subjects.map((each) => each.id));
  const begun = outbox.filter((entry) => isBeginning(entry) && !known.has(entry.subject));
  return [...subjects, ...[...new Set(begun.map((entry) => entry.subject))].map((id) => ({ id, role: "cadre", begun: /** @type {const} */ (true) }))];
}

/**
 * The households of which the server has just said that they are in the register: whoever begins one holds it. What says
 * so may come pages later, and meanwhile it must not leave the list. What is known already tells nothing of today, except
 * where the first receipt was lost: that household stays until the pull is whole, as if of the generation before.
 * @param {readonly Entry[]} settled
 * @param {number} generation
 * @param {number} serverTime
 * @returns {import("./types.js").Write[]}
 */
export const registered = (settled, generation, serverTime) => settled
  .filter(({ receipt, ...entry }) => begins(entry) && (!receipt?.duplicate || entry.settled_at === serverTime)
    && receipt?.effects?.some((each) => each.entity === entry.subject && each.version))
  .map(({ subject: id, receipt }) => ({ store: "subjects", put: { id, role: "cadre", gen: generation - (receipt?.duplicate ? 1 : 0) } }));
