/**
 * A phone that was known and arrives empty: its browser has thrown away what it kept, or its owner carries another one.
 * It says so before anybody believes that all was sent.
 */

import { html, useWorld } from "../ui/hooks.js";
import { Icon } from "../ui/parts.js";
import { moment, wordsOf } from "../ui/words.js";

/** The words of this screen, which travel with it. */
export const words = {
  zh: {
    empty: "这里没有您以前填的内容",
    "empty.phone": "{name} 最后一次联系是 {when}，当时还有 {operations} 份记录、{photos} 张照片没有上传。",
    "empty.same": "如果就是这部手机：浏览器清掉了存的资料，没上传的已经找不回来，请到户补填。",
    "empty.other": "如果是另一部手机：那些还在那部手机里，请在那部手机上打开上传。",
    "empty.read": "知道了",
  },
  en: {
    empty: "What you filled in before is not here",
    "empty.phone": "{name} was last here {when}, with {operations} records and {photos} photos not sent yet.",
    "empty.same": "If it is this phone: the browser has cleared what it kept. What was not sent is lost; please fill it in again.",
    "empty.other": "If it is another phone: they are still on that one. Please open it there and send.",
    "empty.read": "I see",
  },
};

const own = wordsOf(words);

/** @param {{ onRead: () => void }} props */
export function Screen({ onRead }) {
  const { state } = useWorld();
  return html`<main class="welcome">
    <div class="picture"><${Icon} name="alert" /></div>
    <h1>${own("empty")}</h1>
    ${(state.person?.earlier || []).map(({ name, at, operations, photos }) =>
      html`<p key=${at}>${own("empty.phone", { name, when: moment(at), operations, photos })}</p>`)}
    <p>${own("empty.same")}</p><p>${own("empty.other")}</p>
    <button class="primary" onClick=${onRead}>${own("empty.read")}</button>
  </main>`;
}
