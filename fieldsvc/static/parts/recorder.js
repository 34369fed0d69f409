/**
 * 录音 inside the page: Android ends a page that sends its person to a recorder, and many phones have none. Kept as one
 * file when it ends, however it ends; where the page may not record, the phone's own recorder and its files remain.
 */

import { html, useEffect, useRef, useState, useWorld } from "../ui/hooks.js";
import { Trouble, announce, useTask } from "../ui/parts.js";
import { wordsOf } from "../ui/words.js";
import { Files } from "./file.js";

/** @typedef {import("../ui/widgets/answer.js").Props} Props */
/** @typedef {import("../core/types.js").Recording} Recording */

/** The words of this control, which travel with it. */
export const words = {
  zh: {
    start: "开始录音", stop: "录好了", running: "正在录音 {time}", denied: "网页没有麦克风权限，请用下面的方式。",
    nothing: "没有录到声音，请再录一次。", unkept: "录音还没有存上。先别关闭网页，回到这道题点“再存一次”。", again: "再存一次",
  },
  en: {
    start: "Record here", stop: "Stop and keep", running: "Recording {time}", denied: "The page may not use the microphone. Use one of the ways below.",
    nothing: "No sound was recorded: please record again.", unkept: "The recording is not kept yet. Leave the page open, and press “Keep it” at this question.", again: "Keep it",
  },
};
const t = wordsOf(words);

/** Speech is understood at this, and an hour of it is 11 MB: an evening of 2G. */
const BITS_PER_SECOND = 24_000;
const MOST_MEGABYTES = 20;
/** What could not be written, by draft and question, for as long as the page lives. @type {Map<string, Blob>} */
const unkept = new Map();

/** 65 seconds as 1:05. @param {number} seconds */
export const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

/** Let go of the microphone. @param {MediaStream|undefined} stream */
const release = (stream) => stream?.getTracks().forEach((each) => each.stop());

/**
 * Record until it is ended, is as large as it may be, or loses its microphone.
 * @param {MediaStream} stream @param {number} most bytes @param {(seconds: number) => void} told
 * @returns {Recording} rejects with `{code: "recording-empty"}`
 */
function record(stream, most, told) {
  const recorder = new MediaRecorder(stream, { audioBitsPerSecond: BITS_PER_SECOND });
  /** @type {Blob[]} */
  const pieces = [];
  const end = () => {
    if (recorder.state === "recording") recorder.stop();
  };
  /** @type {Promise<Blob>} */
  const whole = new Promise((resolve, reject) => {
    recorder.ondataavailable = ({ data }) => {
      told(pieces.push(data));
      // The last piece is still to come and is no longer than this one.
      if (pieces.reduce((sum, each) => sum + each.size, data.size) > most) end();
    };
    recorder.onstop = () => {
      release(stream);
      const file = new Blob(pieces, { type: recorder.mimeType.split(";")[0] });
      if (file.size) resolve(file);
      else reject({ code: "recording-empty", problem: { title: t("nothing"), remedy: "" } });
    };
  });
  // A call that comes in takes the microphone away.
  for (const track of stream.getTracks()) track.onended = end;
  recorder.start(1000);
  return Object.assign(whole, { end });
}

/** @param {Props} props */
export function Widget(props) {
  const { item, draft = "", onStored } = props;
  const { app } = useWorld();
  const { busy, problem, run } = useTask();
  const own = useRef(/** @type {Recording|null} */ (null));
  const begun = useRef(false);
  const gone = useRef(false);
  const [seconds, setSeconds] = useState(/** @type {number|null} */ (null));
  const [denied, setDenied] = useState(false);
  const key = `${draft} ${item.ref}`;
  // Who leaves the page keeps what was said so far.
  useEffect(() => () => {
    gone.current = true;
    own.current?.end();
  }, []);

  // Told to the app while it runs: whoever finishes the form meanwhile ends it, and means what it heard.
  const keep = (/** @type {Blob|Recording} */ file) =>
    run(async () => {
      try {
        await app.addPhoto(draft, item.ref, file);
      } catch (error) {
        if ("end" in file) file.end();
        await Promise.resolve(file).then((blob) => unkept.set(key, blob), () => {});
        if (gone.current && unkept.has(key)) announce(t("unkept"));
        throw error;
      }
      unkept.delete(key);
      onStored?.();
    });

  async function start() {
    // A second tap, while the phone still asks for the microphone, would start a recorder that nothing ends.
    if (begun.current) return;
    begun.current = true;
    const over = () => {
      begun.current = false;
      setSeconds(null);
    };
    /** @type {MediaStream|undefined} */
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      if (gone.current) return release(stream);
      own.current = record(stream, (Number(item.parameters["max-mb"]) || MOST_MEGABYTES) * 1e6, setSeconds);
    } catch {
      release(stream);
      over();
      return setDenied(true);
    }
    setSeconds(0);
    own.current.then(over, over);
    await keep(own.current);
  }

  const able = !denied && typeof MediaRecorder === "function" && !!navigator.mediaDevices;
  const left = unkept.get(key);
  return html`
    ${able && (seconds === null
      ? html`<div class="pair"><button disabled=${busy} onClick=${start}>${t("start")}</button></div>`
      : html`<p role="timer">${t("running", { time: clock(seconds) })}</p>
        <div class="pair"><button class="primary" onClick=${() => own.current?.end()}>${t("stop")}</button></div>`)}
    ${denied && html`<p class="soft" role="status">${t("denied")}</p>`}
    <${Trouble} problem=${problem || (left ? { code: "", text: t("unkept") } : null)}>
      ${left && html`${problem && html`<p>${t("unkept")}</p>`}<div class="pair"><button disabled=${busy} onClick=${() => keep(left)}>${t("again")}</button></div>`}
    <//>
    ${seconds === null && html`<${Files} ...${props} within=${able} />`}
  `;
}
