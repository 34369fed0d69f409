/**
 * Where we are, kept in the address after "#" so that the phone's own Back works on every screen and a killed tab
 * reopens where it was. Each history entry carries its depth: a finished form can then step out of all its pages at
 * once, and Back never leads into a form that is no longer there.
 */

import { useEffect, useLayoutEffect, useState } from "./hooks.js";

/** @type {Set<() => void>} */
const watchers = new Set();
/** @type {Map<string, number>} */
const scrolls = new Map();
let goingBack = false;

const tell = () => watchers.forEach((watcher) => watcher());
const remember = () => scrolls.set(here(), window.scrollY);

/** The path after "#", such as "/h/0192…". */
export const here = () => window.location.hash.slice(1) || "/";

const inForm = (/** @type {string} */ path) => path.startsWith("/f/");
const depth = () => window.history.state?.depth || 0;
/** The depth at which the present form was opened from another screen. */
const base = () => window.history.state?.base || 0;

/** Open a path. @param {string} path @param {boolean} [replace] take the place of the present entry */
export function go(path, replace = false) {
  remember();
  goingBack = false;
  const state = {
    depth: depth() + (replace ? 0 : 1),
    base: inForm(path) && inForm(here()) ? base() : depth(),
    from: here(),
  };
  window.history[replace ? "replaceState" : "pushState"](state, "", `#${path}`);
  tell();
}

/** Go back; to `parent` when the app was opened right here. @param {string} parent */
export function back(parent) {
  if (depth() > 0) window.history.back();
  else go(parent, true);
}

/** The path from which the present one was opened. @returns {string|undefined} */
export const cameFrom = () => window.history.state?.from;

/**
 * Go to a path that may be the one behind us: then Back takes us there, and history does not grow.
 * @param {string} path
 */
export function stepTo(path) {
  if (depth() > 0 && cameFrom() === path) window.history.back();
  else go(path);
}

/** Leave all pages of a form at once and stand on `path`. @param {string} path */
export function leave(path) {
  const steps = depth() - base();
  if (steps <= 0) return go(path, true);
  window.addEventListener("popstate", () => go(path, true), { once: true });
  window.history.go(-steps);
}

/** The current path, in step with Back and with `go`. @returns {string[]} its parts */
export function useRoute() {
  const [path, setPath] = useState(here());
  useEffect(() => {
    window.history.scrollRestoration = "manual";
    const watcher = () => setPath(here());
    const popped = () => {
      goingBack = true;
      watcher();
    };
    watchers.add(watcher);
    window.addEventListener("popstate", popped);
    window.addEventListener("scroll", remember, { passive: true });
    return () => {
      watchers.delete(watcher);
      window.removeEventListener("popstate", popped);
      window.removeEventListener("scroll", remember);
    };
  }, []);
  return path.split("/").slice(1).map(decodeURIComponent);
}

/**
 * Stand where the reader stood before, when she came back; at the top otherwise.
 * @param {boolean} ready rows are there
 */
export function useScrollPlace(ready) {
  const [wanted] = useState(goingBack ? scrolls.get(here()) || 0 : 0);
  useLayoutEffect(() => {
    if (ready) window.scrollTo(0, wanted);
  }, [ready]);
}
