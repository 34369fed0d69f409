/** Choosing one or several: big rows to press; a long list is searched instead of scrolled. */

import { Drawing, Marked, plain } from "../demand.js";
import { html, useState } from "../hooks.js";
import { initials } from "../../core/search.js";
import { Icon, Search } from "../parts.js";
import { t } from "../words.js";

/** @typedef {import("./answer.js").Props} Props */
/** @typedef {{ value: string, label: string, image?: string }} Choice */

const LONG = 12;
/** More than this nobody reads through: another letter is quicker, and a small phone draws no two thousand rows. */
const DRAWN = 40;
const FOLDED = 5;
/** The code that rules out all others: "no change" and "people" cannot both be true. */
const NONE = "none";

/**
 * How many fit side by side, by the longest label. Han characters are twice as wide as Latin ones.
 * @param {Choice[]} choices
 */
function columns(choices) {
  const width = (/** @type {string} */ label) =>
    [...label].reduce((sum, letter) => sum + (letter > "\u2fff" ? 1 : 0.55), 0);
  const longest = Math.max(0, ...choices.map((choice) => width(choice.label)));
  return longest <= 4.2 ? "thirds" : longest <= 7.2 ? "halves" : "";
}

const codes = (/** @type {any} */ value) =>
  Array.isArray(value)
    ? value
    : String(value ?? "")
        .split(" ")
        .filter(Boolean);

/** The chosen ones in words. @param {any} item */
export const choicesText = (item) =>
  codes(item.value)
    .map((code) => item.choices.find((/** @type {Choice} */ choice) => choice.value === code)?.label || code)
    .join("、");

/** @param {Props} props */
export function Choose({ item, onChange, onLeave }) {
  const [words, setWords] = useState("");
  const [open, setOpen] = useState(false);
  const trigger = item.type === "trigger" || item.type === "acknowledge";
  const many = item.type === "select_multiple";
  /** @type {Choice[]} */
  const choices = trigger ? [{ value: "OK", label: t("confirmed") }] : item.choices || [];
  const chosen = codes(item.value);
  const long = choices.length > (item.appearance?.includes("minimal") ? FOLDED : LONG);
  const sought = words.trim().toLowerCase();
  const found = !long
    ? choices
    : choices.filter(
        ({ value, label }) =>
          (chosen.includes(value) && !open) ||
          (open && (label.toLowerCase().includes(sought) || (sought && initials(label).includes(sought)))),
      );
  const shown = found.slice(0, DRAWN);
  const press = (/** @type {string} */ code) => {
    const on = chosen.includes(code);
    // Pressing the chosen one again takes it back: there is no other way to unanswer what need not be answered.
    const others = chosen.filter((/** @type {string} */ one) => one !== code && code !== NONE && one !== NONE);
    const wanted = on ? chosen.filter((/** @type {string} */ one) => one !== code) : many ? [...others, code] : [code];
    const next = choices.map((one) => one.value).filter((one) => wanted.includes(one));
    onChange(next.length ? next.join(" ") : null);
    if (!many) setOpen(false);
    onLeave?.();
  };
  const asked = item.appearance?.match(/\bcolumns-(\d+)/)?.[1];
  const look = asked ? "asked" : shown.some((one) => one.image) ? "drawn" : columns(shown);
  const [all, each, mark] = many || trigger ? ["group", "checkbox", "box"] : ["radiogroup", "radio", "dot"];
  return html`<div class=${`options ${look}`} style=${asked && `--columns:${asked}`} role=${all} aria-label=${plain(item.label)}>
    ${long && !open &&
    html`<button class="more" onClick=${() => setOpen(true)}>
      <${Icon} name="search" />${t("chooseFrom", { n: choices.length })}
    </button>`}
    ${long && open && html`<${Search} label=${t("search.list")} value=${words} onSearch=${setWords} />`}
    ${shown.map(({ value, label, image }) => {
      const on = chosen.includes(value);
      return html`<button key=${value} class="option" role=${each} aria-checked=${on} onClick=${() => press(value)}>
        <${Drawing} image=${image} /><i class=${mark}>${on && html`<${Icon} name="check" />`}</i><span><${Marked} text=${label} /></span>
      </button>`;
    })}
    ${found.length > DRAWN && html`<p class="soft" role="status">${t("search.more", { n: found.length - DRAWN })}</p>`}
    ${long && open && !shown.length && html`<p class="soft">${t("search.none")}</p>`}
  </div>`;
}
