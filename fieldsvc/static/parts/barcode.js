/**
 * 条码、二维码: read by the camera where the browser can; else photographed, for whoever reviews the visit; else typed. A meter
 * behind a cupboard is reached by an arm with a phone, not by a face.
 */

import { plain } from "../ui/demand.js";
import { html, usePhoto, useEffect, useRef, useState, useWorld } from "../ui/hooks.js";
import { Icon, Trouble, useTask } from "../ui/parts.js";
import { t as common, wordsOf } from "../ui/words.js";

/** @typedef {import("../ui/widgets/answer.js").Props} Props */

/** The words of this control, which travel with it. */
export const words = {
  zh: {
    scan: "扫码",
    photo: "拍下来",
    aim: "把码放进画面，读到就会停下。",
    closed: "相机没有打开。可以拍下来，或直接输入。",
    sent: "已拍下，审核人会看到这张照片。",
    type: "也可以直接输入",
  },
  en: {
    scan: "Scan",
    photo: "Photograph it",
    aim: "Hold the code in the picture: it stops when it was read.",
    closed: "The camera did not open. Photograph the code or type it.",
    sent: "Photographed: the reviewer will see it.",
    type: "Or type it",
  },
};
const t = wordsOf(words);

const EVERY_MS = 250;

/** @returns {any} the browser's own reader of codes, where it has one */
const reader = () => /** @type {any} */ (window).BarcodeDetector;

/** The camera's picture until a code is in it. @param {{ onRead: (text: string) => void, onFail: () => void }} props */
function View({ onRead, onFail }) {
  const video = useRef(/** @type {HTMLVideoElement|null} */ (null));
  useEffect(() => {
    let timer = 0;
    /** @type {MediaStream|null} */
    let stream = null;
    let over = false;
    const begin = async () => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      const element = video.current;
      if (over || !element) return stop();
      element.srcObject = stream;
      await element.play();
      const detector = new (reader())();
      timer = window.setInterval(async () => {
        const [found] = await detector.detect(element).catch(() => []);
        if (found?.rawValue && !over) onRead(found.rawValue);
      }, EVERY_MS);
    };
    const stop = () => {
      over = true;
      clearInterval(timer);
      stream?.getTracks().forEach((track) => track.stop());
    };
    begin().catch(onFail);
    return stop;
  }, []);
  return html`<video ref=${video} muted playsinline aria-label=${t("aim")} /><p class="soft" role="status">${t("aim")}</p>`;
}

/** @param {Props} props */
export function Widget({ item, draft, onChange, onLeave, onStored }) {
  const { app } = useWorld();
  const [scanning, setScanning] = useState(false);
  const [closed, setClosed] = useState(false);
  const { busy, problem, run } = useTask();
  const photo = item.value?.sha256;
  const picture = usePhoto(photo, "thumb");
  const read = (/** @type {string} */ text) => {
    setScanning(false);
    onChange(text);
    onLeave?.();
  };
  const fail = () => {
    setScanning(false);
    setClosed(true);
  };
  const take = (/** @type {any} */ event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (file)
      run(async () => {
        await app.addPhoto(draft || "", item.ref, file);
        onStored?.();
      });
  };
  return html`<div class="barcode">
    ${scanning && html`<${View} onRead=${read} onFail=${fail} />`}
    ${photo &&
    html`<p class="fixed">${picture && html`<img class="thumb" src=${picture} alt=${plain(item.label)} />`}${t("sent")}</p>`}
    ${closed && html`<p role="status">${t("closed")}</p>`}
    <${Trouble} problem=${problem} />
    <div class="pair">
      ${reader() && !scanning &&
      html`<button onClick=${() => setScanning(true)}><${Icon} name="qr" />${t("scan")}</button>`}
      ${scanning && html`<button onClick=${() => setScanning(false)}>${common("cancel")}</button>`}
      <label class=${`button ${busy ? "busy" : ""}`}><${Icon} name="camera" />${t("photo")}
        <input class="unseen" type="file" accept="image/*" capture="environment" disabled=${busy} onChange=${take} />
      </label>
      ${item.value && html`<button onClick=${() => onChange(null)}>${common("clear")}</button>`}
    </div>
    ${!photo &&
    html`<label class="field">${t("type")}
      <input
        id=${item.ref} value=${item.value ?? ""} autocomplete="off" autocapitalize="off" spellcheck="false" onBlur=${onLeave}
        onInput=${(/** @type {any} */ event) => onChange(event.target.value || null)}
      />
    </label>`}
  </div>`;
}
