/**
 * One conversation with the server about text: send operations, take receipts and changes, and store all of it in one
 * write. A reply is believed only as a whole: either its receipts, its rows and its cursor are kept, or none.
 */

import { registered } from "./beginning.js";
import { codeOf } from "./problems.js";
import { again, batch, BATCH_BYTES, expired, isUnsent, sendAgain, settle, verdict } from "./outbox.js";
import { advance, apply, EMPTY, place, REPLICA_STORES, restart, rowKey, sweep, takenAlong, thumbnailsOf } from "./replica.js";

/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").Page} Page */
/** @typedef {import("./types.js").PhotoRow} PhotoRow */
/** @typedef {import("./types.js").Write} Write */
/** @typedef {import("./replica.js").Standing} Standing */
/** @typedef {{ db: import("./types.js").Database, http: import("./types.js").Http, now: () => number,
 *   token: () => string|null, installId: string, release: string, told: () => string, tell: (feed: import("./types.js").Feed) => Promise<void>,
 *   keepParts: (names: string[]) => Promise<void> }} Line `keepParts` brings the parts of a form onto this phone; `told` is the mark of what it was told of its county, and `tell` keeps another word */

/** Stores whose rows are about a subject. */
const TOPICAL = ["entities", "submissions", "notices"];

/** @param {import("./types.js").Database} db @returns {Promise<Standing>} */
export const standingOf = async (db) => (await db.get("meta", EMPTY.id)) || EMPTY;

/**
 * One sync request: operations out, receipts and a page of changes in (Protocol: sync). After failures the batch gets
 * smaller, down to one operation, and begins behind the first, so that one oversized neighbour cannot hold up the rest.
 * @param {Line} line
 * @param {number} failures
 * @param {number} skip how many it leaves out
 * @returns {Promise<{ sent: number, settled: number }>}
 */
export async function push(line, failures, skip) {
  const { db } = line;
  const standing = await standingOf(db);
  const outbox = /** @type {Entry[]} */ (await db.all("outbox"));
  const sent = batch(outbox, { bytes: failures ? BATCH_BYTES / 2 ** Math.min(failures, 8) : BATCH_BYTES, skip });
  // Only a word for the screen: a full phone that cannot write it has all the more to send.
  await db.write(sent.map((entry) => ({ store: "outbox", put: { ...entry, state: "sending" } }))).catch((error) => {
    if (codeOf(error) !== "storage-full") throw error;
  });
  const photos = /** @type {PhotoRow[]} */ (await db.all("photos"));
  const page = await ask(line, "POST", "/api/v1/sync", {
    protocol: 1, install_id: line.installId, sent_at: line.now(), app: line.release, told: line.told(), cursor: standing.cursor,
    operations: sent.map(({ id, body }) => ({ id, body })),
    pending: { operations: outbox.filter(isUnsent).length, photos: photos.filter((photo) => !photo.done).length },
  });
  const settled = settle(sent, page.receipts || [], page.server_time);
  await take(line, standing, page, settled);
  if (page.feed) await line.tell(page.feed);
  return { sent: sent.length, settled: settled.filter((entry) => !isUnsent(entry)).length };
}

/**
 * The first page of a phone that holds nothing, which came with its session. One that was here before goes on from there.
 * @param {Line} line
 * @param {Page} page
 * @returns {Promise<boolean>} whether it was taken
 */
export async function begin(line, page) {
  const standing = await standingOf(line.db);
  if (standing.cursor) return false;
  await take(line, standing, page, []);
  return true;
}

/**
 * The next page of the feed.
 * @param {Line} line
 */
export async function pull(line) {
  const standing = await standingOf(line.db);
  const query = standing.cursor ? `?cursor=${encodeURIComponent(standing.cursor)}` : "";
  const page = await ask(line, "GET", `/api/v1/feed${query}`);
  await take(line, standing, page, []);
}

/** What one request asks for: its address must fit the line that servers allow it. */
const DEFINITIONS_AT_ONCE = 50;

/**
 * Form and dataset definitions named by the feed and not here yet, in one request (Protocol: definitions). Each is kept
 * as it comes, so that a cut costs no more than one, and fetched once: they never change. A form only counts as here
 * together with the parts of the app it uses; one whose parts cannot be had holds up no other, and is tried again later.
 * @param {Line} line
 * @param {any[]} [here] lines that came with the session
 */
