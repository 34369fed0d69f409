/**
 * What an amendment starts from: the visit as the office sent it back, or as this phone sent it, and what that stood on.
 * What it leaves as the visit had it is no change.
 */

import { freshBase, inWords, isOpen, nextBase } from "./rebase.js";

/** @typedef {import("./types.js").DraftRow} DraftRow */
/** @typedef {import("./types.js").Entry} Entry */

/** @param {import("./drafts.js").World} world @param {string} id of the visit */
export async function original(world, id) {
  const notices = await world.db().all("notices");
  const sentBack = notices.filter((each) => each.kind === "return" && each.submission === id).pop();
  /** @type {DraftRow["bases"]} */
  const bases = {};
  /** @type {Record<string, string>} */
  const ids = {};
  if (sentBack) {
    for (const { id: entity, version, path } of sentBack.entities || []) {
      if (version) bases[entity] = { ...freshBase(version, world.newId), amends: true };
      if (path) ids[path] = entity;
    }
    const { form, form_version: version, subject, answers, fixes, comment, comments } = sentBack;
    return { what: { form, version, subject }, from: { answers, bases, ids, context: { fixes }, comment, comments } };
  }
  const entry = /** @type {Entry|undefined} */ (await world.db().get("outbox", id));
  if (!entry) throw { code: "visit-not-here" };
  const { form, version, subject, answers, context } = JSON.parse(entry.body);
  const outbox = /** @type {Entry[]} */ (await world.db().all("outbox"));
  for (const touch of entry.touches) {
    const version = entry.receipt?.effects?.find((each) => each.entity === touch.entity)?.version;
    if (version) bases[touch.entity] = { ...freshBase(version, world.newId), amends: true };
    // On its way still, or again to a server that was put back: what it said is not said anew.
    else if (!touch.create && isOpen(entry, touch.entity, 0))
      bases[touch.entity] = { ...inWords(nextBase(await world.db().get("entities", touch.entity), outbox, touch.entity, world.newId)), amends: true };
    if (touch.path) ids[touch.path] = touch.entity;
  }
  return { what: { form, version, subject }, from: { answers, bases, ids, context: { fixes: context?.fixes } } };
}
