/**
 * The part of the facade that reads: lists and records from the phone's own database, so that every screen opens
 * without a network. What was read is kept until stored rows change.
 */

import { heldOf } from "./beginning.js";
import { decisionViews, nameOf, outboxViews } from "./inbox.js";
import { overlayAll } from "./rebase.js";
import { bySubject, entityView, formTitle, householdRows, latestForm, menuOf, visitsOf } from "./views.js";

/** @typedef {import("./views.js").Shelf} Shelf */
/**
 * @typedef {{ shelf: () => Promise<Shelf>, db: () => import("./types.js").Database, token: () => string|null,
 *   http: import("./types.js").Http, isRunning: () => boolean,
 *   fileBlob: (db: import("./types.js").Database, sha256: string, type?: string) => Promise<Blob|null>,
 *   earlierPhotos: (shelf: Shelf, draft: import("./types.js").DraftRow, ref: string) => import("./types.js").Earlier[],
 *   url: (blob: Blob) => string, release: (url: string) => void }} Library
 */

const URLS_KEPT = 80;

/** @param {{ dataset: string }} entity @returns {boolean} somebody who lives there */
const isMember = (entity) => entity.dataset === "members";

/** What this phone writes by itself, and what only the server changes: definitions are long, and dear to read. */
const OWN = ["outbox", "drafts", "photos"];
const FETCHED = ["entities", "submissions", "subjects", "notices", "forms", "datasets"];

/**
 * Everything the screens are made of, in one go.
 * @param {import("./types.js").Database} db
 * @param {Pick<Shelf, "me"|"now"|"language">} view
 * @param {Shelf|null} [before] the shelf as it was, when nothing but the phone's own rows moved since
 * @returns {Promise<Shelf>}
 */
export async function readShelf(db, view, before) {
  const stores = before ? OWN : [...OWN, ...FETCHED];
  const rows = await Promise.all(stores.map((store) => db.all(store)));
  const shelf = /** @type {Shelf} */ ({ ...before, ...Object.fromEntries(stores.map((store, index) => [store, rows[index]])), ...view });
  // Traces of what was looked at are no work of anybody: no list shows them, no number counts them.
  shelf.outbox = shelf.outbox.filter((entry) => entry.kind !== "view");
  return shelf;
}

/**
 * Versions of forms that nothing here needs any more: not the latest, and neither begun, nor sent from here, nor sent back.
 * @param {Pick<Shelf, "forms"|"drafts"|"outbox"|"notices">} shelf
 * @returns {string[]} their ids
 */
export function spentForms({ forms, drafts, outbox, notices }) {
  const used = new Set([...drafts, ...outbox].map((each) => `${each.form}/${each.version}`));
  for (const each of notices) used.add(`${each.form}/${each.form_version}`);
  return forms
    .filter((row) => row.definition && !used.has(row.id) && latestForm(forms, row.form) !== row)
    .map((row) => row.id);
}

/**
 * The pictures that only these versions of forms show.
 * @param {readonly import("./types.js").FormRow[]} forms
 * @param {readonly string[]} spent their ids
 * @returns {string[]} digests
 */
export function spentPictures(forms, spent) {
  const of = (/** @type {boolean} */ gone) =>
    forms.flatMap((row) => (spent.includes(row.id) === gone && row.definition?.media) || []);
  const shown = of(false);
  return of(true).filter((sha256) => !shown.includes(sha256));
}

