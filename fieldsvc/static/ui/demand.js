/**
 * Parts on demand: modules outside the pack that a phone fetches when a form or a moment needs them, and keeps. A part
 * may be missing (no signal on the day of an update), so whoever uses one has something plainer at hand.
 */

import { html, useEffect, useState } from "./hooks.js";

/**
 * What a module of `parts/` may export: the control of a question, whether that is one field its label can point at,
 * and its own words.
 * @typedef {{ Widget?: any, field?: boolean } & Record<string, any>} Part
 */

/** @type {Record<string, Part|undefined>} */
const here = {};
/** @type {Promise<unknown>|undefined} */
let styled;

/** A part that was brought, if it could be. @param {string|undefined} name @returns {Part|undefined} */
export const part = (name) => here[name || ""];

/** The one style sheet of all parts. @returns {Promise<unknown>} */
const style = () =>
  new Promise((resolve) => {
    const href = new URL("../parts/parts.css", import.meta.url).href;
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: resolve, onerror: resolve }));
  });

/** Bring these parts, as far as they can be had. @param {readonly string[]} names */
export async function bring(names) {
  if (names.length) styled ||= style();
  const load = async (/** @type {string} */ name) => {
    here[name] ||= await import(`../parts/${name}.js`).catch(() => undefined);
  };
  await Promise.all([styled, ...names.map(load)]);
}

/**
 * A part that a screen shows as soon as it is here, and never waits for.
 * @param {string|undefined|null|false} name none, while it is not wanted
 * @returns {Part|undefined}
 */
export function usePart(name) {
  const [, setHere] = useState("");
  useEffect(() => void (name && bring([name]).then(() => setHere(name))), [name]);
  return name ? part(name) : undefined;
}

/** The words of a form's author, with their marks where the form has any. @param {{ text: string }} props */
export const Marked = ({ text }) => (part("markdown") ? html`<${part("markdown")?.Widget} text=${text} />` : text);

/** A picture of a form's author, where the form has any and the part for it is here. @param {{ image?: string }} props */
export const Drawing = ({ image }) => image && part("pictures") ? html`<${part("pictures")?.Widget} sha256=${image} />` : null;

/** The same without marks. @param {string} text @returns {string} */
export const plain = (text) => part("markdown")?.plain(text) ?? text;
