/** What befalls a phone as a thing: its owner keeps a copy of what it has not sent, it is lost, the office gives her another code. */

import { isUnsent } from "../../../fieldsvc/static/core/outbox.js";

/**
 * @param {import("./phone.js").Phone} phone
 * @param {ReturnType<typeof import("./ledger.js").ledger>} book
 * @param {{ stored: (store: string) => Promise<any[]>, wipe: () => Promise<void>, mourns: () => Promise<void> }} hands
 */
export function accidents(phone, book, { stored, wipe, mourns }) {
  return {
    /** A backup file of what has not arrived, as its owner makes one for somebody to carry; nothing where nobody is signed in. */
    async backsUp() {
      await mourns();
      const [tab] = phone.tabs();
      if (tab?.app.get().phase !== "ready") return {};
      const left = (await stored("outbox")).filter((entry) => isUnsent(entry) || entry.state === "refused");
      const file = await tab.app.exportRescue();
      await phone.rests();
      book.carries(left.map(({ id }) => id));
      return { file: Buffer.from(await file.arrayBuffer()).toString("base64"), operations: left.length };
    },
    /** It lies in the river with all that is on it, and its owner has a new one. @param {string} code to sign in with there */
    async isLost(code) {
      await mourns();
      const left = (await stored("outbox")).filter(isUnsent).map(({ id }) => id);
      for (const tab of phone.tabs()) tab.life.kill("with its phone");
      phone.bury();
      await wipe();
      Object.assign(phone, { skew: 0 });
      phone.disk.full = 0;
      phone.marks.clear();
      phone.code = code;
      return { unsent: book.losesPhone(left) };
    },
    /** She signs in with this from now on. @param {string} code */
    hears: (code) => void (phone.code = code),
  };
}
