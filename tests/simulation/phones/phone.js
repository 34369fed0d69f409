/**
 * One phone in somebody's pocket: what is on its disk outlives its tabs, its clock may be wrong, its disk may be full,
 * and there is one line to the server for all of its tabs.
 */

import { dice } from "./dice.js";
import { openTab } from "./tab.js";
import { weather } from "./weather.js";

/** @typedef {ReturnType<typeof createPhone>} Phone */

/** Turns of the event loop without anything under way, after which nothing can be. */
const STILL_TURNS = 3;

/**
 * @param {{ name: string, code: string, seed: string }} given
 * @param {{ deliver: (path: string, init: RequestInit) => Promise<any>, tally: (fault: string) => void, wiped: (outbox: any[]) => void,
 *   now: () => number, tell: (what: string) => void, pause: () => Promise<void>|void }} world
 * `wiped` hears what the phone had of its owner's when it removed all of it, and `tell` what is done with it.
 */
export function createPhone({ name, code, seed }, world) {
  const random = dice(`${seed}/${name}`);
  /** @type {Awaited<ReturnType<typeof openTab>>[]} */
  let tabs = [];
  /** @type {any} */
  let holder = null;
  /** Why the last sign-in failed. @type {any} */
  let refusal = null;

  /** Who is told that the server is away presses again. @param {Awaited<ReturnType<typeof openTab>>} tab */
  async function signsIn({ app }) {
    for (let left = 3; ; left -= 1) {
      try {
        return await app.signIn({ code: phone.code });
      } catch (problem) {
        refusal = problem;
        if (left <= 1) throw problem;
      }
    }
  }

  const phone = {
    name, random, tally: world.tally, wiped: world.wiped, tell: world.tell,
    /** What its owner signs in with. */
    code,
    link: weather(random, world),
    /** How far the clock is off, in milliseconds. */
    skew: 0,
    now: () => world.now() + phone.skew,
    disk: {
      /** How many of the next writes find no room. */
      full: 0,
      takes() {
        if (phone.disk.full <= 0) return;
        phone.disk.full -= 1;
        world.tally("no room to write");
        throw new DOMException("full", "QuotaExceededError");
      },
    },
    tabs: () => tabs,
    /** What is wrong with a phone that does not get in where the line is good. */
    shutOut: () => ({ code: "shut-out", why: refusal }),
    /** @type {Map<string, number>} the mark of each draft as it lies in the database */
    marks: new Map(),

    /** Run a step while no other living tab of this phone runs one. */
    async alone(life, step) {
      if (holder?.isAlive()) return false;
      holder = life;
      try {
        await step();
      } finally {
        if (holder === life) holder = null;
      }
      return true;
    },
    tells(from) {
      for (const tab of tabs) if (tab.life !== from) setImmediate(() => tab.life.isAlive() && tab.heard?.());
    },

    /** A tab of this phone; its owner signs in, unless the server is away for longer than her patience. */
    async tab() {
      if (!tabs.length) await phone.opens();
      const tab = random.pick(tabs);
      if (tab.app?.get().phase === "signin") {
        await signsIn(tab).catch(() => {});
        // People sign in where there is signal; the valley they go to has its own.
        phone.link.turns();
      }
      return tab;
    },
    opens: async () => void tabs.push(await openTab(phone)),
    /**
     * Whose phone the server has forgotten, an older backup having been put back, signs in again as the screen says.
     * @param {Awaited<ReturnType<typeof openTab>>} tab
     * @returns {Promise<boolean>} whether she did
     */
    async signsInAgain(tab) {
      if (!phone.link.signal || !tab.app.get().alerts.some((/** @type {{ code: string }} */ { code }) => code === "signed-out")) return false;
      world.tally("phone forgotten by a restored server");
      await Promise.race([signsIn(tab).catch(() => {}), tab.life.ended]);
      return true;
    },
    /** Take away the tabs that were killed; they neither write nor hear anything any more. @returns {number} how many */
    bury() {
      const dead = tabs.filter((tab) => !tab.life.isAlive());
      for (const tab of dead) tab.release();
      tabs = tabs.filter((tab) => !dead.includes(tab));
      return dead.length;
    },
    /** Wait until no tab has anything under way. */
    async rests() {
      for (let still = 0; still < STILL_TURNS; still += 1) {
        await new Promise(setImmediate);
        if (tabs.some((tab) => tab.life.isBusy())) {
          still = -1;
          await world.pause();
        }
      }
    },
  };
  return phone;
}
