/** 登记新户: a family that no list has is registered where it was found. Comes with the form that begins a household. */

import { overlayAll } from "../core/rebase.js";
import { html, useData } from "../ui/hooks.js";
import { Icon, Notice, Trouble } from "../ui/parts.js";
import { go } from "../ui/route.js";
import { useBegin } from "../ui/screens/forms.js";
import { moment, t, wordsOf } from "../ui/words.js";

/** The words of this part, which travel with it. */
export const words = {
  zh: { begin: "登记新户", draft: "新户 · 草稿", kept: "{name} · 已登记。村选错了，请撤回后重新登记" },
  en: { begin: "Register a household", draft: "New household · draft", kept: "{name} · registered. If this is wrong, withdraw it and register again" },
};
const own = wordsOf(words);

/** The way to begin one, beside the search: also where that found nothing. */
export function Widget() {
  const { data } = useData((app) => app.beginnings(), []);
  const { busy, problem, begin } = useBegin("");
  const { forms = [] } = data || {};
  return html`${forms.map(({ form, title }) =>
      html`<button key=${form} class="plain" disabled=${busy} onClick=${() => begin(form)}>
        <${Icon} name="pen" />${forms.length > 1 ? title : own("begin")}
      </button>`)}
    <${Trouble} problem=${problem} />`;
}

/** What was begun and not finished: no household's record has it. */
export function Begun() {
  const { data } = useData((app) => app.beginnings(), []);
  return html`${(data?.drafts || []).map(({ id, at }) =>
    html`<${Notice} key=${id} tone="waiting" icon="save" title=${`${own("draft")} ${moment(at)}`}>
      <button onClick=${() => go(`/f/${id}`)}>${t("continue")}</button>
    <//>`)}`;
}

/**
 * What a form that begins a household looks into: the villages it may lie in, and who else is on this phone already.
 * @param {import("../core/types.js").Database} db
 * @param {string} begun the household itself, when it is put right
 * @returns {Promise<any[]>} as records
 */
export async function listsHere(db, begun) {
  /** @type {[import("../core/types.js").EntityRow[], import("../core/types.js").Entry[], any]} */
  const [rows, outbox, standing] = await Promise.all([db.all("entities"), db.all("outbox"), db.get("meta", "replica")]);
  const seen = [...new Set([...rows, ...outbox].map((each) => each.subject))].flatMap((subject) =>
    overlayAll(rows.filter((row) => row.subject === subject), outbox, subject).map(({ row }) => row));
  // A phone of before heard of no villages; the codes of its households will do.
  const villages = standing?.villages || [...new Set(seen.map((row) => row.properties.area_code))].filter(Boolean).map((code) => [code, code]);
  // In the register it stays where it lies: what says otherwise nobody can let through.
  const there = rows.find((row) => row.id === begun)?.properties.area_code;
  const offered = there ? [[there, own("kept", { name: villages.find((/** @type {string[]} */ [code]) => code === there)?.[1] || there })]] : villages;
  return [
    ...offered.map((/** @type {[string, string]} */ [id, label]) => ({ dataset: "villages", id, label, properties: {} })),
    ...seen.filter((row) => row.subject !== begun).map(({ id, subject, properties: { area_code, head_name, id_no } }) => ({
      dataset: "register", id, label: seen.find((row) => row.id === subject)?.label || "", properties: { id_no, who: id === subject ? `${area_code} ${head_name}` : null },
    })),
  ];
}
