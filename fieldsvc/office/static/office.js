/**
 * Keys for people who review all day: j k move, o opens, p shows the photos, a goes to Approve, r to the comment, from
 * which Ctrl+Enter returns the visit, ? lists the keys. Every page works without this file.
 */

/** @param {string} selector */
const one = (selector) => /** @type {HTMLElement|null} */ (document.querySelector(selector));

/** @param {number} step */
function move(step) {
  const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("tr[data-row]")]);
  if (!rows.length) return follow(step > 0 ? 'a[rel="next"]' : 'a[rel="prev"]');
  const now = rows.findIndex((row) => "selected" in row.dataset);
  const next = rows[Math.max(0, Math.min(rows.length - 1, now + step))];
  for (const row of rows) delete row.dataset.selected;
  next.dataset.selected = "";
  next.scrollIntoView({ block: "center" });
  const link = next.querySelector("a");
  if (link) link.focus({ preventScroll: true });
}

/** @param {string} selector */
function follow(selector) {
  const link = one(selector);
  if (link) link.click();
}

/** @type {Record<string, () => void>} */
const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  o: () => follow("tr[data-selected] a"),
  a: () => one('button[value="approve"]')?.focus(),
  r: () => one("#comment, #reason")?.focus(),
  p: () => follow("a[data-photo]"),
  "?": () => /** @type {HTMLDialogElement|null} */ (one("#keys"))?.showModal(),
};

document.addEventListener("keydown", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  // A slider is no text: with it in hand the keys still work.
  const slides = target.matches("input[type=range]");
  if (target.matches("input, textarea") && !slides) {
    if (event.key === "Escape") target.blur();
    if (event.key === "Enter" && event.ctrlKey) one('button[value="return"]')?.click();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || target.closest("select, dialog[open]")) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

const hint = one("button[data-keys]");
if (hint) {
  hint.hidden = false;
  hint.addEventListener("click", KEYS["?"]);
}

for (const button of document.querySelectorAll("button[data-print]")) {
  /** @type {HTMLElement} */ (button).hidden = false;
  button.addEventListener("click", () => window.print());
}

for (const each of document.querySelectorAll("button[data-tick]")) {
  const button = /** @type {HTMLElement} */ (each);
  button.hidden = false;
  button.addEventListener("click", () => {
    const boxes = document.querySelectorAll(`input[name="${button.dataset.tick}"]:not(:disabled)`);
    for (const box of boxes) /** @type {HTMLInputElement} */ (box).checked = true;
  });
}

for (const each of document.querySelectorAll("button[data-copy]")) {
  const button = /** @type {HTMLElement} */ (each);
  button.hidden = false;
  button.addEventListener("click", () => {
    const text = /** @type {HTMLTextAreaElement|null} */ (document.getElementById(button.dataset.copy ?? ""));
    text?.select();
    // The newer way is there over HTTPS only, and an office's network may have none.
    if (!document.execCommand("copy")) return;
    const label = button.querySelector("span");
    if (label) label.textContent = button.dataset.copied ?? "";
  });
}

// What is folded away on the screen belongs on the paper: a household's sheet lists its members.
window.addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details.member, details.folded")) /** @type {HTMLDetailsElement} */ (folded).open = true;
});

// On a phone the sections stand in one row that scrolls: the one that is open is brought into sight.
const section = one('.side [aria-current="page"]');
if (section?.parentElement) section.parentElement.scrollLeft = section.offsetLeft - section.parentElement.clientWidth / 3;
