/** 照片 from the camera or the gallery, kept the moment it is made. */

import { html, usePhoto, useWorld } from "../hooks.js";
import { Icon, Trouble, announce, useTask } from "../parts.js";
import { size, t } from "../words.js";

/** @typedef {import("./answer.js").Props} Props */

/**
 * A photo small; a grey field while it is not on this phone.
 * @param {{ sha256: string, label: string, large?: boolean, stamp?: string }} props
 */
export function Thumb({ sha256, label, large = false, stamp }) {
  const address = usePhoto(sha256, large ? "screen" : "thumb");
  return html`<span class=${`thumb ${large ? "large" : ""}`}>
    ${address ? html`<img src=${address} alt=${label} />` : html`<${Icon} name="pictures" />`}${stamp && html`<small class="stamp">${stamp}</small>`}</span>`;
}

/**
 * A button that asks the phone's own camera, or its gallery, for a file.
 * @param {{ camera?: boolean, label: string, busy?: boolean, onFile: (file: Blob) => void }} props
 */
export function PhotoFile({ camera = false, label, busy = false, onFile }) {
  const take = (/** @type {any} */ event) => {
    const [file] = event.target.files;
    // The same file chosen twice must count as a change again.
    event.target.value = "";
    if (file) onFile(file);
  };
  const from = camera ? { capture: "environment" } : {};
  return html`<label class=${`button ${busy ? "busy" : ""}`}><${Icon} name=${camera ? "camera" : "pictures"} />${label}
    <input class="unseen" type="file" accept="image/*" disabled=${busy} onChange=${take} ...${from} />
  </label>`;
}

/**
 * A photo with its ways in and out. `onCamera` opens a camera of the page where there is one; `stamp` is said over it.
 * @param {Props & { onCamera?: () => void, stamp?: string }} props
 */
export function Photo({ item, draft, onChange, onStored, onCamera, stamp }) {
  const { app } = useWorld();
  const { busy, problem, run } = useTask();
  const keep = (/** @type {string} */ source) => (/** @type {Blob} */ file) =>
    run(async () => {
      await app.addPhoto(draft || "", item.ref, file, { source });
      onStored?.();
    });
  const remove = () => {
    const { value } = item;
    onChange(null);
    announce(t("photo.removed"), () => onChange(value));
  };
  const again = t(item.value ? "photo.again" : "photo.take");
  return html`<div class="photo">
    ${item.value &&
    html`<${Thumb} sha256=${item.value.sha256} label=${item.label} large=${true} stamp=${stamp} />
      <p class="soft">${size(item.value.bytes)}</p>`}
    ${busy && html`<p role="status"><i class="spinner" />${t("photo.keeping")}</p>`}
    <${Trouble} problem=${problem} />
    <div class="pair">
      ${onCamera
        ? html`<button disabled=${busy} onClick=${onCamera}><${Icon} name="camera" />${again}</button>`
        : html`<${PhotoFile} camera=${true} label=${again} busy=${busy} onFile=${keep("system")} />`}
      <${PhotoFile} label=${t("photo.gallery")} busy=${busy} onFile=${keep("gallery")} />
      ${item.value && html`<button onClick=${remove}>${t("remove")}</button>`}
    </div>
  </div>`;
}
