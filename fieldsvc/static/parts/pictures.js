/** A picture that the form's author put beside words. The words say the same, so it says nothing of its own. */

import { html, usePhoto } from "../ui/hooks.js";

/** @param {{ sha256: string }} props */
export function Widget({ sha256 }) {
  const url = usePhoto(sha256, "full");
  return html`<span class="drawing">${url && html`<img src=${url} alt="" />`}</span>`;
}