export async function fetchDefinitions(line, here = []) {
  const { db } = line;
  const all = [...(await db.all("forms")), ...(await db.all("datasets"))].filter((row) => !row.definition);
  // The visit first, and what its pages call things: it can be filled in while the other forms are on their way.
  const rank = (/** @type {any} */ row) => (row.form === "visit" ? 0 : row.form ? 2 : 1);
  const wanted = all.sort((one, other) => rank(one) - rank(other)).slice(0, DEFINITIONS_AT_ONCE);
  /** @param {any} row @returns {string} */
  const named = (row) => `${row.form ? "form" : "dataset"}/${row.form || row.name || row.dataset}/${row.version}`;
  /** @type {Promise<void>[]} */
  const kept = [];
  /** @type {unknown[]} */
  const failures = [];
  const note = (/** @type {unknown} */ failure) => void failures.push(failure);
  /** @param {any} told */
  async function keep(told) {
    const row = wanted.find((each) => named(each) === named(told));
    const store = told.form ? "forms" : "datasets";
    if (row && !told.definition) return db.write([{ store, delete: row.id }]);
    if (!row) return;
    const { definition } = told;
    await line.keepParts(definition.uses || []);
    const media = `/api/v1/forms/${encodeURIComponent(row.form)}/${encodeURIComponent(row.version)}/media/`;
    for (const sha256 of definition.media || []) await keepPicture(line, media + sha256, sha256);
    await db.write([{ store, put: { title: definition.title, ...row, definition } }]);
  }
  const each = (/** @type {any} */ told) => void kept.push(keep(told).catch(note));
  here.forEach(each);
  const query = wanted.map(named).filter((name) => !here.some((told) => named(told) === name))
    .map((name) => `want=${encodeURIComponent(name)}`).join("&");
  if (query) await line.http("GET", `/api/v1/definitions?${query}`, { token: line.token(), each })
    .then((answer) => answer.status === 200 || note(problemOf(answer)), note);
  await Promise.all(kept);
  // A round in which nothing came would be begun again at once, for ever.
  if (!kept.length) note({ code: "unanswered" });
  if (failures.length) throw failures[0];
}

/**
 * A picture that a form shows, kept like the pieces of a photo; one that cannot be had is none, and its words stand alone.
 * @param {Line} line
 * @param {string} path
 * @param {string} sha256
 */
async function keepPicture({ db, http, token }, path, sha256) {
  if (await db.get("chunks", [sha256, 0])) return;
  const { status, body } = await http("GET", path, { token: token(), as: "blob" });
  if (status === 200) await db.write([{ store: "chunks", put: { sha256, index: 0, bytes: await body.arrayBuffer() } }]);
}

/**
 * @param {Line} line
 * @param {string} method
 * @param {string} path
 * @param {any} [json]
 * @returns {Promise<Page>}
 */
async function ask(line, method, path, json) {
  const answer = await line.http(method, path, { json, token: line.token() });
  if (answer.status !== 200) {
    // Signed out as lost by a server that was put back meanwhile: nobody else may have what it gave (Protocol 1.8).
    if (answer.body?.pull) await sendAgain(line.db);
    throw problemOf(answer);
  }
  // A captive portal that answers 200 with a page of its own never gets here; a proxy's JSON still might.
  if (typeof answer.body?.epoch !== "string" || typeof answer.body.server_time !== "number") throw { code: "portal" };
  return answer.body;
}

/**
 * What an unwelcome answer means to the engine.
 * @param {import("./types.js").Answer} answer
 * @returns {{ code: string, status: number, problem?: any, retry_after_seconds?: number }}
 */
export function problemOf(answer) {
  const retry = Number(answer.header("Retry-After") || 0);
  const code = answer.body?.code || (answer.status === 401 ? "token-unknown" : `http-${answer.status}`);
  return { code, status: answer.status, problem: answer.body, retry_after_seconds: Number.isFinite(retry) ? retry : 0 };
}

/**
 * Store a reply: receipts, changes, notices and the cursor, all or nothing.
 * @param {Line} line
 * @param {Standing} standing
 * @param {Page} page
 * @param {Entry[]} settled the entries of this request, as its receipts left them
 */
async function take(line, standing, page, settled) {
  const { db } = line;
  // Read again: on a slow line a whole visit may have been finished while the answer was on its way.
  const before = /** @type {Entry[]} */ (await db.all("outbox"));
  const photos = /** @type {PhotoRow[]} */ (await db.all("photos"));
  const changed = new Map(settled.map((entry) => [entry.id, entry]));
  for (const notice of page.notices || []) {
    const entry = notice.kind === "verdict" && before.find((each) => each.id === notice.receipt?.id);
    if (entry) changed.set(entry.id, verdict(changed.get(entry.id) || entry, notice.receipt, page.server_time));
  }
  /** @type {Write[]} */
  const writes = [...changed.values()].map((put) => ({ store: "outbox", put }));
  if (page.pull === "reset") {
    if (standing.cursor === null) throw { code: "reset-without-cursor" };
    // The server was put back to an earlier day: give it everything again, and ask where the photos are. What it has
    // just receipted too: without a cursor nothing would tell this phone that it was put back once more.
    writes.push(...again(before.map((each) => changed.get(each.id) || each), photos), { store: "meta", put: restart(standing, page) });
  } else if (page.pull === "upgrade") {
    writes.push({ store: "meta", put: { ...standing, stamp: standing.stamp + 1, lastAt: line.now() } });
  } else {
    const waited = ownersOf(photos);
    // Whoever waits a month for Wi-Fi: a photo goes with its visit or not at all.
    const spent = expired(before, page.server_time).filter(({ id }) => !changed.has(id) && !waited.has(id));
    writes.push(...spent.map(({ id }) => ({ store: "outbox", delete: id })),
      ...(await changesOf(db, standing, page, [...changed.values()], before, photos, line.now())));
  }
  const expect = { store: "meta", key: EMPTY.id, stamp: standing.stamp || undefined };
  await db.write(writes, { durable: settled.length > 0, expect });
  if (page.pull === "upgrade") throw { code: "upgrade" };
}

