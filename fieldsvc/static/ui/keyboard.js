/**
 * Keeps the focused field and the primary action above the on-screen keyboard. Browsers lay the page out under the
 * keyboard; only `visualViewport` tells how much is really seen, so its place and height become two custom properties
 * that the form's own box is drawn with.
 */

/** Follow the visible part of the page. @returns {() => void} stops following */
export function followKeyboard() {
  const view = window.visualViewport;
  if (!view) return () => {};
  const follow = () => {
    const { style } = document.documentElement;
    style.setProperty("--view-top", `${view.offsetTop}px`);
    style.setProperty("--view-height", `${view.height}px`);
    // After the box shrank, the field that made it shrink may be below its edge.
    const focused = document.activeElement;
    if (focused instanceof HTMLElement && focused.matches("input, textarea")) focused.scrollIntoView({ block: "nearest" });
  };
  follow();
  view.addEventListener("resize", follow);
  view.addEventListener("scroll", follow);
  return () => {
    view.removeEventListener("resize", follow);
    view.removeEventListener("scroll", follow);
  };
}
