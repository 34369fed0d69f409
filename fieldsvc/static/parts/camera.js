/**
 * 拍照 inside the page: Android ends a page that sends its person to the camera app, and iPhones forget what was typed.
 * A ghost of the earlier photo of the same place lies over the picture, so that before and after are taken from one
 * spot. The phone's own camera and the gallery stay beside the shutter; without a camera they are all there is.
 */

import { latestForm, questionAt, visitsOf } from "../core/views.js";
import { html, useEffect, useLayoutEffect, useRef, useState, useWorld, usePhoto } from "../ui/hooks.js";
import { part } from "../ui/demand.js";
import { Icon, Trouble, useTask } from "../ui/parts.js";
import { Photo, PhotoFile } from "../ui/widgets/picture.js";
import { day, place, t as common, wordsOf } from "../ui/words.js";

/** @typedef {import("../ui/widgets/answer.js").Props} Props */
/** @typedef {import("../core/types.js").Earlier} Earlier */
/** @typedef {import("../core/types.js").Capture} Capture */

/** The words of this control, which travel with it. */
export const words = {
  zh: {
    close: "返回", shutter: "按下快门", turn: "换镜头", torch: "补光", zoom: "放大", ghost: "旧照片浓淡",
    ghostOf: "对准 {when} 拍的那张，站在同一个地方", system: "系统相机", waiting: "正在打开相机…",
    denied: "浏览器没有相机权限。可以在网址左边的锁形图标里允许，也可以用下面的系统相机。",
    none: "打不开相机，请用下面的系统相机。",
  },
  en: {
    close: "Back", shutter: "Take the photo", turn: "Other camera", torch: "Light", zoom: "Zoom", ghost: "Earlier photo",
    ghostOf: "Line up with the photo of {when}, from the same spot", system: "Phone's camera", waiting: "Opening the camera…",
    denied: "The browser may not use the camera. Allow it behind the lock beside the address, or use the phone's camera below.",
    none: "The camera does not open. Use the phone's camera below.",
  },
};
const t = wordsOf(words);

/** More than a kept photo has, and little enough for a phone to hold twice. */
const WIDTH = 1920;
const HEIGHT = 1440;
const QUALITY = 0.92;

/**
 * The camera's picture in a video element, as long as the viewfinder is open.
 * @param {boolean} front
 */
function useCamera(front) {
  const video = useRef(/** @type {HTMLVideoElement|null} */ (null));
  const [track, setTrack] = useState(/** @type {any} */ (null));
  // A camera that was opened has shown nothing yet; a shutter pressed now would take an empty picture.
  const [seen, setSeen] = useState(false);
  const [problem, setProblem] = useState("");
  const [round, again] = useState(0);
  useEffect(() => {
    let over = false;
    setSeen(false);
    /** @type {MediaStream|undefined} */
    let stream;
    const wish = { facingMode: { ideal: front ? "user" : "environment" }, width: { ideal: WIDTH }, height: { ideal: HEIGHT } };
    navigator.mediaDevices.getUserMedia({ video: wish }).then(
      (got) => {
        stream = got;
        if (over || !video.current) return got.getTracks().forEach((each) => each.stop());
        video.current.srcObject = got;
        const [own] = got.getVideoTracks();
        // Another app may take the camera away; a black picture would only puzzle.
        own.onended = () => again((n) => n + 1);
        setTrack(own);
        setProblem("");
      },
      (error) => setProblem(error?.name === "NotAllowedError" ? "denied" : "none"),
    );
    return () => {
      over = true;
      stream?.getTracks().forEach((each) => each.stop());
    };
  }, [front, round]);
  return { video, track: seen ? track : null, problem, onSeen: () => setSeen(true) };
}

/** What the camera shows now, as a picture. @param {HTMLVideoElement} video @returns {Promise<Blob>} */
function still(video) {
  const canvas = Object.assign(document.createElement("canvas"), { width: video.videoWidth, height: video.videoHeight });
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject({ code: "photo-empty" })), "image/jpeg", QUALITY));
}

