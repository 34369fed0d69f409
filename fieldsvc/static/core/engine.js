/**
 * The sync loop: look at what is stored, ask the plan, do one thing, look again. It holds the lock for one step at a
 * time, so that a frozen tab never keeps the others from sending, and it decides nothing itself.
 */

import { begin, fetchDefinitions, pull, push, standingOf } from "./exchange.js";
import { isUnsent, utf8Length } from "./outbox.js";
import { codeOf } from "./problems.js";
import { maySendPhotos, nextStep, photosDue, thumbnailsDue } from "./plan.js";
import { bytesDue, sendPhotos, sendThumbnails } from "./uploads.js";

/** @typedef {import("./types.js").Entry} Entry */
/**
 * What the engine is given. `lock` runs a step alone among all tabs and answers false when another tab is at work;
 * `missing` counts the definitions that were announced and are not here; `changed` hears that stored rows moved, `report`
 * how the run goes.
 * @typedef {import("./uploads.js").PhotoLine & {
 *   lock: (step: () => Promise<void>) => Promise<boolean>, random: () => number,
 *   isSlow: () => boolean, connection: () => "wifi"|"cellular"|"unknown", wifiOnly: () => boolean,
 *   missing: () => Promise<number>, report: (progress: Progress) => void, changed: () => void }} Ports
 */
/**
 * @typedef {{ running: boolean, phase: null|"operations"|"thumbnails"|"photos"|"pull", sent: number, total: number,
 *   bytesLeft: number, secondsLeft: number|null, problem: { code: string }|null, reached: boolean|null }} Progress
 * `reached` says whether the last request got to the server; null before the first one.
 */

const PULL_EVERY_MS = 15 * 60 * 1000;
const UNREACHED = new Set(["no-network", "timeout", "portal"]);
/** Before the first transfer nothing was measured: what the browser calls slow is 2G or a poor 3G. */
const SLOW_BYTES_PER_SECOND = 5_000;
const USUAL_BYTES_PER_SECOND = 50_000;
const OTHER_TAB_SECONDS = 20;
const PHASES = /** @type {const} */ ({
  push: "operations", thumbnails: "thumbnails", photo: "photos", pull: "pull", definitions: "pull",
});

/**
 * @param {Ports} ports
 */
