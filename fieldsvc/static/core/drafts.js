/**
 * A filling-in of a form between its first tap and its last: kept after every change, pinned to the version it was
 * begun with, and turned into one frozen operation at the end. Low-end phones kill the tab while the camera is open;
 * whatever was typed before that is in the database.
 */

import { enqueue } from "./outbox.js";
import { fixesOf, photosIn, rowsShown, submission } from "./operations.js";
import { filesOf } from "./uploads.js";
import { behind, differing, freshBase, nextBase, overlay, overlayAll, replaced, standingOn } from "./rebase.js";

/** @typedef {import("./types.js").DraftRow} DraftRow */
/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").Touch} Touch */
/** @typedef {import("./types.js").Write} Write */
/**
 * What drafts, corrections and photos need of the world. `changed` says that stored rows moved, `queued` that there is
 * something to send.
 * @typedef {{
 *   db: () => import("./types.js").Database, shelf: () => Promise<import("./views.js").Shelf>, person: () => import("./types.js").PersonRow, installId: string,
 *   now: () => number, utcOffset: () => number, random: () => number, newId: () => string,
 *   sha256Text: (text: string) => Promise<string>, language: () => import("./types.js").Language,
 *   openForm: (definition: any, options: any) => any|Promise<any>, isSlow: () => boolean,
 *   clock: () => { taken_at: number, clock_offset?: number },
 *   preparePhoto: (file: Blob, wish: { maxPixels: number, maxBytes?: number, slow: boolean }) => Promise<{ photo: Picture, thumb: Picture|null }>,
 *   keepFile: (db: import("./types.js").Database, file: Picture) => Promise<void>,
 *   dropFile: (db: import("./types.js").Database, sha256: string) => Promise<void>,
 *   listsHere: (db: import("./types.js").Database, subject: string) => Promise<any[]>, original: (world: World, id: string) => Promise<any>,
 *   changed: () => void, queued: () => void }} World
 */
/** @typedef {{ bytes: ArrayBuffer, sha256: string, type: string }} Picture */
/**
 * A draft under somebody's hands, with the database it belongs to for good, and the photos still being prepared for it.
 * `options` are what its form was opened with, `seen` the records it can look into, `begun` what was on its screen where it
 * began anew, which is kept with what is typed, and `leaving` means that its screen is gone.
 * @typedef {{ db: import("./types.js").Database, row: DraftRow, form: any, options: any, definition: any,
 *   seen: ReturnType<typeof overlayAll>, begun: any, dirty: boolean,
 *   saving: Promise<void>|null, finishing: Promise<Entry>|null, photos: Set<Promise<any> & { end?: () => void }>, leaving: boolean,
 *   closed: boolean }} Open
 */

/** @param {World} world @returns {Promise<import("./operations.js").Hand>} */
export async function handOf(world) {
  const standing = await world.db().get("meta", "replica");
  return { author: world.person().id, installId: world.installId, cursor: standing?.cursor ?? null, now: world.now() };
}

/**
 * A new draft about a subject, with the versions the cadre has in front of her as bases.
 * @param {World} world
 * @param {{ form: string, version: string, subject: string, record?: string }} what
 * @param {Omit<Partial<DraftRow>, "context"> & { context?: Partial<import("./types.js").FormContext> }} [from] what an amendment starts with
 * @returns {Promise<{ row: DraftRow, seen: Open["seen"] }>} with the records of its subject as they were just then
 */
export async function beginDraft(world, what, from = {}) {
  const db = world.db();
  const outbox = await db.all("outbox");
  const seen = overlayAll(await db.all("entities", "subject", what.subject), outbox, what.subject);
  const { bases, ...shown } = standingOn(seen, outbox, world.newId);
  const now = world.now();
  const { id, name, unit, roles: signedInAs } = world.person();
  const { roles = signedInAs } = (await db.get("meta", "replica")) || {};
  /** @type {DraftRow} */
  const row = {
    ...what, id: world.newId(), stamp: 1, started_at: now, saved_at: now, content: null, answers: null, ids: {},
    ...from, bases: { ...bases, ...from.bases },
    context: {
      now, utc_offset: world.utcOffset(), seed: Math.floor(world.random() * 2 ** 31), ...from.context,
      preloads: { username: name, userid: id, unit, deviceid: world.installId, roles: [...roles, (await db.get("subjects", what.subject))?.role].join(" ") },
    },
  };
  await db.write([{ store: "drafts", put: row }, { store: "meta", put: asShown(row, shown) }], { durable: true });
  world.changed();
  return { row, seen };
}

/** @param {DraftRow} row @param {object} shown */
const asShown = ({ id, subject }, shown) => ({ id: shownKey(id), subject, ...shown });

/**
 * Bring a draft to life: its form as it was left, over the record as it is; that begins anew of which nothing was kept.
 * @param {World} world
 * @param {DraftRow} row
 * @param {any} definition
 * @param {Open["seen"]} [known] the records of its subject, where they were just read
 * @returns {Promise<Open>}
 */