/** The earlier photo over the picture, as strong as the person wants it. @param {{ earlier: Earlier }} props */
function Ghost({ earlier }) {
  const image = useRef(/** @type {HTMLImageElement|null} */ (null));
  const [strength, setStrength] = useState(40);
  const large = usePhoto(earlier.sha256, "screen");
  const small = usePhoto(earlier.sha256, "thumb");
  useLayoutEffect(() => {
    if (image.current) image.current.style.opacity = String(strength / 100);
  });
  if (!large && !small) return null;
  const set = (/** @type {any} */ event) => setStrength(Number(event.target.value));
  return html`<img class="ghost" ref=${image} src=${large || small} alt="" />
    <label class="slide"><span>${t("ghost")}</span>
      <input type="range" min="0" max="80" value=${strength} onInput=${set} />
    </label>`;
}

/** What this camera can do beyond taking pictures. @param {{ track: any }} props */
function Helps({ track }) {
  const [lit, setLit] = useState(false);
  const able = track?.getCapabilities?.() || {};
  const apply = (/** @type {any} */ wish) => track.applyConstraints({ advanced: [wish] }).catch(() => {});
  const light = () => {
    void apply({ torch: !lit });
    setLit(!lit);
  };
  return html`
    ${able.zoom?.max > able.zoom?.min &&
    html`<label class="slide"><span>${t("zoom")}</span>
      <input type="range" min=${able.zoom.min} max=${Math.min(able.zoom.max, able.zoom.min * 5)} step="0.1" value=${able.zoom.min}
        onInput=${(/** @type {any} */ event) => apply({ zoom: Number(event.target.value) })} />
    </label>`}
    ${able.torch && html`<button aria-pressed=${lit} onClick=${light}>${t("torch")}</button>`}
  `;
}

/**
 * The viewfinder over the whole screen.
 * @param {{ item: any, earlier: Earlier|undefined, onKeep: (file: Blob, facts: Capture) => void, onClose: () => void }} props
 */
function Viewfinder({ item, earlier, onKeep, onClose }) {
  const dialog = useRef(/** @type {HTMLDialogElement|null} */ (null));
  const [front, setFront] = useState(false);
  const { video, track, problem, onSeen } = useCamera(front);
  const task = useTask();
  // Only where the form asks for it, and only as long as the viewfinder is open.
  const aim = item.parameters.position ? part("aim") : undefined;
  const fix = useRef(/** @type {import("../core/types.js").PositionUpdate|null} */ (null));
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const facts = (/** @type {string} */ source) => ({ source, ...aim?.placeOf(fix.current) });
  const shoot = () =>
    task.run(async () => {
      const taken = facts("camera");
      onKeep(await still(/** @type {HTMLVideoElement} */ (video.current)), taken);
    });
  return html`<dialog class="camera" ref=${dialog} aria-label=${item.label} onClose=${onClose}>
    <header>
      <p><b>${item.label}</b>${(item.guidance || item.hint) && html`<span>${item.guidance || item.hint}</span>`}</p>
      <button class="plain" onClick=${onClose}><${Icon} name="close" />${t("close")}</button>
    </header>
    <div class="view">
      <video ref=${video} autoplay playsinline muted onLoadedData=${onSeen} />
      ${earlier && track && html`<${Ghost} earlier=${earlier} />`}
      ${problem ? html`<p role="alert">${t(problem === "denied" ? problem : "none")}</p>` : !track && html`<p role="status">${t("waiting")}</p>`}
    </div>
    ${earlier && !problem && html`<p class="aim">${t("ghostOf", { when: day(earlier.at) })}</p>`}
    ${aim && html`<${aim.Aim} earlier=${earlier} onFix=${(/** @type {any} */ next) => (fix.current = next)} />`}
    <${Trouble} problem=${task.problem} />
    <div class="helps">
      <${Helps} track=${track} />
      <button onClick=${() => setFront(!front)}>${t("turn")}</button>
    </div>
    <footer>
      <${PhotoFile} camera label=${t("system")} onFile=${(/** @type {Blob} */ file) => onKeep(file, facts("system"))} />
      <button class="shutter" disabled=${!track || !!problem || task.busy} aria-label=${t("shutter")} onClick=${shoot}><i /></button>
      <${PhotoFile} label=${common("photo.gallery")} onFile=${(/** @type {Blob} */ file) => onKeep(file, { source: "gallery" })} />
    </footer>
  </dialog>`;
}

