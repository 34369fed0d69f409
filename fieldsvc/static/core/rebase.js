/**
 * The phone's own, unanswered work laid over what the server said: which value to show, and which version the next
 * edit starts from. A screen is always "synced rows plus replay of pending operations", so a pull never takes away
 * what a cadre just typed.
 */

/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").Touch} Touch */
/** @typedef {import("./types.js").EntityRow} EntityRow */
/**
 * Where an edit starts. `seen_version` is the synced version that was under the screen, and `seen_base` the place of the
 * first of the own links laid over it, without the `unseen` edits, in whichever branch, that a person has to judge or that
 * were refused: the server then knows what a restated value means, and what begins a record anew after a backup was put back.
 * @typedef {{ base_version: number, trunk_version: number, branch_id: string, seen_version: number, seen_base: number,
 *   unseen?: string[] }} Base
 */

const APPLIED = new Set(["applied", "merged", "conflict"]);

/** Whether an operation begins the household it is about. @param {Entry} entry */
export const begins = (entry) => entry.touches.some((touch) => touch.create && touch.entity === entry.subject);

/**
 * Whether this phone still has to show an operation's effect on an entity itself: until a pulled version contains it.
 * Work in review is not shown as if it were true; a person may yet say no.
 * @param {Entry} entry
 * @param {string} entityId
 * @param {number} syncedVersion 0 while the entity is only on this phone
 * @returns {boolean}
 */
export function isOpen(entry, entityId, syncedVersion) {
  if (entry.state === "waiting" || entry.state === "sending") return true;
  if (entry.state !== "settled" || !entry.receipt) return false;
  // What begins a household is shown while a person looks at it as well, with what waits for nothing but that: nobody else
  // has it, here it is put right, and what is filled in next is the next word of the same person.
  if (entry.receipt.status === "held" || (entry.receipt.status === "review" && !syncedVersion
    && (begins(entry) || entry.receipt.problem?.code === "registration-waits"))) return true;
  const effect = (entry.receipt.effects || []).find((each) => each.entity === entityId);
  return !!effect && APPLIED.has(effect.status) && (effect.version || 0) > syncedVersion;
}

/**
 * The touches of one entity that are still this phone's to show, oldest first. A pulled row that contains a link of a
 * branch contains the links before it too, even one whose receipt got lost.
 * @param {readonly Entry[]} entries
 * @param {string} entityId
 * @param {number} syncedVersion
 * @returns {Touch[]}
 */
export function openTouches(entries, entityId, syncedVersion) {
  const mine = entries.filter((entry) => entry.touches.some((touch) => touch.entity === entityId));
  /** @param {readonly Entry[]} some */
  const touches = (some) => some.flatMap((entry) => entry.touches.filter((touch) => touch.entity === entityId));
  const contained = touches(mine.filter((entry) => isContained(entry, entityId, syncedVersion)));
  return touches(mine.filter((entry) => isOpen(entry, entityId, syncedVersion)).sort((one, other) => one.seq - other.seq))
    .filter((touch) => !contained.some((each) => each.branch_id === touch.branch_id && each.base_version > touch.base_version));
}

/** Whether the synced row has an operation's effect in it. @param {Entry} entry @param {string} entityId @param {number} syncedVersion */
const isContained = (entry, entityId, syncedVersion) =>
  (entry.receipt?.effects || []).some((effect) =>
    effect.entity === entityId && APPLIED.has(effect.status) && (effect.version || Infinity) <= syncedVersion);

/**
 * Where the next edit of an entity starts. The first edit since the last settled state opens a branch at the version
 * the phone holds; every further one is the next link of that branch, so that the server can tell a chain of offline
 * edits from several people's edits of one version.
 * @param {EntityRow|undefined} row
 * @param {readonly Entry[]} entries
 * @param {string} entityId
 * @param {() => string} newId
 * @returns {Base}
 */
export function nextBase(row, entries, entityId, newId) {
  const version = row?.version || 0;
  const open = openTouches(entries, entityId, version);
  const last = open[open.length - 1];
  const unseen = entries.filter(({ receipt, touches }) => ["review", "refused"].includes(receipt?.status || "")
    // What was amended before it took effect was shown elsewhere, in its amendment.
    && touches.some((touch) => touch.entity === entityId && !open.includes(touch)
      && (touch.branch_id === last?.branch_id || receipt?.problem?.code !== "replaced"))).map(({ id }) => id);
  const base_version = last && last.base_version + 1;
  return {
    ...(last ? {
      base_version, trunk_version: last.trunk_version, branch_id: last.branch_id,
      seen_version: version, seen_base: areOneBranch(open) ? open[0].base_version : base_version,
    } : freshBase(version, newId)), ...(unseen.length ? { unseen } : {}),
  };
}

/**
 * A form that stayed open over a pull ends in the branch it was begun in, and corrections made meanwhile are another's.
 * Of links laid over each other like that the server could lay none as they were; what they show is said in words.
 * @param {readonly Touch[]} open
 */
const areOneBranch = (open) => open.every((touch) => touch.branch_id === open[0].branch_id);

