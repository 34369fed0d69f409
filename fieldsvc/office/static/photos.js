/**
 * Photos under review: opened in place and enlarged, and two of the same thing laid over each other with a slider.
 * Without this file a photo's link opens the photo, and two photos stand side by side.
 */

/** @template {Element} T @param {string} selector @param {ParentNode} [within] @returns {T[]} */
const all = (selector, within = document) => /** @type {T[]} */ ([...within.querySelectorAll(selector)]);

const view = /** @type {HTMLDialogElement|null} */ (document.querySelector("#photo-view"));
const links = /** @type {HTMLAnchorElement[]} */ (all("a[data-photo]"));
let shown = 0;

/** @param {number} index */
function show(index) {
  if (!view) return;
  shown = (index + links.length) % links.length;
  const picture = /** @type {HTMLImageElement} */ (view.querySelector("img"));
  const small = links[shown].querySelector("img");
  picture.src = links[shown].href;
  picture.alt = small ? small.alt : "";
  /** @type {Element} */ (view.querySelector("figcaption")).textContent = `${picture.alt} ${shown + 1}/${links.length}`;
  view.classList.remove("large");
  if (!view.open) view.showModal();
}

/** @type {Record<string, () => void>} */
const STEPS = { previous: () => show(shown - 1), next: () => show(shown + 1), zoom: () => view?.classList.toggle("large") };
/** @type {Record<string, string>} */
const KEYS = { ArrowLeft: "previous", k: "previous", ArrowRight: "next", j: "next", p: "next", z: "zoom" };

links.forEach((link, index) => link.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(index);
}));

if (view) {
  for (const button of /** @type {HTMLElement[]} */ (all("[data-step]", view))) {
    button.addEventListener("click", () => STEPS[button.dataset.step || ""]?.());
  }
  view.querySelector("img")?.addEventListener("click", STEPS.zoom);
  view.addEventListener("keydown", (event) => {
    const step = KEYS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    STEPS[step]();
  });
}

for (const pair of /** @type {HTMLElement[]} */ (all("[data-compare]"))) {
  const slider = /** @type {HTMLInputElement} */ (pair.querySelector("input"));
  const place = () => pair.style.setProperty("--at", `${slider.value}%`);
  slider.hidden = false;
  slider.addEventListener("input", place);
  pair.dataset.live = "";
  place();
}

export {};
