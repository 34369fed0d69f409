/**
 * The phone itself: its clock, its dice, its ids, its link, its storage, its place, and the moments worth syncing at.
 * Small things, kept together because each is one call of the browser that the core may not make.
 */

/** @typedef {import("../core/types.js").PositionUpdate} PositionUpdate */

const FIX_MS = 60_000;

export const now = () => Date.now();
export const random = () => Math.random();
/** Minutes east of UTC, as the phone is set. */
export const utcOffset = () => -new Date().getTimezoneOffset();

/**
 * A UUID of version 7: sorted by time, so that the server's indexes grow at one end.
 * @param {number} [at]
 * @param {Uint8Array} [noise] 10 random bytes
 * @returns {string}
 */
export function newId(at = Date.now(), noise = crypto.getRandomValues(new Uint8Array(10))) {
  const time = Math.max(0, at).toString(16).padStart(12, "0");
  const tail = [...noise].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const variant = (8 + (noise[2] & 3)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(1, 4)}-${variant}${tail.slice(5, 8)}-${tail.slice(8, 20)}`;
}

/** @param {BufferSource} bytes @returns {Promise<string>} SHA-256 in hex */
export async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {string} text @returns {Promise<string>} */
export const sha256Text = (text) => sha256(new TextEncoder().encode(text));

/** What the phone is on; `unknown` on every iPhone. @returns {"wifi"|"cellular"|"unknown"} */
export function connection() {
  const type = /** @type {any} */ (navigator).connection?.type;
  if (type === "wifi" || type === "ethernet") return "wifi";
  return type === "cellular" ? "cellular" : "unknown";
}

/** The browser's guess of the link. @returns {"fast"|"slow"|"slowest"} */
export function link() {
  const guess = /** @type {any} */ (navigator).connection;
  if (/2g/.test(guess?.effectiveType)) return "slowest";
  return guess?.saveData || guess?.effectiveType === "3g" ? "slow" : "fast";
}

/** Whether pictures had better be small. @returns {boolean} */
export const isSlow = () => link() !== "fast";

/** @type {Promise<any>|null} */
let awake = null;

/**
 * Keep the screen on while something is being sent. The system lets go of it whenever the app is hidden, so it is asked
 * for again at every step.
 * @param {boolean} wanted
 */
export function stayAwake(wanted) {
  const { wakeLock } = /** @type {any} */ (navigator);
  if (!wanted) {
    void awake?.then((lock) => lock?.release());
    awake = null;
  } else if (wakeLock && !document.hidden) {
    awake ||= wakeLock.request("screen").catch(() => null);
    void awake?.then((lock) => {
      if (!lock || lock.released) awake = null;
    });
  }
}

/** Storage as it is. @returns {Promise<{persisted: boolean, usage: number, quota: number}>} */
export async function storage() {
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) || {};
  return { persisted: !!(await navigator.storage?.persisted?.()), usage, quota };
}

/** Ask that this app's data be kept under storage pressure. Best asked in a tap. @returns {Promise<boolean>} */
export const persist = async () => !!(await navigator.storage?.persist?.());

/**
 * Call `wake` at the moments when a sync is worth trying. `navigator.onLine` lies in both directions, so it only
 * shortens waits; nothing is ever refused because of it.
 * @param {(cause: "visible"|"online"|"offline"|"hidden") => void} wake
 */
export function watch(wake) {
  addEventListener("online", () => wake("online"));
  addEventListener("offline", () => wake("offline"));
  document.addEventListener("visibilitychange", () => wake(document.hidden ? "hidden" : "visible"));
}

/**
 * Tell the other tabs that stored rows moved, and hear it from them.
 * @param {() => void} heard
 * @returns {() => void} tell
 */
export function tabs(heard) {
  if (typeof BroadcastChannel !== "function") return () => {};
  const channel = new BroadcastChannel("fieldsvc");
  channel.onmessage = heard;
  return () => channel.postMessage(1);
}

/** What a person calls this device, for the list in the office. @returns {Promise<string>} */
export async function deviceName() {
  const agent = navigator.userAgent;
  if (/iPhone|iPad/.test(agent)) return /iPad/.test(agent) ? "iPad" : "iPhone";
  if (!/Android/.test(agent)) return "电脑";
  // Newer browsers put "K" where the model was, and tell it only when asked.
  const hints = await /** @type {any} */ (navigator).userAgentData?.getHighEntropyValues(["model"]).catch(() => null);
  const model = hints?.model || /Android [^;)]+; ([^;)]+?)(?: Build|\)|;)/.exec(agent)?.[1] || "";
  return model.length > 1 ? model.slice(0, 60) : "安卓手机";
}

/**
 * Listen for a position that gets better; `live`, for one that moves with the phone. The watch ends with the returned function, which a screen must call: a
 * receiver left on empties the battery by noon.
 * @param {(update: PositionUpdate) => void} listener
 * @param {boolean} [live]
 * @returns {() => void}
 */
export function watchPosition(listener, live) {
  if (!navigator.geolocation) {
    listener({ state: "unavailable" });
    return () => {};
  }
  /** @type {PositionUpdate|null} */
  let best = null;
  listener({ state: "waiting" });
  const watch = navigator.geolocation.watchPosition(
    ({ coords, timestamp }) => {
      if (!live && best && coords.accuracy > (best.accuracy || Infinity)) return;
      const parts = [coords.latitude.toFixed(7), coords.longitude.toFixed(7), (coords.altitude || 0).toFixed(1), coords.accuracy.toFixed(1)];
      best = { state: "fixed", value: parts.join(" "), accuracy: coords.accuracy, at: timestamp };
      listener(best);
    },
    (error) => {
      if (best) return;
      listener({ state: error.code === error.PERMISSION_DENIED ? "denied" : error.code === error.TIMEOUT ? "nosignal" : "unavailable" });
    },
    { enableHighAccuracy: true, maximumAge: live ? 0 : 30_000, timeout: FIX_MS },
  );
  return () => navigator.geolocation.clearWatch(watch);
}
