/**
 * What the phone itself has to say when something does not work: what happened, what is safe, what to do. Problems of
 * the server bring their own words, and those that a screen explains at length (a full phone, a draft that is gone) have
 * theirs in the locales.
 */

import { say } from "./views.js";

/** @typedef {import("./types.js").Language} Language */

/** @type {Record<string, string>} */
const CHINESE = {
  "no-network": "没有网络。内容已存在手机，有信号时自动上传。",
  timeout: "网络太慢，没有等到回答。内容已存在手机，稍后自动再试。",
  portal: "这个网络要先登录才能上网。内容已存在手机。",
  "token-expired": "登录已失效，请重新登录。未上传的内容都在手机里。",
  upgrade: "应用需要更新才能接收新内容。已填写的照常上传。",
  "photo-unreadable": "照片没有存好，请重拍。其他内容都已保存。",
  "photo-empty": "没有拿到照片，请重拍或重选。",
  "form-missing": "手机上没有这份表，请先同步。",
  "form-unfinished": "还有没填完的地方，请先补齐。",
  "record-gone": "手机上没有这条记录。",
  "record-leaving": "这户已交接给别人，不能再更正。",
  "nothing-changed": "内容没有变化。",
  "moved-on": "另一个窗口动过这里，请返回重新打开。",
  unknown: "出了意外。已保存的内容还在，请再试一次。",
};
let english = CHINESE;

/** Learn English where somebody wants it; the others shall not pay for its bytes. @param {Language} language */
export async function learn(language) {
  if (language === "en") english = { ...CHINESE, ...(await import("./problems-en.js")).ENGLISH };
}

/**
 * What to call anything thrown. A browser's own codes are numbers, of which a full phone's alone says something to us.
 * @param {any} error
 * @returns {string}
 */
export const codeOf = (error) =>
  error?.name === "QuotaExceededError" ? "storage-full" : typeof error?.code === "string" ? error.code : "unknown";

/**
 * Anything thrown, as what a screen can show.
 * @param {any} error
 * @param {Language} language
 * @returns {{ code: string, text: string, violations?: any[] }}
 */
export function problem(error, language) {
  const code = codeOf(error);
  const server = error?.problem;
  const texts = language === "en" ? english : CHINESE;
  const text = texts[code] || (!server?.title && texts.unknown) || [server.title, server.remedy].map((part) => say(part, language)).join(" ").trim();
  return { ...(error?.violations ? { violations: error.violations } : {}), code, text };
}
