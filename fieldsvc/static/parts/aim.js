/**
 * 站位: where a photo is taken, for a form that asks for it, and which way the earlier one of the same place was taken
 * from. It looks for the position only while the viewfinder is open and where its owner allows it; a photo never waits.
 */

import { html, useEffect, useState, useWorld } from "../ui/hooks.js";
import { Icon } from "../ui/parts.js";
import { metresTo } from "../ui/screens/households.js";
import { distance, wordsOf } from "../ui/words.js";
import { bearing, factsOf, within, wind } from "./position.js";

/** @typedef {import("../core/types.js").PositionUpdate} Update */
/** @typedef {import("../core/types.js").Earlier} Earlier */

/** The words of this control, which travel with it. */
export const words = {
  zh: {
    spot: "上次拍摄点：{direction}方 {distance}",
    near: "就在上次拍摄点附近，误差之内",
    allow: "记下拍摄位置",
  },
  en: {
    spot: "Taken last time {distance} to the {direction}",
    near: "You stand about where it was taken last time",
    allow: "Note where it is taken",
  },
};
const t = wordsOf(words);

/** Whether a position came since the page was opened: then its owner has said yes, whatever the browser lets one ask. */
let allowed = false;

/** Finer steps than this only make the arrow tremble. */
const STEP_DEGREES = 5;
const RADIANS = Math.PI / 180;

/**
 * Which way the back of a phone looks that is held up like a picture: degrees clockwise from north.
 * @param {{ alpha: number|null, beta: number|null, gamma: number|null, webkitCompassHeading?: number }} turned
 * @returns {number|null}
 */
export function headingOf({ alpha, beta, gamma, webkitCompassHeading }) {
  if (webkitCompassHeading !== undefined) return webkitCompassHeading;
  if (alpha === null || beta === null || gamma === null) return null;
  const [z, x, y] = [alpha, beta, gamma].map((degrees) => degrees * RADIANS);
  const east = -Math.cos(z) * Math.sin(y) - Math.sin(z) * Math.sin(x) * Math.cos(y);
  const north = -Math.sin(z) * Math.sin(y) + Math.cos(z) * Math.sin(x) * Math.cos(y);
  return (Math.atan2(east, north) / RADIANS + 360) % 360;
}

/** Where the phone is turned, where it can tell; an arrow without that would point anywhere. @returns {number|null} */
function useHeading() {
  const [heading, setHeading] = useState(/** @type {number|null} */ (null));
  useEffect(() => {
    const turn = (/** @type {any} */ event) => {
      // The plain event of Android counts from wherever the phone lay when the page was opened.
      const known = event.absolute || event.webkitCompassHeading !== undefined ? headingOf(event) : null;
      if (known !== null) setHeading(Math.round(known / STEP_DEGREES) * STEP_DEGREES);
    };
    const kinds = ["deviceorientationabsolute", "deviceorientation"];
    for (const kind of kinds) addEventListener(kind, turn);
    return () => kinds.forEach((kind) => removeEventListener(kind, turn));
  }, []);
  return heading;
}

/**
 * What the photo is told of its place, from the newest fix.
 * @param {Update|null} fix
 * @returns {Pick<import("../core/types.js").Capture, "position">}
 */
export const placeOf = (fix) =>
  fix?.value ? { position: { point: fix.value, ...factsOf(fix) } } : {};

/**
 * The hint under the viewfinder. `onFix` hears every fix, for the photo that is taken.
 * @param {{ earlier: Earlier|undefined, onFix: (fix: Update) => void }} props
 */
export function Aim({ earlier, onFix }) {
  const { app } = useWorld();
  const [leave, setLeave] = useState("");
  const [here, setHere] = useState("");
  const heading = useHeading();
  // Opening the viewfinder asks for nothing: who has not said yes yet finds a button. So does who has an iPhone that does
  // not tell what was said; there the system asks when the button is pressed, and never in the middle of a photo.
  useEffect(() => {
    const told = navigator.permissions?.query({ name: "geolocation" });
    if (allowed) setLeave("granted");
    else if (told) told.then(({ state }) => setLeave(state), () => setLeave("prompt"));
    else setLeave("prompt");
  }, []);
  useEffect(() => {
    if (leave !== "granted") return;
    return app.position((fix) => {
      if (!fix.value) return;
      allowed = true;
      onFix(fix);
      setHere(fix.value);
    }, true);
  }, [leave]);
  if (leave === "prompt")
    return html`<button onClick=${() => setLeave("granted")}><${Icon} name="place" />${t("allow")}</button>`;
  const there = earlier?.position;
  if (!there || !here) return null;
  const near = within(here, there);
  return html`<p class="aim" role="status">
    ${!near && heading !== null &&
    html`<svg viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      <path class="needle" d="m24 5 12 38-12-9-12 9Z" transform=${`rotate(${Math.round(bearing(here, there) - heading)} 24 24)`} />
    </svg>`}
    ${t(near ? "near" : "spot", { direction: wind(here, there), distance: distance(metresTo(here, there)) })}
  </p>`;
}
