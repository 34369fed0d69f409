/**
 * The one icon set: 24 px, two-pixel strokes, in the colour of the text beside it. An icon never stands alone: whoever
 * draws one writes the word too, so every icon is hidden from screen readers.
 */

import { html } from "./hooks.js";

const PATHS = {
  walk: "M4 11.5 12 4l8 7.5M6.5 9.5V20h11V9.5M10 20v-5.5h4V20",
  send: "M12 15V4M7.5 8 12 3.5 16.5 8M4 15v5h16v-5",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5c.8-4 3.7-5.5 7.5-5.5s6.7 1.5 7.5 5.5",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.5 20.5 20.5",
  back: "M14.5 5 7.5 12l7 7",
  next: "m9.5 5 7 7-7 7",
  down: "m5 9 7 7 7-7",
  check: "m5 12.5 4.8 4.8L19.5 7",
  todo: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16Z",
  clock: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 7.5V12l3 2.5",
  alert: "M12 8.5v4.5M12 16.3v.4M12 3.5 21.5 20h-19L12 3.5Z",
  return: "M9 5 4 10l5 5M4.5 10H14a6 6 0 0 1 0 12h-3",
  differ: "M7 4v16M7 4 3.5 8M7 4l3.5 4M17 20V4M17 20l-3.5-4M17 20l3.5-4",
  phone: "M6 3.5h3.5L11 8 8.5 9.8a12 12 0 0 0 5.7 5.7L16 13l4.5 1.5V18c0 1.5-1 2.5-2.5 2.5C10.5 20 4 13.5 3.5 6c0-1.5 1-2.5 2.5-2.5Z",
  place: "M12 21s7-6.3 7-11.5a7 7 0 1 0-14 0C5 14.7 12 21 12 21ZM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
  camera: "M4 8h3.5L9 5.5h6L16.5 8H20v11.5H4V8ZM12 17a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Z",
  pictures: "M4 5h16v14H4V5ZM4 16l4.5-4.5 4 4 2.5-2.5L20 18M15 9.5h.2",
  close: "M6 6l12 12M18 6 6 18",
  plus: "M12 5v14M5 12h14",
  pen: "m4 20 1-4.5L16 4.5 19.5 8 8.5 19 4 20Z",
  cloudOff: "M4 4l16 16M9 6.3A6 6 0 0 1 17.5 11 4 4 0 0 1 20 17M15.5 18.5H7a4.5 4.5 0 0 1-.8-8.9",
  qr: "M4 4h6v6H4V4ZM14 4h6v6h-6V4ZM4 14h6v6H4v-6ZM14 14h2.5v2.5H14V14ZM19 19h1.5v1.5H19V19ZM19 14h1.5M14 20h1.5",
  save: "M12 4v11M7.5 11 12 15.5 16.5 11M4 20h16",
  pause: "M8.5 5v14M15.5 5v14",
  people: "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20c.5-4 3-5.5 6.5-5.5s6 1.5 6.5 5.5M15.5 4.8a3.5 3.5 0 0 1 0 6.5M17.5 14.8c2.3.6 3.7 2.2 4 5.2",
};

/** @typedef {keyof typeof PATHS} IconName */

/** @param {{ name: IconName }} props */
export const Icon = ({ name }) => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=${PATHS[name]} /></svg>`;
