/**
 * The app as its screens know it: one state, one set of verbs, and the decision when to sync. It is built from ports,
 * so that a test can run the whole of it without a browser; `main.js` plugs in the real ones.
 */

import { createBrowsing, readShelf, spentForms, spentPictures } from "./browsing.js";
import { createEngine } from "./engine.js";
import { standingOf } from "./exchange.js";
import { createFilling } from "./filling.js";
import { countsOf, decisionViews, monthCount } from "./inbox.js";
import { KEPT_MS } from "./outbox.js";
import { learn, problem } from "./problems.js";
import { createSession } from "./session.js";
import { forgetSent } from "./uploads.js";

/** @typedef {import("./types.js").App} App */
/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Settings} Settings */
/**
 * What only a browser can do, beside what drafts, session, engine and browsing ask for.
 * @typedef {Omit<import("./drafts.js").World, "db"|"shelf"|"person"|"language"|"changed"|"queued"|"clock"> & {
 *   device: import("./types.js").Database, http: import("./types.js").Http, release: string,
 *   openPerson: (id: string, onOutdated: () => void) => Promise<import("./types.js").Database>,
 *   dropPerson: (id: string) => Promise<void>, deviceName: () => string,
 *   lock: (step: () => Promise<void>) => Promise<boolean>, connection: () => "wifi"|"cellular"|"unknown",
 *   readFile: (db: import("./types.js").Database, sha256: string, from: number, to: number) => Promise<Uint8Array>,
 *   fileBlob: (db: import("./types.js").Database, sha256: string, type?: string) => Promise<Blob|null>,
 *   keepParts: (names: string[]) => Promise<void>, earlierPhotos: import("./browsing.js").Library["earlierPhotos"],
 *   url: (blob: Blob) => string, releaseUrl: (url: string) => void, seal: (db: import("./types.js").Database, who: { person: import("./types.js").PersonRow, installId: string, now: number }) => Promise<Blob>,
 *   storage: () => Promise<State["storage"]>, persist: () => Promise<boolean>,
 *   watchPosition: App["position"], stayAwake: (wanted: boolean) => void, later: (seconds: number, run: () => void) => () => void,
 *   tellTabs: () => void, applyUpdate: () => void, isOnline: () => boolean,
 *   place: "normal"|"insecure"|"wechat", language: import("./types.js").Language }} Ports
 */

const IDLE_SECONDS = 15 * 60;
const NEARLY_FULL = 0.8;
const RESERVE_BYTES = 4 * 1024 ** 2;
const WRONG_CLOCK_MS = 24 * 3600 * 1000;

/**
 * @param {Ports} ports
 * @returns {Promise<{ app: App, wake: (cause: string) => void, heard: () => void, updateReady: () => void }>}
 */