/** A base that claims to show no link: what was on the screen is said in words. @param {Base} base @returns {Base} */
export const inWords = ({ unseen: _, ...base }) => ({ ...base, seen_base: base.base_version });

/**
 * Where an edit starts that was begun at a base and ends now: behind what its branch has got since, none of which was on
 * its screen. A form may be left open while its record is corrected.
 * @template {Base} B
 * @param {B} base
 * @param {readonly Entry[]} entries
 * @returns {B}
 */
export function behind(base, entries) {
  const since = entries.flatMap(({ id, touches }) => touches.filter((touch) =>
    touch.branch_id === base.branch_id && touch.base_version >= base.base_version).map((touch) => ({ id, at: touch.base_version })));
  if (!since.length) return base;
  const unseen = [...(base.unseen || []), ...since.map(({ id }) => id)];
  return { ...base, base_version: Math.max(...since.map(({ at }) => at)) + 1, unseen };
}

/**
 * The start of a branch at a version.
 * @param {number} version 0 for what does not exist yet
 * @param {() => string} newId
 * @returns {Base}
 */
export const freshBase = (version, newId) => ({
  base_version: version, trunk_version: version, branch_id: newId(), seen_version: version, seen_base: version,
});

/**
 * What the synced row has where something else is stated, with the values of the same groups, which are merged as one. A
 * server put back to an older backup gives version numbers again; this tells it what stood under the screen.
 * @param {any} definition of the dataset, where it is here
 * @param {Record<string, string|null>} synced
 * @param {Record<string, string|null>} stated
 * @returns {Record<string, string|null>}
 */
export function replaced(definition, synced, stated) {
  const properties = definition?.properties || {};
  const group = (/** @type {string} */ name) => properties[name]?.group || name;
  const groups = new Set(Object.keys(differing(synced, stated)).map(group));
  const names = Object.keys({ ...properties, ...stated }).filter((name) => groups.has(group(name)));
  return Object.fromEntries(names.map((name) => [name, synced[name] ?? null]));
}

/**
 * The part of what is stated that differs from what stood there.
 * @param {Record<string, string|null>} before
 * @param {Record<string, string|null>} stated
 * @returns {Record<string, string|null>}
 */
export const differing = (before, stated) =>
  Object.fromEntries(Object.entries(stated).filter(([name, value]) => (before[name] ?? null) !== value));

/**
 * An entity as the cadre should see it: the synced row with her waiting changes over it, or one that exists only on
 * this phone so far; and what of it is `synced`, the links of the one open branch apart. Undefined when there is nothing to show.
 * @param {EntityRow|undefined} row
 * @param {readonly Entry[]} entries
 * @param {string} entityId
 * @returns {{ row: EntityRow, pending: Set<string>, synced: EntityRow["properties"] }|undefined}
 */
export function overlay(row, entries, entityId) {
  const touches = openTouches(entries, entityId, row?.version || 0);
  const first = touches[0];
  if (!row && !first) return undefined;
  const start = row || {
    id: entityId, dataset: first.dataset, subject: first.subject, version: 0, properties: {}, label: "", at: 0, by: "",
  };
  const changes = Object.assign({}, ...touches.map((touch) => touch.changes));
  const properties = { ...start.properties, ...changes };
  const labels = touches.map((touch) => touch.label).filter(Boolean);
  return {
    row: { ...start, label: labels[labels.length - 1] || start.label, properties },
    pending: new Set(Object.keys(changes)), synced: areOneBranch(touches) ? start.properties : properties,
  };
}

/**
 * All entities of a subject as they should be seen; those the server removed or merged away are left out.
 * @param {readonly EntityRow[]} rows
 * @param {readonly Entry[]} entries
 * @param {string} subject
 * @returns {NonNullable<ReturnType<typeof overlay>>[]}
 */
export function overlayAll(rows, entries, subject) {
  const known = new Map(rows.map((row) => [row.id, row]));
  const ids = new Set([...known.keys()]);
  for (const entry of entries) {
    for (const touch of entry.touches) if (touch.subject === subject) ids.add(touch.entity);
  }
  /** @type {ReturnType<typeof overlayAll>} */
  const seen = [];
  for (const id of ids) {
    const row = known.get(id);
    if (row && (row.deleted || row.merged_into)) continue;
    const over = overlay(row, entries, id);
    if (over) seen.push(over);
  }
  return seen;
}

/**
 * What a draft begins with: where its edits start, what is on its screen, and what of that the server said.
 * @param {ReturnType<typeof overlayAll>} seen
 * @param {readonly Entry[]} outbox
 * @param {() => string} newId
 */
export function standingOn(seen, outbox, newId) {
  const bases = /** @type {import("./types.js").DraftRow["bases"]} */ ({});
  const rows = /** @type {Record<string, Record<string, string|null>>} */ ({});
  const under = /** @type {typeof rows} */ ({});
  for (const { row, synced } of seen) {
    bases[row.id] = nextBase(row, outbox, row.id, newId);
    rows[row.id] = row.properties;
    under[row.id] = synced;
  }
  return { bases, rows, under };
}
