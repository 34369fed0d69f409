/**
 * What the phone itself has to say when something does not work: what happened, what is safe, what to do. Problems of
 * the server bring their own words, and those that a screen explains at length (a full phone, a draft that is gone) have
 * theirs in the locales.
 */

import { say } from "./views.js";

/** @typedef {import("./types.js").Language} Language */

/** @type {Record<string, {zh: string, en: string}>} */
const TEXTS = {
  "no-network": { zh: "没有网络。内容已存在手机，有信号时自动上传。", en: "No network. Everything is kept on the phone and goes when there is signal." },
  timeout: { zh: "网络太慢，没有等到回答。内容已存在手机，稍后自动再试。", en: "The network is too slow to answer. Everything is kept; it tries again by itself." },
  portal: { zh: "这个网络要先登录才能上网。内容已存在手机。", en: "This network wants you to sign in to it first. Everything is kept on the phone." },
  "token-expired": { zh: "登录已失效，请重新登录。未上传的内容都在手机里。", en: "Please sign in again. What is not sent yet is safe on the phone." },
  upgrade: { zh: "应用需要更新才能接收新内容。已填写的照常上传。", en: "Update the app to receive news. What you filled in is sent all the same." },
  "photo-unreadable": { zh: "照片没有存好，请重拍。其他内容都已保存。", en: "The photo was not stored properly, please take it again. Everything else is saved." },
  "photo-empty": { zh: "没有拿到照片，请重拍或重选。", en: "No photo came back, please take or choose it again." },
  "form-missing": { zh: "这份表还没有下载到手机，请在有信号的地方同步一次。", en: "This form is not on the phone yet. Sync once where there is signal." },
  "form-unfinished": { zh: "还有没填完的地方，请先补齐。", en: "Something is still missing. Please complete it first." },
  "visit-not-here": { zh: "手机上没有这次走访的内容，请先同步。", en: "This visit is not on the phone. Sync first." },
  "record-gone": { zh: "手机上没有这条记录。", en: "This record is not on the phone." },
  "record-leaving": { zh: "这户已交接给别人，不能再更正。", en: "This household was handed over; it can no longer be corrected here." },
  "nothing-changed": { zh: "内容没有变化。", en: "Nothing was changed." },
  "moved-on": { zh: "这里的内容在另一个窗口动过了。请返回，再打开一次。", en: "This was changed in another window. Go back and open it again." },
  unknown: { zh: "出了意外。已保存的内容还在，请再试一次。", en: "Something went wrong. What was saved is still here; please try again." },
};

/**
 * Anything thrown, as what a screen can show.
 * @param {any} error
 * @param {Language} language
 * @returns {{ code: string, text: string, violations?: any[] }}
 */
export function problem(error, language) {
  const code = error?.name === "QuotaExceededError" ? "storage-full" : error?.code || "unknown";
  const server = error?.problem;
  const words = TEXTS[code] || (server?.title ? null : TEXTS.unknown);
  const text = words ? say(words, language) : [server.title, server.remedy].map((part) => say(part, language)).join(" ").trim();
  return { ...(error?.violations ? { violations: error.violations } : {}), code: String(code), text };
}
