/** 照片 from the camera or the gallery, kept the moment it is made. */

import { html, usePhoto, useWorld } from "../hooks.js";
import { Icon, Trouble, announce, useTask } from "../parts.js";
import { size, t } from "../words.js";

/** @typedef {import("./answer.js").Props} Props */

/**
 * A photo small; a grey field while it is not on this phone.
 * @param {{ sha256: string, label: string, large?: boolean }} props
 */
export function Thumb({ sha256, label, large = false }) {
  const address = usePhoto(sha256, large ? "screen" : "thumb");
  return html`<span class=${`thumb ${large ? "large" : ""}`}>
    ${address ? html`<img src=${address} alt=${label} />` : html`<${Icon} name="pictures" />`}</span>`;
}

/** @param {Props} props */
export function Photo({ item, draft, onChange, onStored }) {
  const { app } = useWorld();
  const { busy, problem, run } = useTask();
  const take = (/** @type {any} */ event) => {
    const [file] = event.target.files;
    // The same file chosen twice must count as a change again.
    event.target.value = "";
    if (file)
      run(async () => {
        await app.addPhoto(draft || "", item.ref, file);
        onStored?.();
      });
  };
  const remove = () => {
    const { value } = item;
    onChange(null);
    announce(t("photo.removed"), () => onChange(value));
  };
  const from = (/** @type {boolean} */ camera) => (camera ? { capture: "environment" } : {});
  const source = (/** @type {boolean} */ camera) => html`<label class=${`button ${busy ? "busy" : ""}`}>
    <${Icon} name=${camera ? "camera" : "pictures"} />
    ${t(camera ? (item.value ? "photo.again" : "photo.take") : "photo.gallery")}
    <input class="unseen" type="file" accept="image/*" disabled=${busy} onChange=${take} ...${from(camera)} />
  </label>`;
  return html`<div class="photo">
    ${item.value &&
    html`<${Thumb} sha256=${item.value.sha256} label=${item.label} large=${true} />
      <p class="soft">${size(item.value.bytes)}</p>`}
    ${busy && html`<p role="status"><i class="spinner" />${t("photo.keeping")}</p>`}
    <${Trouble} problem=${problem} />
    <div class="pair">
      ${source(true)}${source(false)}${item.value && html`<button onClick=${remove}>${t("remove")}</button>`}
    </div>
  </div>`;
}
