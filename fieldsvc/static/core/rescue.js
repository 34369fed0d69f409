/**
 * A backup of what has not arrived, as one JSON file: the frozen operations exactly as they would be sent, the drafts,
 * and the photos in pieces. A supervisor's computer can carry it to the server when the phone cannot.
 */

import { isUnsent } from "./outbox.js";

/** @param {ArrayBuffer|Uint8Array} bytes @returns {string} */
function base64(bytes) {
  const view = new Uint8Array(bytes);
  let text = "";
  // In steps, because a call may not have a quarter of a million arguments.
  for (let from = 0; from < view.length; from += 8192) text += String.fromCharCode(...view.subarray(from, from + 8192));
  return btoa(text);
}

/**
 * The pieces of the file, in order; together they are one JSON document. Pieces, so that a hundred photos need not be
 * in memory at once as text.
 * @param {import("./types.js").Database} db
 * @param {{ person: import("./types.js").PersonRow, installId: string, now: number }} who
 * @returns {Promise<string[]>}
 */
export async function rescuePieces(db, { person, installId, now }) {
  const outbox = /** @type {import("./types.js").Entry[]} */ (await db.all("outbox"));
  const operations = outbox
    .filter((entry) => isUnsent(entry) || entry.state === "refused")
    .map(({ id, body, sha256, state }) => ({ id, body, sha256, state }));
  const head = {
    format: "fieldsvc-rescue", version: 1, made_at: now, install_id: installId,
    person: { id: person.id, name: person.name }, feed: person.feed, operations, drafts: await db.all("drafts"),
  };
  const pieces = [JSON.stringify(head).slice(0, -1), ',"photos":['];
  const photos = /** @type {import("./types.js").PhotoRow[]} */ (await db.all("photos")).filter((photo) => !photo.done);
  for (const [index, { sha256, bytes, type, owners }] of photos.entries()) {
    const chunks = (await db.all("chunks", "sha256", sha256)).sort((one, other) => one.index - other.index);
    const start = JSON.stringify({ sha256, bytes, type, owners }).slice(0, -1);
    pieces.push(`${index ? "," : ""}${start},"chunks":[`, chunks.map((chunk) => `"${base64(chunk.bytes)}"`).join(","), "]}");
  }
  return [...pieces, "]}"];
}