export async function openForFilling(world, row, definition, known) {
  const db = world.db();
  const rows = known ? [] : [db.all("entities", "subject", row.subject), db.all("outbox")];
  const [last, records, outbox] = await Promise.all([db.get("meta", lastKey(row)), ...rows]);
  const seen = known || overlayAll(records, outbox, row.subject);
  const entities = seen.map(({ row: { id, dataset, label, properties } }) => ({ id, dataset, label, properties }));
  const { now, utc_offset: utcOffset, seed, preloads } = row.context;
  const { bases, ...shown } = !known && !row.content ? standingOn(seen, outbox, world.newId) : {};
  const begun = bases && asShown(row, shown);
  if (bases) row = { ...row, bases: { ...row.bases, ...Object.fromEntries(Object.entries(bases).filter(([id]) => !row.bases[id]?.amends)) } };
  const language = world.language();
  const options = {
    draft: row.content, answers: row.answers, previous: last?.answers, newId: world.newId, language,
    context: { now, utcOffset, seed, preloads },
    entity: entities.find((each) => each.id === row.subject) || null, records: entities, record: row.record,
  };
  if (definition.new_subject) options.records = [...entities, ...(await world.listsHere(db, row.subject))];
  const form = await world.openForm(definition, options);
  return {
    db, row: inLanguage(row, language), form, options, definition, seen, begun, dirty: false, saving: null, finishing: null, photos: new Set(),
    leaving: false, closed: false,
  };
}

/**
 * A draft whose words are those of a language: a calculation may take a choice's label, and the server has to come to
 * the same one.
 * @param {DraftRow} row
 * @param {import("./types.js").Language} language
 * @returns {DraftRow}
 */
export const inLanguage = (row, language) => ({ ...row, context: { ...row.context, language } });

/** Where the record is kept as it stood when a draft was begun. @param {string} id @returns {string} */
const shownKey = (id) => `shown/${id}`;

/** @param {{ subject: string, form: string }} what @returns {string} */
const lastKey = ({ subject, form }) => `last/${subject}/${form}`;

/**
 * The draft as this tab left it. An old tab that still shows the form, from before it was filled in and finished in
 * another one, may neither write over it nor bring it back to life.
 * @param {Open} open
 */
const asLeft = ({ row }) => ({ store: "drafts", key: row.id, stamp: row.stamp });

/**
 * Keep a draft as it is now. While one write is under way further changes wait for the next, so that typing never
 * queues up behind a slow disk and the last state always gets there.
 * @param {World} world
 * @param {Open} open
 * @returns {Promise<number>} when it was kept
 */
export async function save(world, open) {
  // A late keystroke of a form that was just finished must not bring its draft back to life.
  if (open.closed) return open.row.saved_at;
  open.dirty = true;
  open.saving ||= (async () => {
    while (open.dirty) {
      open.dirty = false;
      open.row = { ...open.row, content: open.form.draft(), saved_at: world.now() };
      const stamp = (open.row.stamp || 0) + 1;
      const begun = open.begun ? [{ store: "meta", put: open.begun }] : [];
      await open.db.write([{ store: "drafts", put: { ...open.row, stamp } }, ...begun], { expect: asLeft(open) });
      open.begun = null;
      open.row.stamp = stamp;
    }
  })().finally(() => {
    open.saving = null;
  });
  await open.saving;
  return open.row.saved_at;
}

/**
 * Finish a draft, once: a second tap gets the first one's answer, never a second operation.
 * @param {World} world
 * @param {Open} open
 * @returns {Promise<Entry>}
 */
export function finish(world, open) {
  open.finishing ||= freeze(world, open).catch((error) => {
    open.closed = false;
    open.finishing = null;
    throw error;
  });
  return open.finishing;
}

/**
 * Freeze a finished draft and put it in the outbox. The operation, its photos and the removal of the draft are one
 * write: after it the visit is sent some day, whatever happens to the phone's battery.
 * @param {World} world
 * @param {Open} open
 * @returns {Promise<Entry>}
 */
