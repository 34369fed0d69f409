/**
 * Somebody else's client: tus-js-client, as it comes. Told by JSON on the command line what to upload and how; says in
 * JSON what happened.
 */
import { readFileSync } from "node:fs";
import * as tus from "tus-js-client";

const { file, endpoint, token, sha256, how } = JSON.parse(process.argv[2]);
const bytes = readFileSync(file);
const told = { progress: [], requests: [] };

/** @param {Record<string, unknown>} more @param {(upload: tus.Upload) => void} [started] */
const run = (more, started) =>
  new Promise((resolve, reject) => {
    const upload = new tus.Upload(bytes, {
      endpoint,
      headers: { Authorization: `Bearer ${token}` },
      metadata: { sha256, type: "image/jpeg" },
      chunkSize: 50_000,
      retryDelays: [0, 50, 100],
      onBeforeRequest: (request) => told.requests.push(request.getMethod()),
      onChunkComplete: (_size, accepted) => told.progress.push(accepted),
      onSuccess: () => resolve(upload.url),
      onError: reject,
      ...more,
    });
    started?.(upload);
    upload.start();
  });

/** Stop after the second piece, as a person who closes the page, and say where the upload is. */
const interrupted = () =>
  new Promise((resolve, reject) => {
    /** @type {tus.Upload} */
    let stopped;
    const onChunkComplete = (/** @type {number} */ _size, /** @type {number} */ accepted) => {
      told.progress.push(accepted);
      if (accepted >= 100_000) stopped.abort().then(() => resolve(stopped.url), reject);
    };
    run({ onChunkComplete }, (upload) => (stopped = upload)).then(reject, reject);
  });

if (how === "whole") told.url = await run({});
if (how === "with creation") told.url = await run({ uploadDataDuringCreation: true, chunkSize: Infinity });
if (how === "resumed") told.url = await run({ uploadUrl: await interrupted() });
if (how === "twice") told.url = [await run({}), await run({})];
if (how === "ended") {
  const url = await interrupted();
  await tus.Upload.terminate(url, { headers: { Authorization: `Bearer ${token}` } });
  told.url = url;
}
console.log(JSON.stringify(told));