/**
 * What the form wants said over the picture, of what is known: a line that the page draws, as the office does, while the
 * picture's own bytes stay clean (decision 0020).
 * @param {any} item
 * @param {string} [number] the form's number, as the office says it
 * @returns {string}
 */
export function stampOf({ parameters, value }, number = "") {
  const asked = (parameters?.stamp || "").split(" ");
  const { taken_at, clock_offset, position } = value || {};
  const known = [["time", taken_at && new Date(taken_at + (clock_offset || 0)).toLocaleString("sv").slice(0, 16)], ["place", position && place(position.point)], ["number", value && number]];
  return known.filter(([name, said]) => said && asked.includes(name)).map(([, said]) => said).join("  ");
}

/** A photo, with the viewfinder where this phone has one. @param {Props} props */
export function Widget(props) {
  const { item, draft = "", onStored } = props;
  const { app } = useWorld();
  const [open, setOpen] = useState(false);
  const [earlier, setEarlier] = useState(/** @type {Earlier[]} */ ([]));
  const { busy, problem, run } = useTask();
  const look = () => {
    setOpen(true);
    app.earlierPhotos(draft, item.ref).then(setEarlier, () => {});
  };
  const keep = (/** @type {Blob} */ file, /** @type {Capture} */ facts) => {
    setOpen(false);
    void run(async () => {
      await app.addPhoto(draft, item.ref, file, facts);
      onStored?.();
    });
  };
  return html`
    <${Photo} ...${props} stamp=${stampOf(item, draft.slice(-8))} onCamera=${navigator.mediaDevices ? look : undefined} />
    ${busy && html`<p role="status"><i class="spinner" />${common("photo.keeping")}</p>`}
    <${Trouble} problem=${problem} />
    ${open && html`<${Viewfinder} item=${item} earlier=${earlier[0]} onKeep=${keep} onClose=${() => setOpen(false)} />`}
  `;
}

/**
 * The earlier photos a new one should be lined up with, newest first: a form gives a photo question a slot, and pictures
 * of the same one, or of the one the question names as its `ghost`, are a series, the house before, during and after.
 * @param {import("../core/views.js").Shelf} shelf
 * @param {import("../core/types.js").DraftRow} draft
 * @param {string} ref
 * @returns {Earlier[]}
 */
export function earlierPhotos(shelf, { form, version, subject, replaces }, ref) {
  const asked = questionAt(shelf.forms.find((row) => row.id === `${form}/${version}`)?.definition, ref)?.parameters;
  const slot = asked?.ghost || asked?.slot;
  if (!slot) return [];
  const of = (/** @type {{subject: string}} */ row) => row.subject === subject;
  const visits = visitsOf(shelf, shelf.submissions.filter(of), shelf.outbox.filter(of));
  return visits
    // What is being amended would only show the very picture that is taken again.
    .filter((visit) => visit.id !== replaces && !["withdrawn", "rejected"].includes(visit.state))
    .flatMap(({ form: own, at, photos }) => {
      const definition = latestForm(shelf.forms, own)?.definition;
      const same = photos.filter((photo) => questionAt(definition, photo.ref)?.parameters?.slot === slot);
      return same.map(({ sha256, position }) => ({ sha256, at, ...(position ? { position } : {}) }));
    });
}
