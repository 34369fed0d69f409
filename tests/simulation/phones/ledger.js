/**
 * What one cadre typed, what she saw when she typed it, and what the phone told her of it. Kept beside the app and
 * never read by it: whether something was lost is judged by this, not by what the app thinks it has.
 */

import { isUnsent } from "../../../fieldsvc/static/core/outbox.js";

/**
 * Something typed, under the id of the operation that carries it. `shown` are the values on her screen when she began;
 * an amendment begins with those of the visit it replaces, and `under` any form she saw the record as it was by then.
 * @typedef {{ id: string, kind: "edit"|"visit"|"withdrawal", subject: string, entity: string, shown: Record<string, string|null>,
 *   typed: Record<string, string>, under?: Record<string, string|null>,
 *   births: string[], photos: string[], replaces?: string, of?: string, told?: boolean, form?: string,
 *   carried?: boolean, lost?: "unsent"|"sent", wiped?: number }} Line
 * With a `form`, a visit that begins its household: until that form has been seen open nobody here knows its id.
 * `carried`: in a file that somebody brings to the office. `lost`: so it stood when the phone was lost that had it.
 * `wiped`: it had been sent, and lay in what the phone removed when the office signed it out; how often an older backup
 * had been put back by then.
 */

/**
 * The amendment that is begun of a visit, over the record as it is now. What became of that visit is not become of this.
 * @param {Line} before
 * @param {Record<string, string|null>} under
 * @returns {Line}
 */
export const amending = ({ carried: _, lost: __, wiped: ___, ...before }, under) => ({
  ...before, id: "", replaces: before.id, shown: { ...under, ...before.typed }, under, typed: { ...before.typed }, births: [], told: false,
});

/** @param {(complaint: string) => void} complain */
export function ledger(complain) {
  /** @type {Map<string, Line>} what the phone has promised to send */
  const promised = new Map();
  /** @type {Map<string, Line & { unsure?: Record<string, (string|undefined)[]> }>} visits that are being filled in; `unsure` is what
   * may stand where something was typed that the phone has not said it keeps: what stood there, or what any of its tabs has in mind */
  const open = new Map();
  /** @type {Line[]} corrections and forms in the hands of a tab that died before it said anything of them */
  const unsaid = [];

  return {
    promised, open,
    promises: (line) => promised.set(line.id, line),
    begins: (line) => open.set(line.id, line),
    /** The record that a form was opened over. @param {string} id @param {Record<string, string|null>} under */
    sees: (id, under) => void (open.get(id).under ||= under),
    /** The record that a form shows of which nothing was kept, and so what it goes by. @param {string} id @param {Record<string, string|null>} under */
    beginsAnew(id, under) {
      const line = open.get(id);
      Object.assign(line, { under, shown: { ...under, ...line.typed } });
    },
    leavesUnsaid: (line) => unsaid.push(line),
    /** Typed, and on the screen. @param {string} id @param {Record<string, string>} typed */
    types(id, typed) {
      const line = open.get(id);
      line.unsure ||= {};
      for (const [name, value] of Object.entries(typed)) (line.unsure[name] ||= [line.typed[name]]).push(value);
      Object.assign(line.typed, typed);
    },
    /** What a tab shows is kept, says the phone. @param {string} id @param {any} answers */
    keeps(id, answers) {
      this.reads(id, answers);
      delete open.get(id).unsure;
    },
    /** A visit is finished, says the phone. @param {string} id */
    finishes(id) {
      promised.set(id, open.get(id));
      open.delete(id);
    },
    /** These operations have arrived, says the phone. @param {Iterable<string>} ids */
    hears(ids) {
      for (const id of ids) if (promised.has(id)) promised.get(id).told = true;
    },

    /** These operations are in a file that will be carried to the office. @param {Iterable<string>} ids */
    carries(ids) {
      for (const id of ids) if (promised.has(id)) promised.get(id).carried = true;
    },
    /**
     * The phone is lost, and with it every form that was open. What it had sent, or is in a file, is owed as before.
     * @param {readonly string[]} unsent what it had not sent, as far as it knew
     * @returns {number} how much of that is in no file
     */
    losesPhone(unsent) {
      open.clear();
      unsaid.splice(0);
      const lost = [...promised.values()].filter((line) => !line.lost && line.wiped === undefined);
      for (const line of lost) line.lost = unsent.includes(line.id) ? "unsent" : "sent";
      return lost.filter((line) => line.lost === "unsent" && !line.carried).length;
    },

    /**
     * The phone removes everything of its owner's, as a phone does that the office has signed out. What it had not sent
     * is owed as before: nobody told it to remove that; and so is what was not there any more.
     * @param {readonly any[]} outbox as it lay on the disk
     * @param {number} restored how often an older backup has been put back so far
     */
    wipesItself(outbox, restored) {
      for (const { id } of outbox.filter((entry) => !isUnsent(entry))) if (promised.has(id)) promised.get(id).wiped ??= restored;
    },

    /**
     * After a tab has died: what became of the things nobody heard the end of. Any outcome is right but one.
     * @param {readonly any[]} outbox
     * @param {readonly any[]} drafts
     */
    looksAround(outbox, drafts) {
      for (const line of unsaid.splice(0)) {
        const isHers = ({ id, subject, form, replaces }) =>
          replaces === line.replaces && (line.form && !replaces ? form === line.form && !open.has(id) : subject === line.subject);
        const begun = line.kind === "visit" && drafts.find(isHers);
        if (begun && !open.has(begun.id)) open.set(begun.id, { ...line, id: begun.id, ...(line.form ? { subject: begun.subject, entity: begun.subject } : {}) });
        if (line.kind !== "edit") continue;
        // What was typed may be like something else that this phone has sent: a number of people is one of nine.
        const carrier = outbox.find(({ id, kind, touches }) => kind === "edit" && !promised.has(id) && touches.some(({ entity, changes }) =>
          entity === line.entity && Object.entries(line.typed).every(([name, value]) => changes[name] === value)));
        if (carrier) promised.set(carrier.id, { ...line, id: carrier.id });
      }
      for (const [id, line] of open) {
        if (outbox.some((entry) => entry.id === id)) this.finishes(id);
        else if (!drafts.some((draft) => draft.id === id)) complain(`the visit ${id} was being filled in and is gone`);
      }
    },
    /** A form is open again: everything the phone said it keeps must be in it. @param {string} id @param {any} answers */
    reads(id, answers) {
      const { typed, unsure = {} } = open.get(id);
      for (const name of Object.keys({ ...typed, ...unsure })) {
        const shown = answers[name];
        if (shown === typed[name]) continue;
        if (!unsure[name]?.includes(shown)) complain(`the visit ${id} kept ${name} = ${typed[name]} and shows ${shown}`);
        if (shown === undefined) delete typed[name];
        else typed[name] = shown;
      }
    },
  };
}
