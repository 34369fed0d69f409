/**
 * What to do next on the line. Text first, then small pictures, then what others wrote, then the photos themselves,
 * newest first: on two kilobytes a second a single full photo would hold up a whole day's visits.
 */

/** @typedef {import("./types.js").PhotoRow} PhotoRow */
/**
 * What the plan looks at. `pull` is `due` (nothing asked for a while), `more` (a page is waiting) or `none`; `eager`
 * means a person pressed the button, `anyLink` that the photos need not wait for Wi-Fi this time, `answered` that the last of
 * the `failures` was no fault of the link; `jitter` is a random number in [0, 1).
 * @typedef {{ signedIn: boolean, paused: boolean, unsent: number, thumbnails: number, photos: number,
 *   pull: "due"|"more"|"none", definitions: number, wifiOnly: boolean, connection: "wifi"|"cellular"|"unknown",
 *   eager: boolean, anyLink: boolean, failures: number, answered: boolean, waited_seconds: number, retry_after_seconds: number, jitter: number }} Situation
 */
/** @typedef {{ do: "push"|"thumbnails"|"pull"|"definitions"|"photo"|"rest" }|{ do: "wait", seconds: number }} Plan */

export const FIRST_WAIT_SECONDS = 5;
export const LONGEST_WAIT_SECONDS = 600;
export const THUMBNAILS_AT_ONCE = 12;

/**
 * How long to wait after so many failures in a row: doubling, and spread out, so that a hundred phones coming back to
 * one mast do not ask in step.
 * @param {number} failures
 * @param {number} jitter
 * @returns {number}
 */
export function backoff(failures, jitter) {
  if (failures <= 0) return 0;
  const longest = Math.min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** (failures - 1));
  return longest * (0.5 + jitter / 2);
}

/**
 * The next thing to do.
 * @param {Situation} now
 * @returns {Plan}
 */
export function nextStep(now) {
  if (!now.signedIn || now.paused) return { do: "rest" };
  const wait = Math.max(backoff(now.failures, now.jitter), now.retry_after_seconds) - now.waited_seconds;
  const mayPhoto = now.photos > 0 && maySendPhotos(now);
  const wanted = now.unsent || now.thumbnails || now.pull !== "none" || now.definitions || mayPhoto;
  if (!wanted) return { do: "rest" };
  if (wait > 0) return { do: "wait", seconds: wait };
  // What the server answers again and again and does not take holds up no photo.
  if (mayPhoto && now.answered && now.failures % 4 > 2) return { do: "photo" };
  // The sync request both pushes and pulls; asked for nothing else, it is the whole of an idle sync.
  if (now.unsent || now.pull === "due") return { do: "push" };
  if (now.thumbnails) return { do: "thumbnails" };
  if (now.pull === "more") return { do: "pull" };
  if (now.definitions) return { do: "definitions" };
  return { do: "photo" };
}

/**
 * Whether full photos may go now. Where the browser cannot say what it is on (every iPhone), a cadre who asked for
 * Wi-Fi only sends them by pressing the button.
 * @param {Pick<Situation, "wifiOnly"|"connection"|"eager"|"anyLink">} now
 * @returns {boolean}
 */
export function maySendPhotos(now) {
  return !now.wifiOnly || now.anyLink || now.connection === "wifi" || (now.eager && now.connection === "unknown");
}

/**
 * Photos in the order they should go, newest first: today's evidence is what the office is waiting for.
 * @param {readonly PhotoRow[]} photos
 * @returns {PhotoRow[]}
 */
export function newestFirst(photos) {
  return [...photos].sort((one, other) => other.made_at - one.made_at || (one.sha256 < other.sha256 ? -1 : 1));
}

/** @param {PhotoRow} photo @param {Set<string>} received @returns {boolean} */
const isKnown = (photo, received) => photo.owners.some((owner) => received.has(owner));

/**
 * Photos whose visit the server knows and whose thumbnail it lacks.
 * @param {readonly PhotoRow[]} photos
 * @param {Set<string>} received ids of operations with a receipt
 * @returns {PhotoRow[]}
 */
export function thumbnailsDue(photos, received) {
  return newestFirst(photos.filter((photo) => isKnown(photo, received) && photo.thumb && !photo.thumb_sent && !photo.done));
}

/**
 * Photos whose visit the server knows and whose bytes it lacks.
 * @param {readonly PhotoRow[]} photos
 * @param {Set<string>} received
 * @returns {PhotoRow[]}
 */
export function photosDue(photos, received) {
  return newestFirst(photos.filter((photo) => isKnown(photo, received) && !photo.done && !photo.problem));
}
