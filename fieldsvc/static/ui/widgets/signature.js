/** 签字: drawn with a finger, kept as a picture like any photo. */

import { html, useRef, useState, useWorld } from "../hooks.js";
import { Trouble, useTask } from "../parts.js";
import { t } from "../words.js";
import { Thumb } from "./photo.js";

/** @typedef {import("./answer.js").Props} Props */

/** @param {Props} props */
export function Signature({ item, draft, onChange, onStored }) {
  const { app } = useWorld();
  const canvas = useRef(/** @type {HTMLCanvasElement|null} */ (null));
  const [drawn, setDrawn] = useState(false);
  const { busy, problem, run } = useTask();

  const point = (/** @type {PointerEvent} */ event) => {
    const element = /** @type {HTMLCanvasElement} */ (canvas.current);
    const box = element.getBoundingClientRect();
    return { brush: /** @type {CanvasRenderingContext2D} */ (element.getContext("2d")), x: ((event.clientX - box.left) * element.width) / box.width, y: ((event.clientY - box.top) * element.height) / box.height };
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
      const file = /** @type {Blob} */ (await new Promise((resolve) => element.toBlob((blob) => resolve(blob), "image/jpeg", 0.8)));
      await app.addPhoto(draft || "", item.ref, file);
      onStored?.();
    });

  if (item.value)
    return html`<div class="photo"><${Thumb} sha256=${item.value.sha256} label=${item.label} large=${true} />
      <div class="pair"><button onClick=${() => onChange(null)}>${t("sign.again")}</button></div></div>`;
  return html`<div class="signature">
    <canvas ref=${canvas} width="640" height="280" role="img" aria-label=${t("sign.here")} onPointerDown=${down} onPointerMove=${move} />
    <${Trouble} problem=${problem} />
    <div class="pair"><button disabled=${!drawn || busy} onClick=${wipe}>${t("clear")}</button><button disabled=${!drawn || busy} onClick=${keep}>${t("sign.keep")}</button></div>
  </div>`;
}
