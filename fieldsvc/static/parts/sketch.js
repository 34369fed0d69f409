/**
 * 标注、画图: marks on a photo that another question holds, or a drawing on white. The photo itself stays as it was
 * taken, under its own digest, because that is the evidence; what is drawn over it is a picture of its own that names it.
 */

import { plain } from "../ui/demand.js";
import { html, useEffect, useState, useWorld } from "../ui/hooks.js";
import { Icon, Trouble, announce, useTask } from "../ui/parts.js";
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
  },
  en: {
    mark: "Mark the photo", draw: "Tap to draw", again: "Draw again", keep: "Done", first: "Take the photo first, then mark it.",
    changed: "The photo is another one now: please mark it again.", removed: "Removed.", lost: "The photo does not open: take it again.",
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

/** @param {string} address @returns {Promise<Ground>} */
const opened = (address) =>
  new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve({ image, width: image.naturalWidth, height: image.naturalHeight });
    image.onerror = () => reject({ code: "photo-empty", text: t("lost") });
    image.src = address;
  });

/** @param {Ground} ground @param {Stroke[]} strokes @returns {Promise<Blob>} */
function picture(ground, strokes) {
  const canvas = Object.assign(document.createElement("canvas"), { width: ground.width, height: ground.height });
  const brush = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  lay(brush, ground);
  draw(brush, strokes, penOf(ground));
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(/** @type {Blob} */ (blob)), "image/jpeg", 0.85));
}

/** @param {Props} props */
export function Widget({ item, draft = "", onChange, onStored }) {
  const { app } = useWorld();
  const { over } = item.parameters;
  const [ground, setGround] = useState(/** @type {Ground|null} */ (null));
  const [photo, setPhoto] = useState(/** @type {string|undefined} */ (undefined));
  const { busy, problem, run } = useTask();
  // Whenever the page is drawn: the photo is another question's, and may have been taken or replaced meanwhile.
  useEffect(() => {
    if (over) app.openDraft(draft).then(({ form }) => setPhoto(beside(form.answers(), item.ref, over)?.sha256), () => {});
  });
  const begin = () => run(async () => setGround(over ? await opened(await app.photoUrl(photo || "", "screen") || "") : WHITE));
  const keep = (/** @type {Stroke[]} */ strokes) => {
    const on = /** @type {Ground} */ (ground);
    setGround(null);
    return run(async () => {
      await app.addPhoto(draft, item.ref, await picture(on, strokes), over ? { over: photo } : {});
      onStored?.();
    });
  };
  const { value } = item;
  const remove = () => {
    onChange(null);
    announce(t("removed"), () => onChange(value));
  };
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
    ${ground && html`<${Sheet} label=${plain(item.label)} ground=${ground} pen=${penOf(ground)} done=${t("keep")} onKeep=${keep} onClose=${() => setGround(null)} />`}
  </div>`;
}
