/**
 * The part of the facade that writes: visits begun, saved and finished, photos taken, visits amended and withdrawn,
 * records corrected. Every verb leaves the phone's database whole, with or without a network.
 */

import { heldOf } from "./beginning.js";
import { beginDraft, discard, finish, handOf, inLanguage, openForFilling, save, saidWith } from "./drafts.js";
import { nameOf } from "./inbox.js";
import { edit, message, withdrawal } from "./operations.js";
import { enqueue } from "./outbox.js";
import { differing, inWords, nextBase, overlay } from "./rebase.js";
import { formTitle, latestForm, questionAt } from "./views.js";

/** @typedef {import("./drafts.js").Open} Open */
/** @typedef {import("./drafts.js").World} World */
/** @typedef {import("./types.js").DraftRow} DraftRow */
/** @typedef {import("./types.js").Entry} Entry */

const PHOTO_EDGE = 1600;
const DAY_MS = 86_400_000;

/** @param {World} world */
export function createFilling(world) {
  /** @type {Map<string, Promise<Open>>} */
  const opened = new Map();
  /** @type {Promise<any>} */
  let turn = Promise.resolve();

  /** A verb that waits for the one before: a second tap must find what the first one wrote. @template {any[]} A @template T @param {(...input: A) => Promise<T>} verb @returns {(...input: A) => Promise<T>} */
  const inTurn = (verb) => (...input) => (turn = turn.catch(() => {}).then(() => verb(...input)));

  /** The one open form of a draft, however often it is asked for. @param {string} id @returns {Promise<Open>} */
  async function opening(id) {
    if (!opened.has(id)) opened.set(id, load(id));
    try {
      const open = await /** @type {Promise<Open>} */ (opened.get(id));
      const language = world.language();
      if (open.row.context.language !== language) {
        open.form.setLanguage(language);
        open.row = inLanguage(open.row, language);
      }
      return open;
    } catch (error) {
      opened.delete(id);
      throw error;
    }
  }

  /** The draft begun last, with the records as it was begun over them: its form opens without reading them again. @type {Awaited<ReturnType<typeof beginDraft>>|null} */
  let begun = null;

  /** @param {string} id @returns {Promise<Open>} */
  async function load(id) {
    const fresh = begun?.row.id === id ? begun : null;
    begun = null;
    const row = fresh?.row || (await world.db().get("drafts", id));
    if (!row) throw { code: "draft-gone" };
    const form = (await world.shelf()).forms.find((each) => each.id === `${row.form}/${row.version}`);
    if (!form?.definition) throw { code: "form-missing" };
    return openForFilling(world, row, form.definition, fresh?.seen);
  }

  /** A form that is open already. @param {string} id @returns {Promise<Open>} */
  async function underway(id) {
    if (!opened.has(id)) throw { code: "draft-gone" };
    return opening(id);
  }

  /** @param {Open} open @param {string} ref @param {Blob|import("./types.js").Recording} file @param {any} facts @returns {Promise<import("./types.js").Attachment>} */
  async function keepPhoto(open, ref, file, facts) {
    const { db, row: { id } } = open;
    const { photo, thumb } = await world.preparePhoto(await file, { ...wishAt(open.definition, ref), slow: world.isSlow() });
    if (open.closed) throw { code: "draft-gone" };
    const small = thumb && { sha256: thumb.sha256, bytes: thumb.bytes.byteLength };
    const fresh = { sha256: photo.sha256, bytes: photo.bytes.byteLength, type: photo.type, thumb: small, made_at: world.now(),
      thumb_sent: false, sent: 0, location: null, done: false, owners: [] };
    const known = /** @type {import("./types.js").PhotoRow|undefined} */ (await db.get("photos", photo.sha256));
    try {
      await world.keepFile(db, photo);
      if (thumb) await world.keepFile(db, thumb);
      // Its bytes are whole now, whatever was wrong with them before.
      const owners = [...new Set([...(known?.owners || []), id])];
      await db.write([{ store: "photos", put: { ...(known || fresh), owners, problem: undefined } }], { durable: true });
    } catch (error) {
      // Half a photo would only fill a full phone further.
      if (!known) for (const each of [photo, thumb]) if (each) await world.dropFile(db, each.sha256).catch(() => {});
      throw error;
    }
    const { signed } = facts;
    // The draft may be kept before the digest is there, and what makes the text is nothing to keep.
    const value = { sha256: fresh.sha256, bytes: fresh.bytes, type: fresh.type, ...(small ? { thumb: small } : {}), ...facts, ...(signed && { signed: "" }) };
    open.form.set(ref, value);
    if (signed) open.form.set(ref, { ...value, signed: await world.sha256Text(signed(open.form.answers())) });
    await save(world, open);
    return value;
  }

  /** Put an operation in the outbox. @param {import("./operations.js").Operation} operation @param {readonly Entry[]} outbox */
  async function freeze(operation, outbox) {
    const entry = enqueue({ ...operation, sha256: await world.sha256Text(operation.body) }, outbox);
    await world.db().write([{ store: "outbox", put: entry }], { durable: true });
    world.changed();
    // Nobody waits for the trace of a look: it goes with whatever goes next.
    if (operation.kind !== "view") world.queued();
    return entry.id;
  }

  return {
    isFilling: () => opened.size > 0,
    /** Another person has the phone: nothing of the first one's stays open. */
    forget: () => {
      begun = null;
      for (const each of opened.values()) void each.then((open) => (open.closed = true), () => {});
      opened.clear();
    },

    /** @param {string} subject @param {string} formId @param {string} [record] @returns {Promise<string>} */
    startVisit: inTurn(async (/** @type {string} */ subject, /** @type {string} */ formId, /** @type {string|undefined} */ record) => {
      const drafts = /** @type {DraftRow[]} */ (await world.db().all("drafts"));
      const open = drafts.find((each) => each.subject === subject && each.form === formId && !each.replaces && each.record === record);
      if (open) return open.id;
      const form = latestForm((await world.shelf()).forms, formId);
      if (!form) throw { code: "form-missing" };
      // Without a subject the form begins one, and what it makes bears the id that is made here.
      const fresh = subject || world.newId();
      begun = await beginDraft(world, { form: formId, version: form.version, subject: fresh, record }, subject ? {} : { ids: { [form.definition.root]: fresh } });
      return begun.row.id;
    }),

    /** @param {string} id @returns {Promise<import("./types.js").OpenDraft>} */
    async openDraft(id) {
      const open = await opening(id);
      open.leaving = false;
      const { row, form, definition } = open;
      const shelf = await world.shelf();
      const subject = heldOf(shelf).find((each) => each.id === row.subject);
      const title = formTitle(shelf, row.form, row.version), begins = !subject && !!definition.new_subject;
      return {
        id, form, definition, subject: row.subject, subjectName: nameOf(shelf, row.subject) || title, savedAt: row.saved_at,
        title, begins,
        page: row.page || 0, comment: row.comment, comments: row.comments,
        formUpdated: latestForm(shelf.forms, row.form)?.version !== row.version, gone: !begins && (!subject || !!subject.leaving),
      };
    },

    /** @param {string} id @param {number} [page] @returns {Promise<number>} */
    async saveDraft(id, page) {
      const open = await underway(id);
      if (page !== undefined) open.row.page = page;
      return save(world, open);
    },

    /** @param {string} id @returns {Promise<void>} */
    async closeDraft(id) {
      const open = await opened.get(id);
      if (!open) return;
      open.leaving = true;
      await Promise.allSettled(open.photos);
      // Where there is no room to write, the form stays in memory; where another tab has gone on, that one counts.
      await save(world, open).catch((error) => {
        if (error?.code !== "moved-on") throw error;
      });
      if (open.leaving) opened.delete(id);
      world.changed();
    },

    /** @param {string} id @returns {Promise<string>} */
    async finish(id) {
      const { id: operation } = await finish(world, await opening(id));
      opened.delete(id);
      return operation;
    },

    /** @param {string} id @returns {Promise<void>} */
    async discardDraft(id) {
      const open = await opened.get(id);
      if (open) {
        open.closed = true;
        await Promise.allSettled([...open.photos, open.saving]);
      }
      opened.delete(id);
      await discard(world, id);
    },

    /** @param {string} id @param {string} ref @param {Blob|import("./types.js").Recording} file @param {import("./types.js").Capture} [facts] @returns {Promise<import("./types.js").Attachment>} */
    async addPhoto(id, ref, file, facts = {}) {
      // Before the picture is made small, which may take seconds. When one of the gallery was taken nobody knows.
      const told = facts.source && facts.source !== "gallery" ? { ...facts, ...world.clock() } : facts;
      const open = await opening(id);
      const work = Object.assign(keepPhoto(open, ref, file, told), { end: /** @type {any} */ (file).end });
      open.photos.add(work);
      try {
        return await work;
      } finally {
        open.photos.delete(work);
      }
    },

    /**
     * What is known of a position beside its numbers. What is told is kept with the draft, by the point itself: an item
     * of a repeat that is taken out moves those behind it. A point of a correction has no draft, and is only told the time.
     * @param {string} id @param {string} point @param {import("./types.js").Fix} [facts] @returns {Promise<import("./types.js").Fix|undefined>}
     */
    async fix(id, point, facts) {
      const told = facts && { ...facts, ...world.clock() };
      if (!id) return told;
      const open = await underway(id);
      const { context } = open.row;
      if (told) {
        context.fixes = { ...context.fixes, [point]: told };
        await save(world, open);
      }
      return context.fixes?.[point];
    },

    /** @param {string} submissionId @returns {Promise<string>} */
    amend: inTurn(async (/** @type {string} */ submissionId) => {
      const drafts = /** @type {DraftRow[]} */ (await world.db().all("drafts"));
      const open = drafts.find((each) => each.replaces === submissionId);
      if (open) return open.id;
      const { what, from } = await world.original(world, submissionId);
      begun = await beginDraft(world, what, { ...from, replaces: submissionId });
      return begun.row.id;
    }),

    /** @param {string} submissionId @param {string} reason @returns {Promise<string>} */
    withdraw: inTurn(async (/** @type {string} */ submissionId, /** @type {string} */ reason) => {
      const db = world.db();
      const outbox = /** @type {Entry[]} */ (await db.all("outbox"));
      const before = outbox.find((entry) => entry.kind === "withdrawal" && entry.submission === submissionId && entry.state !== "refused");
      if (before) return before.id;
      const found = (await db.get("submissions", submissionId)) || (await db.get("outbox", submissionId));
      if (!found) throw { code: "record-gone" };
      return freeze(withdrawal(await handOf(world), world.newId(), { submission: submissionId, subject: found.subject, reason }), outbox);
    }),

    /** @param {string} text */
    feedback: inTurn(async (/** @type {string} */ text) =>
      freeze(message(await handOf(world), world.newId(), "feedback", "", { text }), await world.db().all("outbox"))),

    /** A masked value is on the screen: one trace a day is enough. @param {string} entity @param {string} name */
    shown: inTurn(async (/** @type {string} */ entity, /** @type {string} */ name) => {
      const outbox = /** @type {Entry[]} */ (await world.db().all("outbox"));
      const since = world.now() - DAY_MS;
      if (outbox.some((entry) => entry.entity === entity && entry.created_at > since && entry.body.includes(`"properties":["${name}"]`))) return;
      const { subject } = await world.db().get("entities", entity);
      await freeze({ ...message(await handOf(world), world.newId(), "view", subject, { subject, entity, properties: [name] }), entity }, outbox);
    }),

    /**
     * A correction, with what its screen showed of what it replaces: a pull may have brought something else since.
     * @param {string} entityId @param {Record<string, string|null>} changes @param {string} [reason] @param {Record<string, import("./types.js").Fix>} [fixes] @param {Record<string, string|null>} [before] @returns {Promise<string>}
     */
    correct: inTurn(async (/** @type {string} */ entityId, /** @type {Record<string, string|null>} */ changes, /** @type {string} */ reason = "", /** @type {Record<string, import("./types.js").Fix>|undefined} */ fixes, /** @type {Record<string, string|null>} */ before = {}) => {
      const db = world.db();
      const outbox = /** @type {Entry[]} */ (await db.all("outbox"));
      const stored = await db.get("entities", entityId);
      const { row: shown, synced } = overlay(stored, outbox, entityId) || {};
      if (!shown || !synced) throw { code: "record-gone" };
      const subject = await db.get("subjects", shown.subject);
      if (subject?.leaving) throw { code: "record-leaving" };
      const screen = { ...shown.properties, ...before };
      const real = differing(screen, changes);
      if (!Object.keys(real).length) throw { code: "nothing-changed" };
      const next = nextBase(stored, outbox, entityId, world.newId);
      const moved = Object.keys(differing(shown.properties, before)).length;
      const [base, under] = moved ? [inWords(next), screen] : [next, synced];
      const { dataset, subject: home } = shown;
      const touch = { dataset, entity: entityId, subject: home, ...base, ...(await saidWith(world, dataset, under, real)), changes: real };
      return freeze(edit(await handOf(world), world.newId(), touch, reason, fixes), outbox);
    }),
  };
}

/**
 * How large a photo question wants its picture: the longest edge, and the bytes where the form sets a limit of its own.
 * @param {any} definition
 * @param {string} ref with positions
 * @returns {{ maxPixels: number, maxBytes?: number }}
 */
function wishAt(definition, ref) {
  const { "max-pixels": edge, "max-kb": most } = questionAt(definition, ref)?.parameters || {};
  return { maxPixels: Number(edge) || PHOTO_EDGE, ...(most ? { maxBytes: most * 1024 } : {}) };
}
