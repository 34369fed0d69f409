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
/** @typedef {[number, number][]} Stroke points in pixels of the box it was drawn in, or of the picture it was drawn on */
/** @typedef {{ width: number, height: number, image?: CanvasImageSource }} Ground what is drawn on, shown whole */
/** @typedef {{ width: number, colour: string }} Pen */

/** The words of this control, which travel with it. */
export const words = {
  zh: { sign: "点这里签字", here: "请在框内签字", keep: "签好了", again: "重新签字", paper: "拍纸上的签字" },
  en: { sign: "Tap to sign", here: "Sign inside the frame", keep: "Signed", again: "Sign again", paper: "Photo of one on paper" },
};
const t = wordsOf(words);

const MARGIN = 24;
/** @type {Pen} */
const PEN = { width: 4, colour: "black" };

/**
 * What stands in a form when it is signed, as text: without signatures, and what is empty without them; read once the
 * signature is an answer, because others may depend on it. The server reads the same from the answers in the end, so that
 * it can be told whether they were changed under a signature.
 * @param {any} answers
 * @returns {string}
 */
export function signedText(answers) {
  /** @param {any} value @returns {any} */
  const unsigned = (value) => {
    if (!value || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map(unsigned);
    const kept = "signed" in value ? [] : Object.entries(value).map(([name, one]) => [name, unsigned(one)]).filter(([, one]) => one !== undefined);
    return kept.length ? Object.fromEntries(kept) : undefined;
  };
  return JSON.stringify(unsigned(answers) || {});
}

/** What a signature covers, with a margin. @param {Stroke[]} strokes */
export function extent(strokes) {
  const [across, down] = [0, 1].map((axis) => strokes.flatMap((stroke) => stroke.map((point) => point[axis])));
  const [left, top] = [Math.min(...across) - MARGIN, Math.min(...down) - MARGIN];
  return { left, top, width: Math.max(...across) + MARGIN - left, height: Math.max(...down) + MARGIN - top };
}

/** @param {CanvasRenderingContext2D} brush @param {Stroke[]} strokes @param {Pen} [pen] */
export function draw(brush, strokes, pen = PEN) {
  Object.assign(brush, { lineWidth: pen.width, lineCap: "round", lineJoin: "round", strokeStyle: pen.colour });
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
  lay(brush, canvas);
  brush.scale(2, 2);
  brush.translate(-left, -top);
  draw(brush, strokes);
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(/** @type {Blob} */ (blob)), "image/jpeg", 0.8));
}

/** The paper that is drawn on: white, so that it can be kept as JPEG, or a photo. @param {CanvasRenderingContext2D} brush @param {Ground} ground */
export function lay(brush, { width, height, image }) {
  brush.fillStyle = "white";
  brush.fillRect(0, 0, width, height);
  if (image) brush.drawImage(image, 0, 0, width, height);
}

/** How a picture lies in a box that shows it whole. @param {Ground|undefined} ground @param {{ clientWidth: number, clientHeight: number }} box */
export function fitted(ground, { clientWidth, clientHeight }) {
  if (!ground) return { scale: 1, left: 0, top: 0 };
  const scale = Math.min(clientWidth / ground.width, clientHeight / ground.height);
  return { scale, left: (clientWidth - ground.width * scale) / 2, top: (clientHeight - ground.height * scale) / 2 };
}

/**
 * The sheet. On a `ground` points are those of the picture, so that a turned phone moves no mark away from its crack.
 * @param {{ label: string, ground?: Ground, pen?: Pen, done?: string, onKeep: (strokes: Stroke[]) => void, onClose: () => void }} props
 */
export function Sheet({ label, ground, pen = PEN, done = t("keep"), onKeep, onClose }) {
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
    const { scale, left, top } = fitted(ground, sheet);
    brush.setTransform(sharp * scale, 0, 0, sharp * scale, sharp * left, sharp * top);
    if (ground) lay(brush, ground);
    draw(brush, strokes.current, pen);
  };
  useLayoutEffect(() => {
    dialog.current?.showModal();
    fit();
  }, []);
  useEffect(() => {
    window.addEventListener("resize", fit);
    return () => window.removeEventListener("resize", fit);
  }, []);

  const point = (/** @type {PointerEvent} */ event) => {
    const { scale, left, top } = fitted(ground, /** @type {HTMLCanvasElement} */ (canvas.current));
    return /** @type {[number, number]} */ ([(event.offsetX - left) / scale, (event.offsetY - top) / scale]);
  };
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
    if (brush) draw(brush, strokes.current.slice(-1), pen);
  };
  const wipe = () => {
    strokes.current = [];
    setDrawn(false);
    fit();
  };
  return html`<dialog class="signing" ref=${dialog} aria-label=${label} onClose=${onClose}>
    <p>${label}</p>
    <canvas ref=${canvas} role="img" aria-label=${ground ? label : t("here")} onPointerDown=${down} onPointerMove=${move} />
    <div class="pair">
      <button onClick=${onClose}>${common("cancel")}</button>
      <button disabled=${!drawn} onClick=${wipe}>${common("clear")}</button>
      <button class="primary" disabled=${!drawn} onClick=${() => onKeep(strokes.current)}>${done}</button>
    </div>
  </dialog>`;
}

/** @param {Props} props */
export function Widget({ item, draft, onStored }) {
  const { app } = useWorld();
  const [signing, setSigning] = useState(false);
  const { busy, problem, run } = useTask();
  // In place of `signedText` comes the digest of what it makes of the form just then.
  const keep = (/** @type {Blob} */ file, source = "signature") =>
    run(async () => {
      setSigning(false);
      await app.addPhoto(draft || "", item.ref, file, { source, signed: signedText });
      onStored?.();
    });
  const write = async (/** @type {Stroke[]} */ strokes) => keep(await picture(strokes));
  const take = (/** @type {any} */ event) => event.target.files[0] && keep(event.target.files[0], "paper");
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
    ${signing && html`<${Sheet} label=${plain(item.label)} onKeep=${write} onClose=${() => setSigning(false)} />`}
  </div>`;
}
