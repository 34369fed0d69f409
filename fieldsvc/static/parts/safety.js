/**
 * 本机资料: how safe the records on this phone are, and a copy for bad days. Every phone keeps it; it stands below the
 * outbox, which never waits for it.
 */

import { html, useWorld } from "../ui/hooks.js";
import { Icon, Trouble, announce, useTask } from "../ui/parts.js";
import { size, wordsOf } from "../ui/words.js";

/** The words of this part, which travel with it. */
export const words = {
  zh: {
    title: "本机资料",
    wifiOnly: "仅 Wi-Fi 传原图",
    "wifiOnly.why": "文字和小图照常上传",
    storage: "已用 {used}，还可用 {free}",
    "storage.label": "存储空间",
    persisted: "已持久保存，浏览器不会清理。",
    notPersisted: "未持久保存：手机空间不足时，浏览器可能清理。",
    persist: "设为持久保存",
    backup: "导出备份",
    "backup.made": "备份已导出。里面有农户信息，请妥善保管。",
  },
  en: {
    title: "Records on this phone",
    wifiOnly: "Full photos on Wi-Fi only",
    "wifiOnly.why": "Text and small pictures go as usual",
    storage: "{used} used, {free} free",
    "storage.label": "Storage",
    persisted: "Kept for good; the browser will not clear it.",
    notPersisted: "Not kept for good: a full phone may clear it.",
    persist: "Keep for good",
    backup: "Export a backup",
    "backup.made": "Backup exported. It holds household records: keep it safe.",
  },
};
const own = wordsOf(words);

/**
 * Hand a file to the reader, through the phone's own sharing where there is one.
 * @param {Blob} blob
 * @param {string} name
 */
async function handOver(blob, name) {
  const file = new File([blob], name, { type: blob.type || "application/octet-stream" });
  if (navigator.canShare && navigator.canShare({ files: [file] })) {
    await navigator.share({ files: [file] }).catch(() => undefined);
    return;
  }
  const address = URL.createObjectURL(file);
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

/** 导出备份. */
export function Backup() {
  const { app } = useWorld();
  const { busy, problem, run } = useTask();
  const save = () =>
    run(async () => {
      await handOver(await app.exportRescue(), `fieldsvc-${new Date().toISOString().slice(0, 10)}.rescue`);
      announce(own("backup.made"));
    });
  return html`
    <${Trouble} problem=${problem} />
    <button disabled=${busy} onClick=${save}><${Icon} name="save" />${own("backup")}</button>
  `;
}

/** How safe the records on this phone are. */
export function Widget() {
  const { app, state } = useWorld();
  const { persisted, usage, quota } = state.storage;
  const { wifiOnly } = state.settings;
  const { run } = useTask();
  return html`<section class="safety">
    <h2>${own("title")}</h2>
    <button class="switch" role="switch" aria-checked=${wifiOnly} onClick=${() => app.set("wifiOnly", !wifiOnly)}>
      <span>${own("wifiOnly")}<small>${own("wifiOnly.why")}</small></span><i />
    </button>
    <p class="meter">
      <span>${own("storage", { used: size(usage), free: size(Math.max(0, quota - usage)) })}</span>
      <progress max=${quota || 1} value=${usage} aria-label=${own("storage.label")} />
    </p>
    ${persisted
      ? html`<p class="soft"><${Icon} name="check" />${own("persisted")}</p>`
      : html`<p class="waiting"><${Icon} name="alert" />${own("notPersisted")}</p>
          <button onClick=${() => run(() => app.requestPersistence())}>${own("persist")}</button>`}
    <${Backup} />
  </section>`;
}
