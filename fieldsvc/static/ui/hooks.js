/**
 * What every screen starts from: the template tag, the hooks, the app it may ask, and data that asks again by itself.
 * Screens import from here and never from the vendored file, so that replacing the library touches this module alone.
 */

import {
  createContext,
  html,
  render,
  useContext,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "../vendor/preact-htm.js";

export { html, render, useEffect, useLayoutEffect, useRef, useState };

/** @typedef {import("../core/types.js").App} App */
/** @typedef {import("../core/types.js").State} State */
/** @typedef {{ code: string, text: string }} Failure */

/** @type {import("../vendor/preact-htm.js").Context<{app: App, state: State}>} */
export const World = createContext(/** @type {any} */ (null));

/** The app facade and the state as it is now. @returns {{app: App, state: State}} */
export const useWorld = () => useContext(World);

/**
 * What an input holds, handed on at every keystroke: `onInput=${typed(setText)}`.
 * @param {(text: string) => void} take
 */
export const typed = (take) => (/** @type {any} */ event) => take(event.target.value);

/**
 * A failure as `{code, text}`, whatever was thrown.
 * @param {any} error
 * @returns {Failure}
 */
export const failure = (error) => ({ code: error?.code || "unknown", text: error?.text || "" });

/**
 * Rows asked from the app, asked again whenever stored data changed. While a newer answer is on its way the older one
 * stays on screen, so that a finished transfer never blanks a list somebody is reading.
 * @template T
 * @param {(app: App) => Promise<T>} ask
 * @param {unknown[]} inputs
 * @returns {{ data: T|null, problem: Failure|null }}
 */
export function useData(ask, inputs) {
  const { app, state } = useWorld();
  const [answer, setAnswer] = useState(
    /** @type {{data: T|null, problem: Failure|null}} */ ({ data: null, problem: null }),
  );
  useEffect(() => {
    let current = true;
    // An async function also turns a synchronous answer or throw of the facade into a promise.
    (async () => ask(app))().then(
      (data) => current && setAnswer({ data, problem: null }),
      (error) => current && setAnswer({ data: null, problem: failure(error) }),
    );
    return () => {
      current = false;
    };
  }, [state.revision, state.settings.language, ...inputs]);
  return answer;
}

/**
 * A photo's address on this phone, or null while unknown or not here.
 * @param {string|null|undefined} sha256
 * @param {"thumb"|"screen"|"full"} size
 * @returns {string|null}
 */
export function usePhoto(sha256, size) {
  return useData(async (app) => (sha256 ? app.photoUrl(sha256, size) : null), [sha256, size]).data;
}
