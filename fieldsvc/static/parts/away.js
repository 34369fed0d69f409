/** When an app that was left alone locks itself. */

/** Somebody else may have picked it up: a camera or a call takes less. */
const AWAY_MS = 5 * 60_000;

/**
 * Lock when the page comes back after a while, but never somebody's work: then as soon as she has left it.
 * @param {{ page: { hidden: boolean } & EventTarget, route: EventTarget, now: () => number, atWork: () => boolean, lock: () => void }} world
 * @returns {() => void} stops
 */
export function lockWhenAway({ page, route, now, atWork, lock }) {
  let left = 0;
  let due = false;
  const look = () => {
    if (!due || atWork()) return;
    due = false;
    lock();
  };
  const turn = () => {
    if (page.hidden) left = now();
    else {
      due ||= !!left && now() - left > AWAY_MS;
      look();
    }
  };
  page.addEventListener("visibilitychange", turn);
  route.addEventListener("hashchange", look);
  return () => {
    page.removeEventListener("visibilitychange", turn);
    route.removeEventListener("hashchange", look);
  };
}
