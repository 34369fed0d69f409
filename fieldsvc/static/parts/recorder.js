/**
 * 录音 inside the page: Android ends a page that sends its person to a recorder, and many phones have none. Kept as one
 * file when it ends, however it ends; where the page may not record, the phone's own recorder and its files remain.
 */

import { part } from "../ui/demand.js";
import { html, useEffect, useRef, useState, useWorld } from "../ui/hooks.js";
import { Trouble, useTask } from "../ui/parts.js";
import { wordsOf } from "../ui/words.js";

/** @typedef {import("../ui/widgets/answer.js").Props} Props */

/** The words of this control, which travel with it. */
export const words = {
  zh: { start: "开始录音", stop: "录好了", running: "正在录音 {time}", denied: "网页没有麦克风权限，请用下面的方式。" },
  en: { start: "Record here", stop: "Stop and keep", running: "Recording {time}", denied: "The page may not use the microphone. Use one of the ways below." },
};
const t = wordsOf(words);

/** Speech is understood at this, and an hour of it is 11 MB: an evening of 2G. */
const BITS_PER_SECOND = 24_000;
const MOST_MEGABYTES = 20;

/** 65 seconds as 1:05. @param {number} seconds */
export const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

/** @param {Props} props */
export function Widget(props) {
  const { item, draft = "", onStored } = props;
  const { app } = useWorld();
  const { busy, problem, run } = useTask();
  const recorder = useRef(/** @type {MediaRecorder|null} */ (null));
  const [seconds, setSeconds] = useState(/** @type {number|null} */ (null));
  const [denied, setDenied] = useState(false);
  const gone = useRef(false);
  const stop = () => recorder.current?.state === "recording" && recorder.current.stop();
  // Who leaves the page keeps what was said so far.
  useEffect(() => () => {
    gone.current = true;
    stop();
  }, []);

  const keep = (/** @type {Blob[]} */ pieces, /** @type {string} */ type) =>
    run(async () => {
      const file = new Blob(pieces, { type: type.split(";")[0] });
      if (!file.size) return;
      await app.addPhoto(draft, item.ref, file);
      onStored?.();
    });

  async function start() {
    /** @type {MediaStream} */
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      return setDenied(true);
    }
    if (gone.current) return stream.getTracks().forEach((each) => each.stop());
    const own = new MediaRecorder(stream, { audioBitsPerSecond: BITS_PER_SECOND });
    const most = (Number(item.parameters["max-mb"]) || MOST_MEGABYTES) * 1e6;
    /** @type {Blob[]} */
    const pieces = [];
    recorder.current = own;
    own.ondataavailable = ({ data }) => {
      pieces.push(data);
      setSeconds((before) => (before ?? 0) + 1);
      // The last piece is still to come and is no longer than this one.
      if (pieces.reduce((sum, each) => sum + each.size, data.size) > most) stop();
    };
    own.onstop = () => {
      stream.getTracks().forEach((each) => each.stop());
      setSeconds(null);
      void keep(pieces, own.mimeType);
    };
    // A call that comes in takes the microphone away.
    stream.getTracks().forEach((each) => (each.onended = stop));
    setSeconds(0);
    own.start(1000);
  }

  const able = !denied && typeof MediaRecorder === "function" && !!navigator.mediaDevices;
  const File = part("file")?.Widget;
  return html`
    ${able && (seconds === null
      ? html`<div class="pair"><button disabled=${busy} onClick=${start}>${t("start")}</button></div>`
      : html`<p role="timer">${t("running", { time: clock(seconds) })}</p>
        <div class="pair"><button class="primary" onClick=${stop}>${t("stop")}</button></div>`)}
    ${denied && html`<p class="soft" role="status">${t("denied")}</p>`}
    <${Trouble} problem=${problem} />
    ${seconds === null && File && html`<${File} ...${props} within=${able} />`}
  `;
}
