/** How safe the records on this phone are: storage, whether the browser may clear it, Wi-Fi only, and a copy as a file. */

import { html, useWorld } from "../hooks.js";
import { Icon } from "../icons.js";
import { Trouble, announce, useTask } from "../parts.js";
import { size, t } from "../words.js";

/** Hand a file to the reader, through the phone's own sharing where there is one. @param {Blob} blob @param {string} name */
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
      await handOver(await app.exportRescue(), `fieldsvc-${new Date().toISOString().slice(0, 10)}.json`);
      announce(t("backup.made"));
    });
  return html`<${Trouble} problem=${problem} /><button disabled=${busy} onClick=${save}><${Icon} name="save" />${t("backup")}</button>`;
}

/** The storage part of 上传 and 我的. */
export function Safety() {
  const { app, state } = useWorld();
  const { persisted, usage, quota } = state.storage;
  const { run } = useTask();
  return html`<section class="safety">
    <h2>${t("safety")}</h2>
    <button class="switch" role="switch" aria-checked=${state.settings.wifiOnly} onClick=${() => app.set("wifiOnly", !state.settings.wifiOnly)}>
      <span>${t("wifiOnly")}<small>${t("wifiOnly.why")}</small></span><i />
    </button>
    <p class="meter"><span>${t("storage", { used: size(usage), free: size(Math.max(0, quota - usage)) })}</span><progress max=${quota || 1} value=${usage} aria-label=${t("storage.label")} /></p>
    ${persisted
      ? html`<p class="soft"><${Icon} name="check" />${t("persisted")}</p>`
      : html`<p class="waiting"><${Icon} name="alert" />${t("notPersisted")}</p><button onClick=${() => run(() => app.requestPersistence())}>${t("persist")}</button>`}
    <${Backup} />
  </section>`;
}