/** @param {Library} library */
export function createBrowsing(library) {
  /** @type {Map<string, string>} */
  const urls = new Map();

  /** @param {string} key @param {Blob} blob @returns {string} */
  function remember(key, blob) {
    const url = library.url(blob);
    urls.set(key, url);
    const [oldest] = urls;
    if (urls.size > URLS_KEPT && oldest) {
      urls.delete(oldest[0]);
      library.release(oldest[1]);
    }
    return url;
  }

  return {
    /** @param {boolean} [own] what is about the reader, instead of the households */
    households: async (own = false) => {
      const shelf = await library.shelf();
      return householdRows(shelf, decisionViews(shelf), own);
    },

    /** @param {string} id @returns {Promise<import("./types.js").RecordView>} */
    async record(id) {
      const shelf = await library.shelf();
      const decisions = decisionViews(shelf).filter((each) => each.subject === id);
      const entries = shelf.outbox.filter((entry) => entry.subject === id);
      const entities = shelf.entities.filter((row) => row.subject === id);
      const seen = overlayAll(entities, entries, id);
      const subject = seen.find((each) => each.row.id === id);
      const held = heldOf(shelf).find((each) => each.id === id);
      if (!subject) throw { code: "record-gone" };
      const views = seen.filter((each) => each !== subject).map((each) => entityView(shelf, each, decisions));
      const visits = visitsOf(shelf, bySubject(shelf.submissions).get(id) || [], entries);
      const rows = [subject, ...seen.filter((each) => each !== subject)].map((each) => each.row);
      const drafts = shelf.drafts.filter((each) => each.subject === id);
      return {
        household: entityView(shelf, subject, decisions), members: views.filter((view) => isMember(view)),
        others: views.filter((view) => !isMember(view)),
        visits, notices: decisions, forms: menuOf(shelf, rows, visits),
        drafts: drafts.map((draft) => ({
          id: draft.id, form: draft.form, title: formTitle(shelf, draft.form, draft.version), at: draft.saved_at,
        })),
        leaving: !held || !!held.leaving, role: held?.role,
      };
    },

    /** What can begin a household, and what of that was begun and not finished. */
    async beginnings() {
      const shelf = await library.shelf();
      const names = [...new Set(shelf.forms.map((row) => row.form))].filter((form) => latestForm(shelf.forms, form)?.definition.new_subject);
      return {
        forms: names.map((form) => ({ form, title: formTitle(shelf, form) })),
        drafts: shelf.drafts.filter((draft) => names.includes(draft.form) && !draft.replaces)
          .map(({ id, saved_at: at }) => ({ id, at })),
      };
    },

    async drafts() {
      const shelf = await library.shelf();
      return shelf.drafts.map((draft) => ({
        id: draft.id, form: draft.form, title: formTitle(shelf, draft.form, draft.version), subject: draft.subject,
        subjectName: nameOf(shelf, draft.subject), at: draft.saved_at,
      })).sort((one, other) => other.at - one.at);
    },

    /** @param {string} id of a draft @param {string} ref @returns {Promise<import("./types.js").Earlier[]>} */
    async earlierPhotos(id, ref) {
      const shelf = await library.shelf();
      const draft = shelf.drafts.find((each) => each.id === id);
      return draft ? library.earlierPhotos(shelf, draft, ref) : [];
    },

    outbox: async () => outboxViews(await library.shelf(), library.isRunning()),
    decisions: async () => decisionViews(await library.shelf()),

    /**
     * A photo's address: from this phone, or from the server, whose thumbnails then stay here.
     * @param {string} sha256
     * @param {"thumb"|"screen"|"full"} size
     * @returns {Promise<string|null>}
     */
    async photoUrl(sha256, size) {
      const key = `${size}/${sha256}`;
      const known = urls.get(key);
      if (known) return known;
      const db = library.db();
      const row = await db.get("photos", sha256);
      const own = size === "thumb" && row?.thumb
        ? await library.fileBlob(db, row.thumb.sha256)
        : (await library.fileBlob(db, sha256, row?.type)) || (await library.fileBlob(db, key));
      if (own) return remember(key, own);
      try {
        const path = `/api/v1/photos/${sha256}?size=${size}`;
        const answer = await library.http("GET", path, { token: library.token(), as: "blob" });
        if (answer.status !== 200) return null;
        if (size === "thumb") {
          await db.write([{ store: "chunks", put: { sha256: key, index: 0, bytes: await answer.body.arrayBuffer() } }]);
        }
        return remember(key, answer.body);
      } catch {
        return null;
      }
    },

    forget() {
      for (const url of urls.values()) library.release(url);
      urls.clear();
    },
  };
}
