/** Which fields of a row are sealed behind a PIN, and what stands in the row in their place. */

/** @typedef {Record<string, any>} Row */

/** Everything else of these rows is. What syncing goes by stays: ids, versions, stamps, which form a row still needs. */
const OPEN = {
  drafts: ["id", "stamp", "form", "version", "subject", "started_at", "saved_at", "replaces", "record"],
  notices: ["id", "kind", "at", "subject", "gen", "form", "form_version", "submission", "conflict", "operation", "entity"],
  meta: ["id", "subject"],
};
const CLOSED = {
  entities: ["properties", "label", "origin"],
  outbox: ["body", "touches", "photos"],
};
/** The stores beside the register's own, whose rows nobody could give this phone again. */
export const DEEP = ["drafts", "outbox", "notices", "meta"];
/** The answers of the last visit, and the record as a draft found it. */
const PERSONAL = /^(last|shown)\//;

/**
 * The names of what a row hides, or null where it hides nothing.
 * @param {string} store
 * @param {Row|undefined} row
 * @param {boolean} deep whether more than the register is sealed
 * @returns {string[]|null}
 */
export function secretsOf(store, row, deep) {
  if (!row || row.sealed || (store !== "entities" && !deep) || (store === "meta" && !PERSONAL.test(row.id))) return null;
  const open = /** @type {Record<string, string[]>} */ (OPEN)[store];
  return open ? Object.keys(row).filter((name) => !open.includes(name)) : /** @type {Record<string, string[]>} */ (CLOSED)[store] || null;
}

/**
 * What stands where the secrets were, for whoever reads the row without a key.
 * @param {string} store
 * @param {Row} row
 * @param {string} letter what the server reads in place of an operation's text
 * @returns {Row}
 */
export function standIn(store, row, letter) {
  if (store === "entities") return { properties: {}, label: "" };
  if (store !== "outbox") return {};
  // That it begins a household is no secret: its receipt may come while nobody can read the rest.
  const touches = row.touches.filter((/** @type {Row} */ touch) => touch.create && touch.entity === row.subject).map(bare);
  return { body: letter, touches, photos: row.photos.map((/** @type {Row} */ { ref, sha256 }) => ({ ref, sha256 })) };
}

/** An effect without what it says. @param {Row} touch */
const bare = ({ entity, dataset, create, base_version, trunk_version, branch_id }) =>
  ({ entity, dataset, create, base_version, trunk_version, branch_id, changes: {} });
