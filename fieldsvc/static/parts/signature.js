/**
 * 签字: drawn with a finger on the whole screen, upright or turned, as often as needed; a signature on paper can be
 * photographed instead. Who signs, in which role, and why somebody cannot, are questions of the form.
 */

import { plain } from "../ui/demand.js";
import { html, useEffect, useLayoutEffect, useRef, useState, useWorld } from "../ui/hooks.js";
import { Icon, Trouble, useTask } from "../ui/parts.js";
import { Thumb } from "../ui/widgets/picture.js";
import { t as common, wordsOf } from "../ui/words.js";

/** @typedef {import("../ui/widgets/answer.js").Props} Props */
/** @typedef {[number, number][]} Stroke points in pixels of the box it was drawn in */

/** The words of this control, which travel with it. */
export const words = {
  zh: { sign: "点这里签字", here: "请在框内签字", keep: "签好了", again: "重新签字", paper: "拍纸上的签字" },
  en: { sign: "Tap to sign", here: "Sign inside the frame", keep: "Signed", again: "Sign again", paper: "Photo of one on paper" },
};
const t = wordsOf(words);

const MARGIN = 24;
const PEN = 4;

/** What a signature covers, with a margin. @param {Stroke[]} strokes */
export function extent(strokes) {
  const [across, down] = [0, 1].map((axis) => strokes.flatMap((stroke) => stroke.map((point) => point[axis])));
  const [left, top] = [Math.min(...across) - MARGIN, Math.min(...down) - MARGIN];
  return { left, top, width: Math.max(...across) + MARGIN - left, height: Math.max(...down) + MARGIN - top };
}

/** @param {CanvasRenderingContext2D} brush @param {Stroke[]} strokes */
function draw(brush, strokes) {
  Object.assign(brush, { lineWidth: PEN, lineCap: "round", lineJoin: "round", strokeStyle: "black" });
  for (const [first, ...rest] of strokes) {
    brush.beginPath();
    brush.moveTo(...first);
    // A tap is a dot: names have them too.
    for (const point of rest.length ? rest : [first]) brush.lineTo(...point);
    brush.stroke();
  }
}

/** The signature alone, twice as sharp as drawn, black on white. @param {Stroke[]} strokes @returns {Promise<Blob>} */
function picture(strokes) {
  const { left, top, width, height } = extent(strokes);
  const canvas = Object.assign(document.createElement("canvas"), { width: width * 2, height: height * 2 });
  const brush = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  // Photos are kept as JPEG, which has no transparency: without a ground the paper would turn black.
  brush.fillStyle = "white";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.scale(2, 2);
  brush.translate(-left, -top);
  draw(brush, strokes);
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(/** @type {Blob} */ (blob)), "image/jpeg", 0.8));
}

/** The sheet. @param {{ label: string, onKeep: (file: Blob) => void, onClose: () => void }} props */
function Sheet({ label, onKeep, onClose }) {
  const dialog = useRef(/** @type {HTMLDialogElement|null} */ (null));
  const canvas = useRef(/** @type {HTMLCanvasElement|null} */ (null));
  const strokes = useRef(/** @type {Stroke[]} */ ([]));
  const [drawn, setDrawn] = useState(false);

  /** Draw everything anew, in a bitmap as large as its box: the phone may have been turned. */
  const fit = () => {
    const sheet = /** @type {HTMLCanvasElement} */ (canvas.current);
    const sharp = window.devicePixelRatio || 1;
    Object.assign(sheet, { width: sheet.clientWidth * sharp, height: sheet.clientHeight * sharp });
    const brush = /** @type {CanvasRenderingContext2D} */ (sheet.getContext("2d"));
    brush.scale(sharp, sharp);
    draw(brush, strokes.current);
  };
  useLayoutEffect(() => {
    dialog.current?.showModal();
    fit();
  }, []);
  useEffect(() => {
    window.addEventListener("resize", fit);
    return () => window.removeEventListener("resize", fit);
  }, []);

  const point = (/** @type {PointerEvent} */ event) => /** @type {[number, number]} */ ([event.offsetX, event.offsetY]);
  const down = (/** @type {PointerEvent} */ event) => {
    canvas.current?.setPointerCapture(event.pointerId);
    strokes.current.push([point(event)]);
    setDrawn(true);
    fit();
  };
  const move = (/** @type {PointerEvent} */ event) => {
    if (!event.buttons) return;
    strokes.current[strokes.current.length - 1]?.push(point(event));
    const brush = canvas.current?.getContext("2d");
    if (brush) draw(brush, strokes.current.slice(-1));
  };
  const wipe = () => {
    strokes.current = [];
    setDrawn(false);
    fit();
  };
  const keep = async () => onKeep(await picture(strokes.current));
  return html`<dialog class="signing" ref=${dialog} aria-label=${label} onClose=${onClose}>
    <p>${label}</p>
    <canvas ref=${canvas} role="img" aria-label=${t("here")} onPointerDown=${down} onPointerMove=${move} />
    <div class="pair">
      <button onClick=${onClose}>${common("cancel")}</button>
      <button disabled=${!drawn} onClick=${wipe}>${common("clear")}</button>
      <button class="primary" disabled=${!drawn} onClick=${keep}>${t("keep")}</button>
    </div>
  </dialog>`;
}

/** @param {Props} props */
export function Widget({ item, draft, onStored }) {
  const { app } = useWorld();
  const [signing, setSigning] = useState(false);
  const { busy, problem, run } = useTask();
  const keep = (/** @type {Blob} */ file) =>
    run(async () => {
      setSigning(false);
      await app.addPhoto(draft || "", item.ref, file);
      onStored?.();
    });
  const take = (/** @type {any} */ event) => event.target.files[0] && keep(event.target.files[0]);
  return html`<div class="photo">
    ${item.value
      ? html`<${Thumb} sha256=${item.value.sha256} label=${plain(item.label)} large=${true} />`
      : html`<button class="more sign" disabled=${busy} onClick=${() => setSigning(true)}>
          <${Icon} name="pen" />${t("sign")}
        </button>`}
    <${Trouble} problem=${problem} />
    <div class="pair">
      ${item.value && html`<button onClick=${() => setSigning(true)}><${Icon} name="pen" />${t("again")}</button>`}
      <label class=${`button ${busy ? "busy" : ""}`}><${Icon} name="camera" />${t("paper")}
        <input class="unseen" type="file" accept="image/*" capture="environment" disabled=${busy} onChange=${take} />
      </label>
    </div>
    ${signing && html`<${Sheet} label=${plain(item.label)} onKeep=${keep} onClose=${() => setSigning(false)} />`}
  </div>`;
}
