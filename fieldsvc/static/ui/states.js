/** How every state of the field work looks and what it is called: one table, so that a word never has two colours. */

/** @typedef {import("./parts.js").Mark} Mark */

/** @type {Record<string, Mark>} a household in this month */
export const HOUSEHOLD = {
  todo: { tone: "", icon: "todo", key: "household.todo" },
  done: { tone: "received", icon: "check", key: "household.done" },
  attention: { tone: "attention", icon: "alert", key: "attention" },
  returned: { tone: "attention", icon: "return", key: "returned" },
};

/** @type {Record<string, Mark>} what this phone has to send */
export const OUTBOX = {
  waiting: { tone: "waiting", icon: "clock", key: "waiting" },
  sending: { tone: "waiting", icon: "send", key: "sending" },
  received: { tone: "received", icon: "check", key: "received" },
  attention: { tone: "attention", icon: "alert", key: "attention" },
  refused: { tone: "attention", icon: "alert", key: "attention" },
};

/** @type {Record<string, Mark>} what the office said about a visit */
export const VISIT = {
  onPhone: OUTBOX.waiting,
  waiting: { tone: "", icon: "clock", key: "visit.waiting" },
  approved: { tone: "received", icon: "check", key: "visit.approved" },
  returned: HOUSEHOLD.returned,
  doubt: { tone: "attention", icon: "alert", key: "visit.doubt" },
  rejected: { tone: "attention", icon: "alert", key: "visit.rejected" },
  withdrawn: { tone: "", icon: "return", key: "visit.withdrawn" },
};

/** @type {Record<string, Mark>} two values for one line */
export const DIFFERENCE = {
  waiting: { tone: "conflict", icon: "differ", key: "conflict.waiting" },
  decided: { tone: "received", icon: "check", key: "conflict.decided" },
};
