/**
 * Where the phone is, for an answer to a question of a form: WGS-84 with accuracy, never a track. Getting no position
 * never holds anything up; the listener simply hears why.
 */

/** @typedef {import("../core/types.js").PositionUpdate} PositionUpdate */

const PATIENCE_MS = 60_000;

/**
 * Listen for a position that gets better. The watch ends with the returned function, which a screen must call: a
 * receiver left on empties the battery by noon.
 * @param {(update: PositionUpdate) => void} listener
 * @returns {() => void}
 */
export function watchPosition(listener) {
  if (!navigator.geolocation) {
    listener({ state: "unavailable" });
    return () => {};
  }
  /** @type {PositionUpdate|null} */
  let best = null;
  listener({ state: "waiting" });
  const watch = navigator.geolocation.watchPosition(
    ({ coords, timestamp }) => {
      if (best && coords.accuracy > (best.accuracy || Infinity)) return;
      const parts = [coords.latitude.toFixed(7), coords.longitude.toFixed(7), (coords.altitude || 0).toFixed(1), coords.accuracy.toFixed(1)];
      best = { state: "fixed", value: parts.join(" "), accuracy: coords.accuracy, at: timestamp };
      listener(best);
    },
    (error) => {
      if (best) return;
      listener({ state: error.code === error.PERMISSION_DENIED ? "denied" : error.code === error.TIMEOUT ? "nosignal" : "unavailable" });
    },
    { enableHighAccuracy: true, maximumAge: 30_000, timeout: PATIENCE_MS },
  );
  return () => navigator.geolocation.clearWatch(watch);
}
