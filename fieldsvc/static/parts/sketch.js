/**
 * 标注、画图: marks on a photo that another question holds, or a drawing on white. The photo itself stays as it was
 * taken, under its own digest, because that is the evidence; what is drawn over it is a picture of its own that names it.
 */

import { plain } from "../ui/demand.js";
import { html, useEffect, useState, useWorld } from "../ui/hooks.js";
import { Icon, Trouble, announce, sentence, useTask } from "../ui/parts.js";
import { Thumb } from "../ui/widgets/picture.js";
import { t as common, wordsOf } from "../ui/words.js";
import { draw, lay, Sheet } from "./signature.js";

/** @typedef {import("../ui/widgets/answer.js").Props} Props */
/** @typedef {import("./signature.js").Ground} Ground */
/** @typedef {import("./signature.js").Stroke} Stroke */

/** The words of this control, which travel with it. */
export const words = {
  zh: {
    mark: "在照片上标注", draw: "点这里画图", again: "重新画", keep: "画好了", first: "先拍照，再在照片上标注。",
    changed: "照片换过了，请重新标注。", removed: "已删除。", lost: "照片打不开，请重新拍。",
    large: "照片太大，这部手机画不了。请把相机的照片尺寸调小，再拍一张。", full: "手机内存不够，没有画成。请关掉别的应用，再点“画好了”。",
  },
  en: {
    mark: "Mark the photo", draw: "Tap to draw", again: "Draw again", keep: "Done", first: "Take the photo first, then mark it.",
    changed: "The photo is another one now: please mark it again.", removed: "Removed.", lost: "The photo does not open: take it again.",
    large: "The photo is too large for this phone to draw on. Make the camera's pictures smaller and take it again.",
    full: "The phone has too little memory left. Close other apps and press “Done” again.",
  },
};
const t = wordsOf(words);

/** The sheet of a drawing that has no photo under it: an upright phone's screen, large enough to print. */
const WHITE = { width: 900, height: 1200 };
const RED = "#e00000";
/** As wide as a finger's mark on a photo of any size. */
const penOf = (/** @type {Ground} */ { width, height }) => ({ width: Math.max(width, height) / 160, colour: RED });

/**
 * The answer of the question `name` that stands beside `ref`, in the same item where that is in a repeat.
 * @param {any} answers the whole form's @param {string} ref @param {string} name
 */
export function beside(answers, ref, name) {
  const [, , ...steps] = ref.split("/").slice(0, -1);
  let at = answers;
  for (const step of steps) {
    const [, part, place] = /^([^[]+)(?:\[(\d+)\])?$/.exec(step) || [];
    at = place ? at?.[part]?.[Number(place) - 1] : at?.[part];
  }
  return at?.[name];
}

/** As the app itself holds it with a photo it makes small: unpacked, a pixel takes four bytes, and a larger one kills the page. */
const MOST_UNPACKED = 256 * 1024 ** 2;
const EDGE = 1600;

/**
 * The sheet for a photo of this size: at most `edge` pixels long; null where this phone cannot unpack the photo.
 * @param {number} width @param {number} height @param {number} edge @param {number} memory of the phone, in GB
 * @returns {Ground|null}
 */
export function sheetFor(width, height, edge, memory) {
  if (width * height * 4 > Math.min(MOST_UNPACKED, memory * 1024 ** 3 * 0.08)) return null;
  const scale = Math.min(1, edge / Math.max(width, height));
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

/** The photo as a sheet; its size is known before it is unpacked. @param {string} address @param {number} edge @returns {Promise<Ground>} */
async function opened(address, edge) {
  const image = new Image();
  await new Promise((resolve, reject) => {
    image.onload = resolve;
    image.onerror = () => reject({ code: "photo-lost", text: t("lost") });
    image.src = address;
  });
  const sheet = sheetFor(image.naturalWidth, image.naturalHeight, edge, /** @type {any} */ (navigator).deviceMemory || 4);
  if (!sheet) throw { code: "photo-large", text: t("large") };
  const resize = /** @type {const} */ ({ resizeWidth: sheet.width, resizeHeight: sheet.height, resizeQuality: "high" });
  // Where a browser cannot, every stroke draws the photo itself, only slower.
  return { ...sheet, image: await createImageBitmap(image, resize).catch(() => image) };
}

/** @param {Ground} ground @param {Stroke[]} strokes @returns {Promise<Blob>} */
function picture(ground, strokes) {
  const canvas = Object.assign(document.createElement("canvas"), { width: ground.width, height: ground.height });
  const brush = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  lay(brush, ground);
  draw(brush, strokes, penOf(ground));
  // Where canvas memory is used up, phones say so by giving nothing.
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject({ code: "canvas-full", text: t("full") })), "image/jpeg", 0.85));
}

/** @param {Props} props */
export function Widget({ item, draft = "", onChange, onStored }) {
  const { app } = useWorld();
  const { over, "max-pixels": edge } = item.parameters;
  const [ground, setGround] = useState(/** @type {Ground|null} */ (null));
  const [photo, setPhoto] = useState(/** @type {string|undefined} */ (undefined));
  const { busy, problem, run } = useTask();
  // Whenever the page is drawn: the photo is another question's, and may have been taken or replaced meanwhile.
  useEffect(() => {
    if (over) app.openDraft(draft).then(({ form }) => setPhoto(beside(form.answers(), item.ref, over)?.sha256), () => {});
  });
  const begin = () => run(async () => setGround(over ? await opened(await app.photoUrl(photo || "", "screen") || "", Number(edge) || EDGE) : WHITE));
  const keep = (/** @type {Stroke[]} */ strokes) => {
    // The sheet stays, with its strokes, until they are kept.
    if (!busy) run(async () => {
      await app.addPhoto(draft, item.ref, await picture(/** @type {Ground} */ (ground), strokes), over ? { over: photo } : {});
      setGround(null);
      onStored?.();
    });
  };
  const { value } = item;
  const remove = () => {
    onChange(null);
    announce(t("removed"), () => onChange(value));
  };
  const label = busy ? common("photo.keeping") : problem ? sentence(problem) : plain(item.label);
  if (over && !photo && !value) return html`<p class="soft">${t("first")}</p>`;
  return html`<div class="photo">
    ${value && html`<${Thumb} sha256=${value.sha256} label=${plain(item.label)} large=${true} />`}
    ${value && over && photo && value.over !== photo && html`<p class="soft" role="status">${t("changed")}</p>`}
    ${busy && html`<p role="status"><i class="spinner" />${common("photo.keeping")}</p>`}
    <${Trouble} problem=${problem} />
    <div class="pair">
      <button disabled=${busy || (over && !photo)} onClick=${begin}><${Icon} name="pen" />${t(value ? "again" : over ? "mark" : "draw")}</button>
      ${value && html`<button onClick=${remove}>${common("remove")}</button>`}
    </div>
    ${ground && html`<${Sheet} label=${label} ground=${ground} pen=${penOf(ground)} done=${t("keep")} onKeep=${keep} onClose=${() => setGround(null)} />`}
  </div>`;
}