export async function createApp(ports) {
  /** @type {Set<(state: State) => void>} */
  const listeners = new Set();
  /** @type {Settings} */
  const settings = { language: ports.language, size: "normal", theme: "auto", wifiOnly: false, greeted: false, ...(await ports.device.get("meta", "settings")) };
  /** @type {State} */
  let state = {
    phase: "loading", online: ports.isOnline(), person: null, counts: { onPhone: 0, received: 0, attention: 0 },
    month: null, storage: { persisted: false, usage: 0, quota: 0 }, settings, update: { ready: false },
    sync: { running: false, paused: false, phase: null, sent: 0, total: 0, bytesLeft: 0, secondsLeft: null, lastAt: null, problem: null },
    alerts: [], release: ports.release, device: ports.deviceName(), revision: 0,
  };
  /** @type {Promise<import("./views.js").Shelf>|null} */
  let shelf = null;
  let storageFull = false;
  /** @type {Promise<any>|null} */
  let lost = null;
  let cancelTimer = () => {};

  /** @param {Partial<State>} change */
  function show(change) {
    state = { ...state, ...change };
    for (const listener of listeners) listener(state);
  }
  const language = () => state.settings.language;

  const session = createSession({ ...ports, onOutdated: () => show({ update: { ready: true } }) });
  const { db, person } = session;
  const token = () => session.current()?.token ?? null;
  const read = (/** @type {import("./views.js").Shelf|null} */ before) =>
    readShelf(db(), { me: person().id, now: now(), language: language() }, before);
  /** A failed read is forgotten: a disk that was busy once would else stop screens and sync until something changed. @param {Promise<import("./views.js").Shelf>} reading */
  function keep(reading) {
    shelf = reading;
    reading.catch(() => shelf === reading && (shelf = null));
    return reading;
  }
  const look = () => shelf || keep(read(null));
  let clockOffset = 0;
  /** The time by the server's clock, once it has told us: phones come out of repair in 1970. */
  const now = () => ports.now() + (Math.abs(clockOffset) > WRONG_CLOCK_MS ? clockOffset : 0);

  /** Stored rows moved, with `own` only those this phone writes: read the numbers again, then let every screen ask for its own. */
  async function changed(fromHere = true, own = false) {
    if (own && shelf) void keep(shelf.then(read, () => read(null)));
    else shelf = null;
    if (fromHere) ports.tellTabs();
    if (!session.current()) return;
    const standing = await standingOf(db());
    clockOffset = standing.clockOffset;
    const rows = await look();
    const alerts = [];
    if (storageFull) alerts.push({ code: "storage-full" });
    if (state.sync.problem?.code === "token-expired") alerts.push({ code: "signed-out" });
    if (standing.generation > 1 && standing.snapshot) alerts.push({ code: "server-restored" });
    if (Math.abs(clockOffset) > WRONG_CLOCK_MS) alerts.push({ code: "clock-wrong", params: { now: ports.now() } });
    show({
      counts: countsOf(rows, decisionViews(rows)), alerts, revision: state.revision + 1,
      // Of the first fetch only a part is here, and nobody with twenty households has visited 0 of 3.
      month: standing.generation > 1 || !standing.snapshot ? monthCount(rows) : null,
      sync: { ...state.sync, lastAt: standing.lastAt },
    });
  }
  const refresh = (own = false) => void changed(true, own).catch(() => {});

  /** @type {ReturnType<typeof createEngine>|null} */
  let engine = null;
  /** An engine of one person, with her database for good: a page on its way may never land in somebody else's. */
  function engineFor(/** @type {string} */ id) {
    const own = db();
    const isCurrent = () => session.current()?.id === id;
    const made = createEngine({
      ...ports, db: own, token: () => (isCurrent() ? token() : null), told: () => session.current()?.feed.told || "", tell: async (feed) => void (isCurrent() && (await session.tell(feed))), link: { bytesPerSecond: null },
      bytesOf: (sha256, from, to) => ports.readFile(own, sha256, from, to), wifiOnly: () => state.settings.wifiOnly,
      changed: refresh,
      missing: async () => {
        const { forms, datasets } = await look();
        return [...forms, ...datasets].filter((row) => !row.definition).length;
      },
      // A phone may have bars and no server: what the last request met is the truth.
      report: ({ problem: failure, reached, ...progress }) => {
        // A dark screen sends nothing: many phones stop a page within seconds.
        ports.stayAwake(progress.running && progress.total > 0);
        if (isCurrent()) show({
          online: reached ?? state.online,
          sync: { ...state.sync, ...progress, paused: made.isPaused(), problem: failure && problem(failure, language()) },
        });
      },
    });
    return made;
  }

  /** @param {{ pressed?: boolean, online?: boolean, anyLink?: boolean }} [cause] */
  async function drive(cause) {
    if (!session.current() || !engine) return;
    cancelTimer();
    const wait = await engine.start(cause);
    // Lost, says the office: forget what was fetched, keep for its owner what she has not sent.
    if (state.sync.problem?.code === "device-revoked") await (lost ||= app.signOut({ force: true }).finally(() => (lost = null)));
    await changed().catch(() => {});
    await makeRoom().catch(() => {});
    await keepParts().catch(() => {});
    cancelTimer();
    cancelTimer = ports.later(wait ?? IDLE_SECONDS, () => void drive());
  }
  /** An update may have been without signal for the parts that the forms here use, and that every phone has (`sw.js`). */
  const keepParts = async () => ports.keepParts(["seal", "safety", "decisions", "redo", ...(await look()).forms.flatMap((row) => row.definition?.uses || [])]);
  /** Photos the server has go after a month, or at once when the phone is nearly full; old versions of forms as well. */
  async function makeRoom() {
    await measure();
    const { usage, quota } = state.storage;
    await forgetSent(db(), ports.dropFile, quota && usage > quota * NEARLY_FULL ? 0 : KEPT_MS);
    const held = await look(), spent = spentForms(held);
    if (!spent.length) return;
    for (const sha256 of spentPictures(held.forms, spent)) await ports.dropFile(db(), sha256);
    await db().write(spent.map((id) => ({ store: "forms", delete: id })));
    shelf = null;
  }
  const queued = () => void drive().catch(() => {});

  /** The phone's clock as it is, and what the server's says beyond it: evidence is not to be put right in silence. */
  const clock = () => ({ taken_at: ports.now(), ...(clockOffset ? { clock_offset: clockOffset } : {}) });

  const filling = createFilling({ ...ports, now, clock, db, person, language, shelf: look, changed: () => refresh(true), queued });
  const browsing = createBrowsing({
    ...ports, db, token, shelf: look, isRunning: () => state.sync.running, release: ports.releaseUrl,
  });

  /** Every verb fails with a sentence in the reader's language. @template {any[]} A @template T @param {(...input: A) => Promise<T>} verb @returns {(...input: A) => Promise<T>} */
  const told = (verb) => async (...input) => {
    try {
      return await verb(...input);
    } catch (error) {
      const shown = problem(error, language());
      storageFull ||= shown.code === "storage-full";
      refresh();
      throw shown;
    }
  };
  const measure = async () => show({ storage: await ports.storage() });
  /** Nothing of the person before stays in memory. */
  function forget() {
    cancelTimer();
    engine = null;
    shelf = null;
    browsing.forget();
    filling.forget();
  }
  function leave() {
    forget();
    show({ phase: "signin", person: null, alerts: [] });
  }
  /** Stored rows moved in another tab; and whoever signed out there is gone here too. */
  async function follow() {
    const before = token();
    if (!(await session.isOver())) return token() === before ? changed(false) : drive({ online: true });
    leave();
    if (await session.resume()) await enter(true);
  }
  /**
   * @param {boolean} afresh
   * @param {boolean} [quietly] without a sync, which then waits until there is something to see
   * @param {{ page?: import("./types.js").Page, definitions?: any[] }} [first] what came with the session
   */
  async function enter(afresh, quietly, { page, definitions = [] } = {}) {
    const { id, name, unit, earlier, feed } = person();
    if (afresh || !engine) engine = engineFor(id);
    if (page) await engine.begin(page, definitions).catch(() => {});
    show({ phase: ports.place === "wechat" ? "wechat" : "ready", person: { id, name, unit, earlier, pin: feed.pin, must: feed.pin_required } });
    await Promise.all([changed(false), measure()]);
    if (!quietly) void drive({ online: true }).catch(() => {});
  }

  /** @type {App} */
  const app = {
    get: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    households: told(browsing.households), record: told(browsing.record), drafts: told(browsing.drafts), beginnings: told(browsing.beginnings),
    outbox: told(browsing.outbox), decisions: told(browsing.decisions), photoUrl: told(browsing.photoUrl),
    earlierPhotos: told(browsing.earlierPhotos),
    correct: told(filling.correct), startVisit: told(filling.startVisit), openDraft: told(filling.openDraft),
    saveDraft: told(filling.saveDraft), closeDraft: told(filling.closeDraft), finish: told(filling.finish),
    discardDraft: told(filling.discardDraft), amend: told(filling.amend), withdraw: told(filling.withdraw),
    feedback: told(filling.feedback), fix: told(filling.fix), shown: told(filling.shown),
    addPhoto: told(async (id, ref, file, facts) => {
      await measure();
      const { quota, usage } = state.storage;
      // What is left belongs to text and receipts: a phone that cannot write those can neither send nor make room.
      if (quota && quota - usage < RESERVE_BYTES) throw { code: "storage-full" };
      const value = await filling.addPhoto(id, ref, file, facts);
      storageFull = false;
      await measure();
      return value;
    }),
    position: ports.watchPosition,
    syncNow: told((options) => drive({ pressed: true, ...options })),
    pause() {
      engine?.pause();
      show({ sync: { ...state.sync, paused: true } });
    },
    requestPersistence: told(async () => {
      const granted = await ports.persist();
      await measure();
      return granted;
    }),
    exportRescue: told(async () => ports.seal(db(), { person: person(), installId: ports.installId, now: ports.now() })),
    signIn: told(async (credentials) => {
      const first = await session.signIn(credentials);
      if (first.other) forget();
      ports.tellTabs();
      await enter(first.other, false, first);
    }),
    signOut: told(async ({ force = false } = {}) => {
      const unsent = await session.signOut(force);
      if (unsent) return { unsent };
      ports.tellTabs();
      leave();
      return null;
    }),
    set(setting, value) {
      const next = { ...state.settings, [setting]: value };
      shelf = null;
      show({ settings: next, revision: state.revision + 1 });
      void learn(next.language).catch(() => {});
      void ports.device.write([{ store: "meta", put: { ...next, id: "settings" } }]);
      if (setting === "wifiOnly") queued();
    },
    async applyUpdate() {
      if (filling.isFilling()) return false;
      ports.applyUpdate();
      return true;
    },
  };

  await learn(language()).catch(() => {});
  if (ports.place === "insecure") show({ phase: "insecure" });
  else if (await session.resume()) await enter(true, true);
  else show({ phase: ports.place === "wechat" ? "wechat" : "signin" });

  return {
    app,
    wake(cause) {
      if (cause === "online" || cause === "offline") show({ online: cause === "online" });
      if (cause === "online" || cause === "visible") void drive({ online: cause === "online" }).catch(() => {});
    },
    heard: () => void follow().catch(() => {}),
    updateReady: () => show({ update: { ready: true } }),
  };
}
