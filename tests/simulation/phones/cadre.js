/** What somebody with a phone does next: drawn from the phone's dice, done with the verbs the screens use. */

import { overlayAll } from "../../../fieldsvc/static/core/rebase.js";
import { CLOCKS, DAY, ENDS, EXPECTED, HABITS } from "./habits.js";
import { amending } from "./ledger.js";

/** Properties that people decide about; the last two are one unit. Each typed value is like no other. */
const DECIDED = ["phone", "water", "bank"];
const FORM = "world_visit";
/** The form that begins a household. */
const FOUND = "world_found";

/**
 * @param {import("./phone.js").Phone} phone
 * @param {ReturnType<typeof import("./ledger.js").ledger>} book
 * @param {{ stored: (store: string) => Promise<any[]>, complain: (what: string) => void, shoot: () => Uint8Array, deaths: number, rarest: () => string }} hands
 */
export function cadre(phone, book, { stored, complain, shoot, deaths, rarest }) {
  const { random } = phone;
  let words = 0;
  /** A value nobody else ever types. */
  const word = () => `${phone.name}-${(words += 1)}`;
  /** @type {Awaited<ReturnType<typeof phone.tab>>} */
  let tab;
  /** Forms that a tab has begun or had open. @type {WeakMap<object, Set<string>>} */
  const opened = new WeakMap();
  const formsOf = (of) => opened.get(of) || opened.set(of, new Set()).get(of);

  /** The office has signed her out under her hands, the phone being taken for lost. */
  const isSignedOut = () => tab.app.get().phase === "signin";

  /** A household on this phone, as its screen shows it: this one, or any. @param {string} [wanted] */
  async function looksUp(wanted) {
    const homes = (await tab.app.households()).filter(({ id }) => !wanted || id === wanted);
    if (!homes.length) return null;
    const { household, members, leaving } = await tab.app.record(random.pick(homes).id);
    // Until the phone knows what its records are made of, its screen shows nothing that could be corrected.
    if (leaving || !household.properties.length) return null;
    return { id: household.id, shown: shownBy(household), members };
  }

  /** A record's values as whoever opens a form reads them. @param {string} id */
  async function onDisk(id) {
    const [entities, outbox] = [await stored("entities"), await stored("outbox")];
    return overlayAll(entities.filter((row) => row.subject === id), outbox, id).find(({ row }) => row.id === id)?.row.properties;
  }

  /** The values on a record's screen. @param {{ properties: readonly { name: string, value: string|null }[] }} household */
  const shownBy = (household) => Object.fromEntries(household.properties.map(({ name, value }) => [name, value]));

  /** Some things that have changed at a household. @param {Record<string, string|null>} shown */
  function news(shown) {
    const typed = {};
    const name = random.pick([...DECIDED, "visits_made", "remark", "people"]);
    if (name === "visits_made") typed[name] = String(Number(shown[name] || 0) + 1 + random.below(3));
    else if (name === "people") typed[name] = String(random.below(9));
    else typed[name] = word();
    if (name === "bank") typed.account_no = word();
    return typed;
  }

  /** @param {string} id @param {Record<string, string|null>} shown @param {Partial<import("./ledger.js").Line>} [more] */
  const line = (id, shown, more = {}) => ({ id, kind: "visit", subject: "", entity: "", shown, typed: {}, births: [], photos: [], ...more });

  /** A form opens, or its tab dies over it. @param {Promise<string>} opening @param {import("./ledger.js").Line} said @returns {Promise<string|void>} its id */
  async function begins(opening, said) {
    const id = await Promise.race([opening, tab.life.ended]);
    if (!id) book.leavesUnsaid(said);
    else if (!book.open.has(id)) {
      book.begins({ ...said, id });
      formsOf(tab).add(id);
    }
    return id;
  }

  /** Keep what is typed; whoever hears that another tab has gone on goes back, and opens the form again some time. @param {string} id */
  async function saves(id, draft) {
    const { app } = tab;
    await app.saveDraft(id, 0).catch(async (problem) => {
      if (problem.code === "moved-on") await app.closeDraft(id);
      throw problem;
    });
    book.keeps(id, draft.form.answers());
  }

  /** Fill in some of an open form; after each answer the phone says that it is kept. @param {string} id @param {number} [shooting] how often a photo is taken */
  async function fillsIn(id, shooting = 0.08) {
    // A form of which nothing was kept shows the record as it is by now, in a tab that does not have it open already.
    const anew = !formsOf(tab).has(id) && (await stored("drafts")).some((each) => each.id === id && !each.content);
    const draft = await tab.app.openDraft(id);
    formsOf(tab).add(id);
    const kept = book.open.get(id);
    if (kept.form) kept.subject = kept.entity = draft.subject;
    // A tab from before another one went on shows the form as it was then, and what it would write is turned away.
    if (!tab.isOutdated(id)) book.reads(id, draft.form.answers());
    const over = anew && await tab.app.record(kept.subject).catch(() => null);
    if (over) book.beginsAnew(id, shownBy(over.household));
    draft.form.set("/data/met", "head");
    for (let answers = 1 + random.below(3); answers; answers -= 1) {
      const typed = news(kept.shown);
      delete typed.account_no;
      delete typed.bank;
      for (const [name, value] of Object.entries(typed)) draft.form.set(`/data/${name}`, value);
      book.types(id, typed);
      await saves(id, draft);
    }
    if (!kept.replaces && random.happens(0.15)) {
      const name = word();
      draft.form.set(`${draft.form.addRepeat("/data/births")}/name`, name);
      await saves(id, draft);
      kept.births.push(name);
    }
    if (random.happens(shooting)) {
      const slot = random.pick(["door", "window"]);
      const { sha256 } = await tab.app.addPhoto(id, `/data/${slot}`, shoot());
      kept.photos = [...kept.photos.filter((each) => each.slot !== slot), { slot, sha256 }];
    }
  }

  /** @param {string} id */
  async function finishes(id) {
    await tab.app.finish(id);
    book.finishes(id);
  }

  /** @param {string} subject @param {string} entity @param {Record<string, string|null>} shown @param {Record<string, string>} typed */
  async function correctsRecord(subject, entity, shown, typed) {
    const said = line("", shown, { kind: "edit", subject, entity, typed });
    const before = Object.fromEntries(Object.keys(typed).map((name) => [name, shown[name] ?? null]));
    const id = await Promise.race([tab.app.correct(entity, typed, "", undefined, before), tab.life.ended]);
    if (id) book.promises({ ...said, id });
    else book.leavesUnsaid(said);
  }

  const habits = {
    /** Hours without signal, house after house, and then the road home: most of what arrives anywhere arrives like this. */
    async worksADay() {
      const { life, wake } = tab;
      phone.link.signal = false;
      wake("offline");
      for (let doings = 10 + random.below(30); doings && life.isAlive(); doings -= 1) await does(random.weighed(DAY));
      if (!life.isAlive()) return;
      phone.link.signal = true;
      wake("online");
    },
    async corrects() {
      const { life } = tab;
      for (let times = 1 + random.below(4); times && life.isAlive(); times -= 1) await habits.correctsOnce();
    },
    async correctsOnce() {
      const home = await looksUp();
      if (home) await correctsRecord(home.id, home.id, home.shown, news(home.shown));
    },
    /** One of the people of a household. */
    async correctsSomebody() {
      const home = await looksUp();
      const who = home && home.members.length ? random.pick(home.members) : null;
      if (who?.properties.length) await correctsRecord(home.id, who.id, shownBy(who), { health: word() });
    },
    async leavesOpen() {
      const home = await looksUp(), before = new Set(book.open.keys());
      const id = home && await begins(tab.app.startVisit(home.id, FORM), line("", home.shown, { subject: home.id, entity: home.id }));
      if (!id) return null;
      // A form shows the record as it is when it opens, which may be later than the list it was opened from; and a tab that
      // has still to hear of what another one fetched shows lists as they were.
      const over = await onDisk(home.id);
      if (over) book[before.has(id) ? "sees" : "beginsAnew"](id, { ...home.shown, ...over });
      await fillsIn(id);
      if (random.happens(0.5)) await tab.app.closeDraft(id);
      return id;
    },
    async visits() {
      const id = await habits.leavesOpen();
      if (id) await finishes(id);
    },
    async photographs() {
      const id = await habits.leavesOpen();
      if (!id) return;
      await fillsIn(id, 1);
      await finishes(id);
    },
    /** A family that no list has; she may be visited before anything of her is sent. */
    async finds() {
      const id = await begins(tab.app.startVisit("", FOUND), line("", {}, { form: FOUND }));
      if (!id) return;
      await fillsIn(id);
      await finishes(id);
    },
    async resumes() {
      const drafts = await tab.app.drafts();
      if (!drafts.length) return;
      const { id } = random.pick(drafts);
      await fillsIn(id);
      if (random.happens(0.7)) await finishes(id);
    },
    async amends() {
      const returned = (await tab.app.decisions()).filter((each) => each.kind === "return" && each.state === "open" && !isReplaced(each.submission));
      const sent = [...book.promised.values()].filter((each) => each.kind === "visit" && each.told && !isReplaced(each.id));
      const submission = returned.length ? random.pick(returned).submission : sent.length ? random.pick(sent).id : null;
      const before = book.promised.get(submission);
      const home = before && await looksUp(before.subject);
      if (!home) return;
      const id = await begins(tab.app.amend(submission), amending(before, home.shown));
      if (!id) return;
      await fillsIn(id);
      await finishes(id);
    },
    async withdraws() {
      const sent = [...book.promised.values()].filter((each) => each.kind === "visit" && each.told && !isReplaced(each.id));
      if (!sent.length) return;
      const { id: of, subject } = random.pick(sent);
      const id = await tab.app.withdraw(of, "wrong household");
      book.promises(line(id, {}, { kind: "withdrawal", subject, of }));
    },
    presses: () => tab.app.syncNow(),
    waits: async () => tab.rings(),
    async walks() {
      phone.link.signal = !phone.link.signal;
      tab.wake(phone.link.signal ? "online" : "offline");
    },
    weatherTurns: async () => phone.link.turns(),
    async clockJumps() {
      phone.skew = random.pick(CLOCKS);
      phone.tally("clock jumped");
    },
    diskFills: async () => void (phone.disk.full = 1 + random.below(4)),
    async opensTab() {
      if (phone.tabs().length > 1 || !phone.link.signal) return;
      await phone.opens();
      phone.tally("second tab opened");
    },
    async closesTab() {
      tab.life.kill("by its owner");
    },
    /** A tab that dies at a moment with a name, while it does what it does most. */
    async dies() {
      // As often as not the death that nobody has died so far, the first time it is possible.
      const sought = random.below(2) > 0, point = sought ? rarest() : random.pick(Object.keys(ENDS));
      const doings = ENDS[point.replace(/^(before|after) /, "")];
      tab.life.doom((at) => at.includes(point), sought ? 0 : random.below(point ? random.pick([2, 2, 6]) : 60));
      if (doings.includes("presses")) phone.link.signal = true;
      for (const habit of doings.length ? doings : [random.pick(["corrects", "visits", "resumes", "presses", "amends"])]) await habits[habit]();
      await phone.rests();
    },
  };

  const isReplaced = (id) => [...book.promised.values(), ...book.open.values()].some((each) => each.replaces === id || each.of === id);

  /** @param {string} habit a name of `habits` */
  async function does(habit) {
    phone.tell(habit);
    try {
      await habits[habit]();
    } catch (failure) {
      if (!EXPECTED.has(failure?.code) && !(failure?.code === "token-expired" && isSignedOut())) complain(`${habit}: ${failure?.stack || JSON.stringify(failure)}`);
    }
  }

  /** Take away the tabs that died, and see what became of what they had in hand. */
  async function mourns() {
    if (phone.bury()) book.looksAround(await stored("outbox"), await stored("drafts"));
  }

  /** The valley has signal, and everybody does what they still have to. */
  async function comesHome() {
    Object.assign(phone.link, { signal: true, badness: 0 });
    Object.assign(phone, { skew: 0 });
    phone.disk.full = 0;
    await phone.link.settle();
    // Of two tabs one shows forms as they were before the other went on; whoever comes home begins anew, and leaves
    // what a tab still shows that once had another one beside it.
    if (phone.tabs().length > 1) for (const each of phone.tabs()) each.life.kill("as one of two");
    await mourns();
    tab = await phone.tab();
    await phone.rests();
    if (tab.app.get().phase !== "ready") throw phone.shutOut();
    await phone.signsInAgain(tab);
    for (const { id } of await tab.app.drafts()) {
      // This tab's list may name what one that died has finished; the book knows of it since then.
      if (book.promised.has(id)) continue;
      await tab.app.closeDraft(id);
      await fillsIn(id);
      await finishes(id);
    }
    await tab.app.syncNow();
    await phone.rests();
    if (await phone.signsInAgain(tab)) await tab.app.syncNow();
    await phone.rests();
  }

  return {
    /** One thing, and everything that follows from it until the phone has nothing under way. */
    async step() {
      await mourns();
      tab = await phone.tab();
      if (tab.app?.get().phase !== "ready") return;
      await phone.signsInAgain(tab);
      await Promise.race([does(random.weighed({ ...HABITS, dies: deaths })), tab.life.ended]);
      await phone.rests();
      tab.life.doom(null);
      if (tab.life.isAlive() && !isSignedOut()) {
        // Another tab may have been signed out for both just now.
        const lines = await tab.app.outbox().catch((failure) => (EXPECTED.has(failure?.code) ? [] : Promise.reject(failure)));
        book.hears(lines.filter(({ state }) => state === "received" || state === "attention").map(({ id }) => id));
      }
      await mourns();
    },

    mourns,
    comesToRest: () => comesHome().catch((failure) => complain(`coming home: ${failure?.stack || JSON.stringify(failure)}`)),
  };
}
