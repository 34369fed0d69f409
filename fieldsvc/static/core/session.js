/**
 * Who is signed in on this phone, each with a database of their own: the next person neither sees nor sends the first
 * one's work. Signing out removes what was fetched; work that never arrived stays until its owner comes back.
 */

import { problemOf } from "./exchange.js";
import { isUnsent, sendAgain } from "./outbox.js";
import { codeOf } from "./problems.js";
import { REPLICA_STORES, thumbnailsOf } from "./replica.js";

/** @typedef {import("./types.js").Database} Database */
/** @typedef {import("./types.js").PersonRow} PersonRow */
/** @typedef {import("./types.js").Unsent} Unsent */
/**
 * @typedef {{ device: Database, http: import("./types.js").Http, installId: string, release: string, deviceName: () => string,
 *   openPerson: (id: string, onOutdated: () => void) => Promise<Database>, dropPerson: (id: string) => Promise<void>,
 *   onOutdated: () => void }} Ports
 */

/** @param {Ports} ports */
export function createSession(ports) {
  /** @type {PersonRow|null} */
  let person = null;
  /** @type {Database|null} */
  let db = null;

  /** @param {PersonRow} row */
  async function open(row) {
    if (person?.id !== row.id) {
      db?.close();
      db = await ports.openPerson(row.id, ports.onOutdated);
    }
    person = row;
  }

  /** @returns {Database} */
  const opened = () => {
    if (!db) throw { code: "token-expired" };
    return db;
  };

  /** @param {Unsent} left */
  const isBusy = (left) => left.operations + left.photos + left.drafts > 0;

  /** @returns {Promise<Unsent>} */
  async function unsent() {
    const photos = /** @type {import("./types.js").PhotoRow[]} */ (await opened().all("photos"));
    return {
      operations: (await opened().all("outbox")).filter(isUnsent).length, drafts: (await opened().all("drafts")).length,
      photos: photos.filter((photo) => !photo.done).length,
    };
  }

  /** Whoever was signed in last on this phone, in whichever tab. @returns {Promise<PersonRow|undefined>} */
  async function signedIn() {
    const current = await ports.device.get("meta", "current");
    return current && ports.device.get("people", current.person);
  }

  /**
   * Remove what was fetched for a person, and keep what she still has to send. With the place in the feed goes all knowledge
   * of whether a server that is put back still has the rest, so everything goes again.
   */
  async function strip() {
    const stores = [...REPLICA_STORES, "meta"];
    const rows = await Promise.all(stores.map((store) => opened().all(store)));
    // What was on the screen of a form that is not finished goes with that: it says what its answers are to be judged by.
    const fetched = rows.flatMap((each, index) => each.filter(({ id }) => !/^shown/.test(id)).flatMap((row) =>
      [{ store: stores[index], delete: row.id }, ...(stores[index] === "submissions" ? thumbnailsOf(row) : [])]));
    await sendAgain(opened(), fetched).catch(async (error) => {
      if (codeOf(error) !== "storage-full") throw error;
      // What is to go makes the room for that; where it does not, it goes all the same.
      await opened().write(fetched);
      await sendAgain(opened()).catch(() => {});
    });
  }

  return {
    db: opened,
    current: () => person,
    person: () => {
      if (!person) throw { code: "token-expired" };
      return person;
    },

    /** The server has told another thing of her county (Protocol: session). @param {import("./types.js").Feed} feed */
    async tell(feed) {
      if (!person) return;
      const row = { ...person, feed };
      await ports.device.write([{ store: "people", put: row }], { durable: true });
      person = row;
    },

    /** Whoever was signed in last is so still. @returns {Promise<boolean>} */
    async resume() {
      const row = await signedIn();
      if (!row) return false;
      await open(row);
      return true;
    },

    /**
     * Let go of a person whom another tab has signed out, or followed by the next; of one who signed in again there, go on
     * by that session.
     * @returns {Promise<boolean>} whether she is gone
     */
    async isOver() {
      if (!person) return false;
      const row = await signedIn();
      if (row && row.id === person?.id) {
        person = row;
        return false;
      }
      db?.close();
      person = null;
      db = null;
      return true;
    },

    /**
     * Sign in. A phone that holds nobody's records gets the first of them in the same answer (Protocol: session); what a
     * cut takes of them is asked for again like anything else, and the session is not.
     * @param {{login: string, password: string}|{code: string}} credentials
     * @returns {Promise<{ other: boolean, page?: import("./types.js").Page, definitions: any[] }>} `other` than before
     */
    async signIn(credentials) {
      const begin = !(await ports.device.all("people")).length;
      const asked = { ...credentials, install_id: ports.installId, device_name: ports.deviceName(), app: ports.release, begin };
      /** @type {any[]} */
      const told = [];
      const answer = await ports.http("POST", "/api/v1/session", { json: asked, each: (line) => told.push(line) })
        .catch((failure) => {
          if (told.length) return null;
          throw failure;
        });
      const [session, first, ...definitions] = told;
      if (!session?.token) throw problemOf(/** @type {import("./types.js").Answer} */ (answer));
      const { token, person: who, feed, earlier } = session;
      /** @type {PersonRow} */
      const row = { id: who.id, name: who.name, unit: who.unit || "", roles: who.roles || [], token, feed, earlier };
      await ports.device.write([
        { store: "people", put: row }, { store: "meta", put: { id: "current", person: row.id } },
      ], { durable: true });
      const other = person?.id !== row.id;
      await open(row);
      return { other, page: first?.page, definitions };
    },

    /**
     * Sign out. With something unsent it happens only by force, and then that stays in this person's database.
     * @param {boolean} force
     * @returns {Promise<Unsent|null>} what is unsent when it was refused
     */
    async signOut(force) {
      if (!person) return null;
      const left = await unsent();
      if (isBusy(left) && !force) return left;
      const { id, token } = person;
      try {
        await ports.http("DELETE", "/api/v1/session", { token });
      } catch {
        // Without a network the token is forgotten here; the office can end it on the server.
      }
      // Asked again: on a slow line a visit may have been finished while the server was told.
      const busy = isBusy(await unsent());
      if (busy) await strip();
      db?.close();
      if (!busy) await ports.dropPerson(id);
      const people = busy ? { store: "people", put: { ...person, token: null } } : { store: "people", delete: id };
      await ports.device.write([people, { store: "meta", delete: "current" }], { durable: true });
      person = null;
      db = null;
      return null;
    },
  };
}
