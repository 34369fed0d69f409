/** A phone that has photos to send. */

import { applied, nothingNew } from "./line.js";
import { phone } from "./phone.js";

export const picture = (length) => new Uint8Array(length).fill(length % 251).buffer;
export const HEADERS = (offset, location = "/api/v1/uploads/u1") => ({ "Upload-Offset": String(offset), Location: location });

/** A visit with one photo of `length` bytes, received by the server; the photo is still here. */
export async function visitReceived(length) {
  const east = await phone();
  await east.signsIn();
  east.app.pause();
  const id = await east.app.startVisit("h1", "visit");
  await east.app.openDraft(id);
  await east.app.addPhoto(id, "/data/door", picture(length));
  await east.app.finish(id);
  const pressed = east.app.syncNow();
  const request = await east.server.next();
  request.respond(200, nothingNew({ receipts: [applied({ id })] }));
  return { east, id, pressed };
}