export function createEngine(ports) {
  let paused = false;
  let failures = 0;
  let failedAt = 0;
  let retryAfter = 0;
  let pulledAt = -Infinity;
  let eager = false;
  let anyLink = false;
  let again = false;
  let refused = /** @type {string|null} */ (null);
  let refusal = /** @type {any} */ (null);
  let most = 0;
  let here = /** @type {any[]} */ ([]);
  /** @type {Promise<number|null>|null} */
  let run = null;

  /** Everything the plan and the progress line need, read afresh. */
  async function look() {
    const outbox = /** @type {Entry[]} */ (await ports.db.all("outbox"));
    const unsent = outbox.filter(isUnsent);
    const received = new Set(outbox.filter((entry) => entry.state === "settled").map((entry) => entry.id));
    const kept = await ports.db.all("photos");
    const thumbnails = thumbnailsDue(kept, received);
    const photos = photosDue(kept, received);
    const standing = await standingOf(ports.db);
    const definitions = await ports.missing();
    const token = ports.token();
    const due = ports.now() - pulledAt >= PULL_EVERY_MS || ports.now() < pulledAt;
    const situation = {
      signedIn: token !== null && token !== refused, paused, unsent: unsent.length, thumbnails: thumbnails.length,
      photos: photos.length, pull: due ? /** @type {const} */ ("due") : standing.more ? /** @type {const} */ ("more") : /** @type {const} */ ("none"),
      definitions, wifiOnly: ports.wifiOnly(), connection: ports.connection(), eager, anyLink, failures, answered: !UNREACHED.has(refusal?.code),
      // A clock set back since the failure would have it wait for as long as it was wrong.
      waited_seconds: ports.now() < failedAt ? Infinity : (ports.now() - failedAt) / 1000, retry_after_seconds: failures ? retryAfter : 0,
      jitter: ports.random(),
    };
    // What is still to go counts the pictures of unsent visits too, though their turn comes later.
    const coming = new Set(outbox.filter((entry) => entry.state !== "refused").map((entry) => entry.id));
    const [small, large] = [thumbnailsDue(kept, coming), maySendPhotos(situation) ? photosDue(kept, coming) : []];
    const bytesLeft = unsent.reduce((total, entry) => total + utf8Length(entry.body), 0) + bytesDue(small, large);
    return { situation, received, bytesLeft, left: unsent.length + small.length + large.length };
  }

  /** @param {string} step @param {Set<string>} received */
  async function act(step, received) {
    if (step === "push") {
      const { sent, settled } = await push(ports, failures, refusal?.status < 500 ? failures >> 2 : 0);
      pulledAt = ports.now();
      if (sent > 0 && settled === 0) throw { code: "unanswered" };
    } else if (step === "pull") await pull(ports);
    else if (step === "definitions") await fetchDefinitions(ports, here.splice(0));
    else if (step === "thumbnails") await sendThumbnails(ports, received);
    else await sendPhotos(ports, received, failures);
  }

  /** @param {any} failure @param {Progress} progress */
  function fail(failure, progress) {
    const code = codeOf(failure);
    if (code === "moved-on") return; // Another tab got there first; its rows are as good as ours.
    if (failure?.status === 401) refused = ports.token();
    // Told to update, the phone still sends what it has; it only stops asking for news.
    if (code === "upgrade") pulledAt = ports.now();
    failures += 1;
    failedAt = ports.now();
    retryAfter = failure?.retry_after_seconds || 0;
    progress.reached = !UNREACHED.has(code);
    refusal = progress.problem = { ...failure, code: failure?.status === 401 && code !== "device-revoked" ? "token-expired" : code };
  }

  /** @returns {Promise<number|null>} seconds until it is worth trying again; null when nothing is left to do */
  async function loop() {
    /** @type {Progress} */
    const progress = { running: true, phase: null, sent: 0, total: 0, bytesLeft: 0, secondsLeft: null, reached: null,
      problem: refused && refused === ports.token() ? refusal : null };
    const stop = (/** @type {number|null} */ seconds) => {
      ports.report({ ...progress, running: false, phase: null });
      return seconds;
    };
    for (;;) {
      const seen = await look().catch((failure) => fail(failure, progress));
      // A phone that is short of memory cannot read for a moment.
      if (!seen) return stop(OTHER_TAB_SECONDS);
      const { situation, received, bytesLeft, left } = seen;
      const plan = nextStep(situation);
      most = Math.max(most, left);
      Object.assign(progress, { bytesLeft, total: most, sent: most - left });
      progress.secondsLeft = Math.ceil(bytesLeft / (ports.link.bytesPerSecond || (ports.isSlow() ? SLOW_BYTES_PER_SECOND : USUAL_BYTES_PER_SECOND)));
      if (plan.do === "rest" || plan.do === "wait") {
        if (left === 0) most = 0;
        return stop(plan.do === "wait" ? plan.seconds : null);
      }
      progress.phase = PHASES[plan.do];
      ports.report({ ...progress });
      let alone = true;
      try {
        alone = await ports.lock(() => act(plan.do, received));
        if (alone) {
          failures = 0;
          Object.assign(progress, { problem: null, reached: true });
        }
      } catch (failure) {
        fail(failure, progress);
      }
      ports.changed();
      if (!alone) return stop(OTHER_TAB_SECONDS);
    }
  }

  /** Loop until no call came in meanwhile: one may fall between the last look and the end. */
  async function rounds() {
    let wait = null;
    while (again) {
      again = false;
      wait = await loop();
    }
    return wait;
  }

  /**
   * Sync until nothing is left that may be done now. A second call while it runs joins the first. `pressed` means a
   * person asked: no waiting out of failures, and a pull even when one was just made. `anyLink` lets full photos go
   * without Wi-Fi until this run ends.
   * @param {{ pressed?: boolean, online?: boolean, anyLink?: boolean }} [cause]
   * @returns {Promise<number|null>}
   */
  function start({ pressed = false, online = false, anyLink: dear = false } = {}) {
    if (pressed) {
      paused = false;
      refused = null;
      pulledAt = -Infinity;
    }
    if (pressed || online) failures = 0;
    eager ||= pressed;
    anyLink ||= dear;
    again = true;
    if (!run) {
      run = rounds().finally(() => {
        run = null;
        eager = anyLink = false;
      });
    }
    return run;
  }

  return {
    start,
    /** What came with the session: a page, and definitions that need not be asked for. @param {import("./types.js").Page} page @param {any[]} definitions */
    async begin(page, definitions) {
      if (!(await begin(ports, page))) return;
      pulledAt = ports.now();
      here = definitions;
    },
    /** Stop after the request that is under way; the next press of the button goes on. */
    pause: () => {
      paused = true;
    },
    isPaused: () => paused,
  };
}
