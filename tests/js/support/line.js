/**
 * The other end of the line, played by the test: it takes the next request, looks at it, and answers, or lets the
 * answer get lost.
 */

export function line() {
  const waiting = [];
  const asked = [];

  /** What the phone calls. */
  const http = (method, path, ask = {}) =>
    new Promise((resolve, reject) => {
      const request = {
        method, path, ask, json: ask.json,
        /** A good answer to a request for lines is its first line. */
        respond(status, body = null, headers = {}) {
          const lines = ask.each && status < 300;
          if (lines && body) ask.each(body);
          resolve({ status, body: lines ? null : body, header: (name) => headers[name] ?? null });
        },
        /** The request or its answer never arrives. */
        drop: () => reject({ code: "no-network" }),
        /** A network that wants to be paid first answers with a page of its own. */
        portal: () => reject({ code: "portal" }),
      };
      if (asked.length) asked.shift()(request);
      else waiting.push(request);
    });

  return {
    http,
    /** The next request the phone makes. @returns {Promise<any>} */
    next: () => (waiting.length ? Promise.resolve(waiting.shift()) : new Promise((resolve) => asked.push(resolve))),
    isQuiet: () => waiting.length === 0,
  };
}

/** An answer to a sync request with nothing new. */
export const nothingNew = (more = {}) => ({
  epoch: "e1", server_time: 1_795_000_000_000, receipts: [], pull: "ok", changes: [], scope: {}, notices: [], cursor: "c1",
  more: false, ...more,
});

/** A receipt that says the operation was applied as it was. */
export const applied = ({ id }, version = 2, entity = "h1", dataset = "households") => ({
  id, status: "applied", duplicate: false, received_at: 1_795_000_000_000,
  effects: [{ entity, dataset, status: "applied", version }],
});
