/** 文件、录音、录像: any file, kept as it is, byte for byte, like a photo; how large it is is said before it is sent. */

import { part } from "../ui/demand.js";
import { html, useState, useWorld } from "../ui/hooks.js";
import { Icon, Trouble, announce, useTask } from "../ui/parts.js";
import { size, t as common, wordsOf } from "../ui/words.js";

/** @typedef {import("../ui/widgets/answer.js").Props} Props */

/** The words of this control, which travel with it. */
export const words = {
  zh: {
    file: "选文件",
    audio: "录音",
    video: "录像",
    pick: "从手机里选",
    another: "换一个",
    kept: "已存在手机，{size}",
    removed: "文件已删除。",
    large: "这个文件有 {size}，最多 {most}。请压缩、剪短，或分成几个。",
    empty: "这个文件是空的，请换一个。",
  },
  en: {
    file: "Choose a file",
    audio: "Record sound",
    video: "Record a film",
    pick: "From this phone",
    another: "Another one",
    kept: "Kept on this phone, {size}",
    removed: "File removed.",
    large: "This file has {size}; the most is {most}. Make it smaller or shorter, or use several.",
    empty: "This file is empty, please take another.",
  },
};
const t = wordsOf(words);

/** What a slow line can carry in an evening; a form may say otherwise. */
const MOST_MEGABYTES = 20;

/** Sound is recorded in the page where the part for that is here too. @param {Props} props */
export const Widget = (props) => html`<${(props.item.type === "audio" && part("recorder")?.Widget) || Files} ...${props} />`;

/** `within`: the page itself records already. @param {Props & { within?: boolean }} props */
export function Files({ item, draft, onChange, onStored, within }) {
  const { app } = useWorld();
  const { busy, problem, run } = useTask();
  const [refused, setRefused] = useState("");
  const { type, value, parameters } = item;
  const most = (Number(parameters["max-mb"]) || MOST_MEGABYTES) * 1e6;
  const take = (/** @type {any} */ event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    if (!file.size || file.size > most)
      return setRefused(file.size ? t("large", { size: size(file.size), most: size(most) }) : t("empty"));
    setRefused("");
    run(async () => {
      await app.addPhoto(draft || "", item.ref, file);
      onStored?.();
    });
  };
  const remove = () => {
    onChange(null);
    announce(t("removed"), () => onChange(value));
  };
  const recorded = type === "audio" || type === "video";
  const microphone = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d="M12 14a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3ZM6 11a6 6 0 0 0 12 0M12 17v4" />
  </svg>`;
  const source = (/** @type {boolean} */ capture) => html`<label class=${`button ${busy ? "busy" : ""}`}>
    ${capture && type === "audio" ? microphone : html`<${Icon} name=${capture ? "camera" : "save"} />`}
    ${capture ? t(type) : value ? t("another") : t(recorded ? "pick" : "file")}
    <input
      class="unseen" type="file" accept=${recorded ? `${type}/*` : parameters.accept || null} disabled=${busy}
      onChange=${take} ...${capture ? { capture: "environment" } : {}}
    />
  </label>`;
  return html`<div class="photo">
    ${value && html`<p class="fixed"><${Icon} name="check" />${t("kept", { size: size(value.bytes) })}</p>`}
    ${busy && html`<p role="status"><i class="spinner" />${common("loading")}</p>`}
    ${refused && html`<p class="error" role="alert"><${Icon} name="alert" />${refused}</p>`}
    <${Trouble} problem=${problem} />
    <div class="pair">
      ${recorded && !within && source(true)}${source(false)}
      ${value && html`<button onClick=${remove}>${common("remove")}</button>`}
    </div>
  </div>`;
}