/**
 * @param {import("./types.js").Database} db
 * @param {Standing} standing
 * @param {Page} page
 * @param {readonly Entry[]} changed
 * @param {readonly Entry[]} before
 * @param {readonly PhotoRow[]} photos
 * @param {number} now
 * @returns {Promise<Write[]>}
 */
async function changesOf(db, standing, page, changed, before, photos, now) {
  const rows = new Map();
  // All at once: the first sync brings hundreds of rows per page, and a small phone takes a moment for each look.
  await Promise.all((page.changes || []).map(async (change) => {
    const where = place(change);
    if (where) rows.set(rowKey(where), await db.get(where.store, where.key));
  }));
  const current = before.map((entry) => changed.find((each) => each.id === entry.id) || entry);
  const busy = busySubjects(current, photos, await db.all("drafts"));
  const here = await db.all("subjects");
  const back = new Set((page.scope?.add || []).map((each) => each.subject));
  const gone = here.filter(({ id, leaving }) => leaving && !busy.has(id) && !back.has(id)).map(({ id }) => id);
  const leaving = new Map();
  for (const subject of [...(page.scope?.remove || []), ...gone]) leaving.set(subject, await rowsOf(db, subject));
  const held = { standing, rows, leaving, busy };
  const writes = registered(changed, standing.generation, page.server_time);
  // What had left waited here for its work. All of it comes back with it (Protocol 5.2); the rest went meanwhile, or is of a
  // history that was lost. Notices do not come twice. No row is of generation 0.
  for (const { id, leaving } of here) if (back.has(id)) for (const store of TOPICAL) {
    const rows = await db.all(store, "subject", id);
    writes.push(...sweep(store, rows, !leaving || store === "notices" ? standing.generation : 0, new Set()));
  }
  writes.push(...apply(page, held));
  for (const id of gone) writes.push({ store: "subjects", delete: id }, ...takenAlong(id, held));
  for (const notice of page.notices || []) {
    const id = notice.kind === "return" ? `${notice.form}/${notice.form_version}` : "";
    // A visit sent back is amended with the form it was filled in, which this phone may never have held.
    if (id && !rows.has(`forms/${id}`) && !(await db.get("forms", id))) {
      const row = { id, form: notice.form, version: notice.form_version, digest: "", definition: null };
      writes.push({ store: "forms", put: row });
    }
  }
  const next = advance(standing, page, now);
  if (standing.snapshot && !next.snapshot) {
    const fresh = new Set(writes.filter((write) => write.put).map((write) => `${write.store}/${write.put.id}`));
    // Of a household that is held still, what the snapshot did not bring is gone, whatever waits here about others of it.
    const left = new Set([...busy].filter((id) => !fresh.has(`subjects/${id}`) && !here.some((row) => row.id === id && row.gen === standing.generation)));
    for (const store of REPLICA_STORES) {
      const stale = sweep(store, await db.all(store), standing.generation, left);
      writes.push(...stale.filter((write) => !fresh.has(`${store}/${write.delete ?? write.put.id}`)));
    }
  }
  return [...writes, { store: "meta", put: next }];
}

/** The operations that photos still on their way are of. @param {readonly PhotoRow[]} photos */
const ownersOf = (photos) => new Set(photos.filter((photo) => !photo.done && !photo.problem).flatMap((photo) => photo.owners));

/**
 * Subjects with work of this phone that has not all arrived: unsent operations, photos on their way, open drafts. Those of a
 * refused visit are on no way: a household must not stay for good because of them.
 * @param {readonly Entry[]} outbox
 * @param {readonly PhotoRow[]} photos
 * @param {readonly import("./types.js").DraftRow[]} drafts
 * @returns {Set<string>}
 */
export function busySubjects(outbox, photos, drafts) {
  const owners = ownersOf(photos);
  const queued = outbox.filter((entry) => entry.state !== "refused" && (isUnsent(entry) || owners.has(entry.id)));
  return new Set([...queued, ...drafts].map((each) => each.subject));
}

/**
 * @param {import("./types.js").Database} db
 * @param {string} subject
 * @returns {Promise<Write[]>} what to delete when a subject leaves
 */
async function rowsOf(db, subject) {
  /** @type {Write[]} */
  const writes = [];
  for (const store of TOPICAL) {
    for (const row of await db.all(store, "subject", subject)) {
      writes.push({ store, delete: row.id }, ...(store === "submissions" ? thumbnailsOf(row) : []));
    }
  }
  // The answers of its last visits, kept for "same as last time".
  for (const row of await db.all("meta")) if (row.subject === subject) writes.push({ store: "meta", delete: row.id });
  return writes;
}
