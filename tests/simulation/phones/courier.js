/** On a thread of its own: carries one request at a time for phones that wait for each (`turns.js`), and wakes them with what came. */

import { workerData } from "node:worker_threads";

import { carry } from "./wire.js";

const { door, rung } = workerData;

door.on("message", async ({ url, what }) => {
  // Each on a connection of its own: whether the server has closed one that was kept would be a matter of moments.
  const came = await carry(url, what, { agent: false }).catch((failure) => ({ failure: String(failure) }));
  door.postMessage(came);
  Atomics.store(rung, 0, 1);
  Atomics.notify(rung, 0);
});