async function freeze(world, open) {
  const { db, form } = open;
  // Whoever taps "finish" a second after the shutter means that picture too, and what the recorder heard so far.
  for (const each of open.photos) each.end?.();
  await Promise.all(open.photos);
  const wanting = form.violations().filter((/** @type {any} */ each) => each.level === "hard" || each.needsReason);
  if (wanting.length) throw { code: "form-unfinished", violations: wanting };
  await save(world, open);
  open.closed = true;
  const outbox = /** @type {Entry[]} */ (await db.all("outbox"));
  const answers = form.answers();
  const touches = await touchesOf(world, open, outbox);
  const fixes = fixesOf(answers, open.row.context.fixes);
  const draft = { ...open.row, context: { ...open.row.context, rows: rowsShown(open), fixes } };
  const operation = submission(await handOf(world), draft, { answers, reasons: form.reasons(), touches, photos: photosIn(answers) });
  const entry = enqueue({ ...operation, sha256: await world.sha256Text(operation.body) }, outbox);

  const named = new Set(entry.photos.map((photo) => photo.sha256));
  const { writes, orphans } = disown(await db.all("photos"), entry.id, named);
  const { subject, form: name } = open.row;
  await db.write([
    { store: "outbox", put: entry }, { store: "drafts", delete: entry.id }, { store: "meta", delete: shownKey(entry.id) }, ...writes,
    { store: "meta", put: { id: lastKey({ subject, form: name }), subject, answers } },
  ], { durable: true, expect: asLeft(open) });
  for (const sha256 of orphans) await world.dropFile(db, sha256);
  world.changed();
  world.queued();
  return entry;
}

/**
 * What the form's entity declarations touch, each with the base of the moment it was opened. As changed counts only
 * what differs from what the cadre had in front of her: a value she left alone never covers a newer one.
 * @param {World} world
 * @param {Open} open
 * @param {readonly Entry[]} outbox
 * @returns {Promise<Touch[]>}
 */
async function touchesOf(world, { form, row, definition, options }, outbox) {
  /** @type {Touch[]} */
  const touches = [];
  // What an amendment leaves as the visit had it is no change, whatever the record has become since.
  /** @type {import("./form-types.js").EntityChange[]} */
  const sent = row.replaces ? (await world.openForm(definition, { ...options, draft: null })).changes() : [];
  // A draft of an earlier release says nothing of what stood under its own waiting changes.
  const { rows = {}, under } = (await world.db().get("meta", shownKey(row.id))) || {};
  for (const change of form.changes()) {
    const entity = change.id || (row.ids[change.path] ||= world.newId());
    const stored = await world.db().get("entities", entity);
    const kept = row.bases[entity];
    const started = kept ? behind(kept, outbox) : nextBase(stored, outbox, entity, world.newId);
    const base = change.create ? freshBase(0, world.newId) : started;
    const now = overlay(stored, outbox, entity);
    const said = Object.assign({}, ...(kept?.amends ? sent.filter((each) => each.id === entity).map((each) => each.changes) : []));
    const shown = { ...(rows[entity] || now?.row.properties), ...said };
    // An amendment stands on the version its visit made, with no link of this phone over it: its screen is said in words.
    const synced = kept?.amends ? shown : { ...(under?.[entity] || now?.synced) };
    const changes = differing(shown, change.changes);
    const { label, was } = await saidWith(world, change.dataset, synced, changes, change.changes);
    touches.push({
      dataset: change.dataset, entity, subject: row.subject, ...base, path: change.path, label: change.label || label,
      ...(change.create ? { create: true } : under && { was }), changes,
    });
  }
  return touches;
}

/**
 * What goes with the changes of a record: what it is called after them, where they touch the property its name follows,
 * and what the server had said where something else is stated.
 * @param {World} world
 * @param {string} dataset
 * @param {Record<string, string|null>} synced
 * @param {Record<string, string|null>} changes
 * @param {Record<string, string|null>} [stated] with what was merely shown
 */
export async function saidWith(world, dataset, synced, changes, stated = changes) {
  const definition = (await world.db().get("datasets", dataset))?.definition;
  return { label: /** @type {string|null} */ (changes[definition?.label_property] ?? null), was: replaced(definition, synced, stated) };
}

/** Forget a draft and its photos. @param {World} world @param {string} id */
export async function discard(world, id) {
  const db = world.db();
  const { writes, orphans } = disown(await db.all("photos"), id, new Set());
  await db.write([{ store: "drafts", delete: id }, { store: "meta", delete: shownKey(id) }, ...writes], { durable: true });
  for (const sha256 of orphans) await world.dropFile(db, sha256);
  world.changed();
}

/**
 * The writes that make it an owner of the photos it names, an amendment also of its visit's, and the photos nobody owns then.
 * @param {readonly import("./types.js").PhotoRow[]} photos
 * @param {string} owner
 * @param {Set<string>} named
 * @returns {{ writes: Write[], orphans: string[] }}
 */
function disown(photos, owner, named) {
  /** @type {Write[]} */
  const writes = [];
  /** @type {string[]} */
  const released = [];
  /** @type {Set<string>} */
  const needed = new Set();
  for (const photo of photos) {
    const files = filesOf(photo);
    const owners = named.has(photo.sha256) ? [...new Set([...photo.owners, owner])] : photo.owners.filter((each) => each !== owner);
    for (const file of files) if (owners.length) needed.add(file);
    if (owners.length === photo.owners.length) continue;
    if (owners.length) writes.push({ store: "photos", put: { ...photo, owners } });
    else {
      writes.push({ store: "photos", delete: photo.sha256 });
      released.push(...files);
    }
  }
  return { writes, orphans: released.filter((file) => !needed.has(file)) };
}
