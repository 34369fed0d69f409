/**
 * 照片 from the camera or the gallery, and 签字 drawn with a finger; both are kept as pictures the moment they are made.
 */

import { html, usePhoto, useRef, useState, useWorld } from "../hooks.js";
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

/** A signature, and a way to draw it again. @param {Props} props */
export function Signature({ item, draft, onChange, onStored }) {
  const { app } = useWorld();
  const canvas = useRef(/** @type {HTMLCanvasElement|null} */ (null));
  const [drawn, setDrawn] = useState(false);
  const { busy, problem, run } = useTask();

  const point = (/** @type {PointerEvent} */ event) => {
    const element = /** @type {HTMLCanvasElement} */ (canvas.current);
    const box = element.getBoundingClientRect();
    return {
      brush: /** @type {CanvasRenderingContext2D} */ (element.getContext("2d")),
      x: ((event.clientX - box.left) * element.width) / box.width,
      y: ((event.clientY - box.top) * element.height) / box.height,
    };
  };
  const down = (/** @type {PointerEvent} */ event) => {
    const { brush, x, y } = point(event);
    canvas.current?.setPointerCapture(event.pointerId);
    Object.assign(brush, { lineWidth: 5, lineCap: "round", lineJoin: "round" });
    brush.beginPath();
    brush.moveTo(x, y);
    setDrawn(true);
  };
  const move = (/** @type {PointerEvent} */ event) => {
    if (!event.buttons) return;
    const { brush, x, y } = point(event);
    brush.lineTo(x, y);
    brush.stroke();
  };
  const strokes = { onPointerDown: down, onPointerMove: move };
  const wipe = () => {
    const element = canvas.current;
    element?.getContext("2d")?.clearRect(0, 0, element.width, element.height);
    setDrawn(false);
  };
  const keep = () =>
    run(async () => {
      const element = /** @type {HTMLCanvasElement} */ (canvas.current);
      const brush = /** @type {CanvasRenderingContext2D} */ (element.getContext("2d"));
      // Photos are kept as JPEG, which has no transparency: without a ground the paper would turn black.
      brush.globalCompositeOperation = "destination-over";
      brush.fillStyle = "white";
      brush.fillRect(0, 0, element.width, element.height);
      const file = /** @type {Blob} */ (
        await new Promise((resolve) => element.toBlob((blob) => resolve(/** @type {Blob} */ (blob)), "image/jpeg", 0.8))
      );
      await app.addPhoto(draft || "", item.ref, file);
      onStored?.();
    });

  if (item.value)
    return html`<div class="photo">
      <${Thumb} sha256=${item.value.sha256} label=${item.label} large=${true} />
      <div class="pair"><button onClick=${() => onChange(null)}>${t("sign.again")}</button></div>
    </div>`;
  return html`<div class="signature">
    <canvas ref=${canvas} width="640" height="280" role="img" aria-label=${t("sign.here")} ...${strokes} />
    <${Trouble} problem=${problem} />
    <div class="pair">
      <button disabled=${!drawn || busy} onClick=${wipe}>${t("clear")}</button>
      <button disabled=${!drawn || busy} onClick=${keep}>${t("sign.keep")}</button>
    </div>
  </div>`;
}
