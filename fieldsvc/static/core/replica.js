/**
 * What the phone has of the server, and how a page of changes alters it. A page becomes one list of writes that also
 * moves the cursor, so a lost link costs one page and never leaves half of one.
 *
 * Rows carry the generation they were taken in. After the server's history diverged the phone starts a new one: rows
 * of the old one stay readable in the village until the new snapshot is complete, but any new row replaces them.
 */

/** @typedef {import("./types.js").Page} Page */
/** @typedef {import("./types.js").Change} Change */
/** @typedef {import("./types.js").Write} Write */
/**
 * Where the replica stands. `snapshot` is true from the start of a generation until its last page.
 * `stamp` counts writes, so that only who read the present state may alter it. `roles` are the person's as last told,
 * `villages` where they may register a household.
 * @typedef {{ id: "replica", stamp: number, cursor: string|null, epoch: string|null, generation: number, snapshot: boolean,
 *   more: boolean, lastAt: number|null, serverTime: number, clockOffset: number, roles?: string[], villages?: [string, string][] }} Standing
 */
/**
 * What has to be looked up before a page can be applied: the stored rows it names, and the rows of subjects that leave.
 * @typedef {{ standing: Standing, rows: Map<string, any>, leaving: Map<string, Write[]>, busy: Set<string> }} Held
 */

/** @type {Standing} */
export const EMPTY = {
  id: "replica", stamp: 0, cursor: null, epoch: null, generation: 1, snapshot: true, more: true, lastAt: null, serverTime: 0,
  clockOffset: 0,
};

/** Stores that hold server rows: swept after a new snapshot. */
export const REPLICA_STORES = ["entities", "submissions", "subjects", "notices"];

const STORE = /** @type {Record<string, string>} */ ({
  entity: "entities", submission: "submissions", form: "forms", dataset: "datasets",
});

/**
 * Where a change is kept: store and key; null for a kind this release does not know, which a newer server may send.
 * @param {Change} change
 * @returns {{ store: string, key: string }|null}
 */
export function place(change) {
  const store = STORE[change.kind];
  if (!store) return null;
  if (change.kind === "form") return { store, key: `${change.form}/${change.version}` };
  if (change.kind === "dataset") return { store, key: change.name };
  return { store, key: change.id };
}

/** @param {{ store: string, key: string }} where @returns {string} */
export const rowKey = (where) => `${where.store}/${where.key}`;

/**
 * The writes that bring the replica to the end of a page. A row changes only for a version at least as new as the
 * stored one, so pages may come twice.
 * @param {Page} page
 * @param {Held} held
 * @returns {Write[]}
 */
export function apply(page, held) {
  const gen = held.standing.generation;
  /** @type {Write[]} */
  const writes = [];
  for (const change of page.changes || []) {
    const where = place(change);
    if (!where) continue;
    const stored = held.rows.get(rowKey(where));
    const row = replace(stored, change, where.key, gen);
    if (!row) continue;
    held.rows.set(rowKey(where), row);
    writes.push({ store: where.store, put: row });
  }
  for (const { subject, role } of page.scope?.add || []) {
    writes.push({ store: "subjects", put: { id: subject, role, gen } });
  }
  for (const subject of page.scope?.remove || []) writes.push(...remove(subject, held, gen));
  for (const notice of page.notices || []) writes.push({ store: "notices", put: { ...notice, gen } });
  return writes;
}

/**
 * What to delete of a subject that leaves with this page. When two households become one, the page that takes the one
 * away brings its people and visits as the other's: they moved house and stay on the phone.
 * @param {string} subject
 * @param {Held} held with the rows as the page leaves them
 * @returns {Write[]}
 */
export const takenAlong = (subject, held) => (held.leaving.get(subject) || []).filter((write) => {
  const row = held.rows.get(`${write.store}/${write.delete}`);
  return !row || row.subject === subject;
});

/** The thumbnails fetched for a visit, which leave with it. @param {any} row @returns {Write[]} */
export const thumbnailsOf = (row) =>
  (row.photos || []).map((/** @type {{sha256: string}} */ photo) => ({ store: "chunks", delete: [`thumb/${photo.sha256}`, 0] }));

/**
 * The stored row after a change, or null where the change brings nothing new.
 * @param {any} stored
 * @param {Change} change
 * @param {string} key
 * @param {number} gen
 * @returns {any}
 */
function replace(stored, change, key, gen) {
  const { kind, ...fields } = change;
  if (kind === "form" || kind === "dataset") {
    // The definition is fetched apart, once: it is large and never changes.
    const same = stored && stored.digest === change.digest;
    return { ...fields, id: key, definition: same ? stored.definition : null };
  }
  const current = stored && stored.gen === gen ? stored : null;
  if (kind === "entity" && current) {
    if (current.version > change.version) return null;
    // Somebody moved to another household that is here too: she has left the first one, not the phone.
    if (fields.deleted && !current.deleted && current.subject !== fields.subject) return null;
  }
  return { ...fields, gen };
}

/**
 * A subject leaves this phone: at once, or, while work on it still waits here, after that work has gone. A household
 * handed over on the 20th must not take a visit of the 19th with it.
 * @param {string} subject
 * @param {Held} held
 * @param {number} gen
 * @returns {Write[]}
 */
function remove(subject, held, gen) {
  if (held.busy.has(subject)) return [{ store: "subjects", put: { id: subject, role: "", leaving: true, gen } }];
  return [{ store: "subjects", delete: subject }, ...takenAlong(subject, held)];
}

/**
 * Where the replica stands after a page.
 * @param {Standing} standing
 * @param {Page} page
 * @param {number} now
 * @returns {Standing}
 */
export function advance(standing, page, now) {
  const more = !!page.more;
  return {
    ...standing, stamp: standing.stamp + 1, cursor: page.cursor ?? standing.cursor, epoch: page.epoch, more, lastAt: now,
    snapshot: standing.snapshot && more, serverTime: page.server_time, clockOffset: page.server_time - now,
    roles: page.roles ?? standing.roles, villages: page.villages ?? standing.villages,
  };
}

/**
 * Where the replica starts over: a new generation with no cursor, its rows kept until the snapshot is whole.
 * @param {Standing} standing
 * @param {Page} page
 * @returns {Standing}
 */
export function restart(standing, page) {
  return {
    ...standing, stamp: standing.stamp + 1, cursor: null, epoch: page.epoch, more: true, snapshot: true, generation: standing.generation + 1,
    serverTime: page.server_time,
  };
}

/**
 * Rows left over from an earlier generation, to remove once the snapshot is whole. What a cadre still works on and
 * holds no more stays until that work has gone.
 * @param {string} store
 * @param {readonly any[]} rows
 * @param {number} generation
 * @param {Set<string>} busy subjects the snapshot did not bring
 * @returns {Write[]}
 */
export function sweep(store, rows, generation, busy) {
  return rows.filter((row) => row.gen !== generation).flatMap(/** @returns {Write[]} */ (row) => {
    if (!busy.has(row.subject || row.id)) return [{ store, delete: row.id }];
    return store === "subjects" ? [{ store, put: { ...row, leaving: true } }] : [];
  });
}
