/**
 * A backup of what has not arrived, in pieces: first a list of what is in it, with the frozen operations exactly as they
 * would be sent and the drafts, then the photos' bytes in the order of the list. Somebody with a signal, or a
 * supervisor's computer, can carry it to the server when the phone cannot.
 */

import { isUnsent } from "./outbox.js";

/**
 * The pieces in order, one in memory at a time: a phone with a hundred photos has no room for them twice. The list
 * holds the phone's token, by which the server knows whose phone made it, so it must leave the phone sealed only.
 * @param {import("./types.js").Database} db
 * @param {{ person: import("./types.js").PersonRow, installId: string, now: number }} who
 * @returns {AsyncGenerator<string|ArrayBuffer>}
 */
export async function* rescuePieces(db, { person, installId, now }) {
  const outbox = /** @type {import("./types.js").Entry[]} */ (await db.all("outbox"));
  const operations = outbox
    .filter((entry) => isUnsent(entry) || entry.state === "refused")
    .map(({ id, body, sha256, state }) => ({ id, body, sha256, state }));
  const photos = /** @type {import("./types.js").PhotoRow[]} */ (await db.all("photos")).filter((photo) => !photo.done);
  const { id, name, token, feed } = person;
  yield JSON.stringify({
    made_at: now, install_id: installId, person: { id, name }, token: feed.rescue_key ? token : null, feed, operations, drafts: await db.all("drafts"),
    photos: photos.map(({ sha256, bytes, type }) => ({ sha256, bytes, type })),
  });
  for (const { sha256, bytes } of photos) {
    const chunks = (await db.all("chunks", "sha256", sha256)).sort((one, other) => one.index - other.index);
    const left = chunks.reduce((rest, chunk) => rest - chunk.bytes.byteLength, bytes);
    for (const chunk of chunks) yield chunk.bytes;
    // What this phone has lost of a photo must not shift the ones behind it.
    if (left > 0) yield new ArrayBuffer(left);
  }
}
