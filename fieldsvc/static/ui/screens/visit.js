/**
 * 表单: one group of questions per page, every change kept on the phone at once, and the check before 完成. The draft is
 * opened once and lives as long as this screen: transfers in the background must never reload what is being typed.
 */

import { html, failure, useEffect, useRef, useState, useWorld } from "../hooks.js";
import { Heading, Icon, Loading, Trouble, announce, hush, useTask } from "../parts.js";
import { cameFrom, go, leave, stepTo } from "../route.js";
import { clock, t } from "../words.js";
import { leavesOf } from "../widgets/question.js";
import { Check, FormPage, pathOf } from "./form_page.js";

/** @typedef {import("../../core/types.js").OpenDraft} OpenDraft */
/** @typedef {import("../hooks.js").Failure} Failure */
/** @typedef {{ title: string, ref: string, index: number }} PageHead */

/** The draft of this id, once. @param {string} id */
function useDraft(id) {
  const { app } = useWorld();
  const [opened, setOpened] = useState(/** @type {OpenDraft|null} */ (null));
  const [problem, setProblem] = useState(/** @type {Failure|null} */ (null));
  useEffect(() => {
    hush();
    (async () => app.openDraft(id))().then(setOpened, (error) => setProblem(failure(error)));
    return () => {
      if (app.closeDraft) app.closeDraft(id);
    };
  }, [id]);
  return { opened, problem };
}

/** @param {{ id: string, page: string, at: string }} props */
export function Visit({ id, page, at }) {
  const { opened, problem } = useDraft(id);
  if (!opened)
    return html`<main>
      ${problem
        ? html`<${Heading} parent="/" to="tab.visits" title=${t("form")} /><${Trouble} problem=${problem} />`
        : html`<${Loading} />`}
    </main>`;
  return html`<${Filling} opened=${opened} page=${page} at=${at} />`;
}

/** @param {{ opened: OpenDraft, page: string, at: string }} props `at` the question to stand on */
function Filling({ opened, page, at: target }) {
  const { app, state } = useWorld();
  const { id, form, subject, begins } = opened;
  form.setLanguage?.(state.settings.language);
  const [savedAt, setSavedAt] = useState(opened.savedAt);
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState(/** @type {Failure|null} */ (null));
  const [, redraw] = useState(0);
  const saves = useRef(0);
  const { busy, problem: finishing, run } = useTask();

  /** @type {PageHead[]} */
  const pages = form.pages();
  const wanted = page === "" ? opened.page || 0 : Number(page);
  const checking = page === "check";
  // An answer may take the page away that the address names; the nearest one before it is where the reader was.
  const at = Math.max(
    0,
    pages.reduce((found, one, position) => (one.index <= wanted ? position : found), 0),
  );
  const current = pages[at];

  // Whoever came from the check to mend one answer goes straight back to it.
  const fromCheck = cameFrom() === `/f/${id}/check`;

  const changed = () => {
    const mine = ++saves.current;
    redraw(mine);
    setSaving(true);
    (async () => app.saveDraft(id, current.index))().then(
      (when) => {
        // Only the newest save may say "kept": an older one does not hold the last keystroke.
        if (mine !== saves.current) return;
        setSavedAt(when);
        setProblem(null);
        setSaving(false);
      },
      (error) => setProblem(failure(error)),
    );
  };
  const finish = () =>
    run(async () => {
      await app.finish(id);
      leave(`/h/${subject}`);
      announce(t("finished"));
    });
  const forward = () => {
    for (const item of leavesOf(form.page(current.index))) form.touch(item.ref);
    if (fromCheck) return go(`/f/${id}/check`);
    if (at + 1 < pages.length) return go(`/f/${id}/${pages[at + 1].index}`);
    // A visit of one page with nothing amiss needs no second look: "nothing changed" stays one screen.
    if (pages.length > 1 || form.violations().length) return go(`/f/${id}/check`);
    return finish();
  };
  const box = useRef(/** @type {HTMLElement|null} */ (null));
  useEffect(() => {
    const question = target && box.current?.querySelector(`[data-ref="${CSS.escape(target)}"]`);
    if (question) question.scrollIntoView({ block: "center" });
    else box.current?.scrollTo(0, 0);
  }, [page, target]);

  const last = at + 1 === pages.length;
  const ahead = last && pages.length === 1 ? "finish" : last || fromCheck ? "toCheck" : "next";
  const before = pages[checking ? pages.length - 1 : at - 1];
  return html`<div class="form">
    <header class="form-head">
      <button class="plain" onClick=${() => leave(begins ? "/" : `/h/${subject}`)}><${Icon} name="close" />${t("leave")}</button>
      <span class="whose">
        <span>${opened.subjectName}</span>${!checking && pages.length > 1 && html`<b>${at + 1}/${pages.length}</b>`}
      </span>
      <span class="saved" role="status" aria-busy=${saving}>
        ${problem ? t("notSaved") : html`<${Icon} name="check" />${t("saved", { when: clock(savedAt) })}`}
      </span>
      <progress max=${pages.length} value=${checking ? pages.length : at + 1} aria-label=${t("progress")} />
    </header>
    <main class="form-body" ref=${box}>
      <${Trouble} problem=${problem}><div class="pair"><button onClick=${changed}>${t("tryAgain")}</button></div><//>
      <${Trouble} problem=${finishing} />
      ${checking
        ? html`<${Check} opened=${opened} />`
        : html`<${FormPage} key=${current.ref} opened=${opened} page=${current} onChange=${changed} />`}
    </main>
    <footer class="form-foot">
      ${before && html`<button onClick=${() => stepTo(`/f/${id}/${before.index}`)}>${t("previous")}</button>`}
      ${checking
        ? html`<${FinishButton} opened=${opened} busy=${busy} onFinish=${finish} />`
        : html`<button class="primary" disabled=${busy} onClick=${forward}>${t(ahead)}</button>`}
    </footer>
  </div>`;
}

/**
 * 完成, or the way to the first thing that still keeps the visit from being finished.
 * @param {{ opened: OpenDraft, busy: boolean, onFinish: () => void }} props
 */
function FinishButton({ opened, busy, onFinish }) {
  const open = opened.form.violations().filter((/** @type {any} */ one) => one.level === "hard" || one.needsReason);
  if (!open.length) return html`<button class="primary" disabled=${busy} onClick=${onFinish}>${t("finish")}</button>`;
  const toFirst = () => go(pathOf(opened.id, open[0]));
  return html`<button class="primary" onClick=${toFirst}>${t("toMissing", { n: open.length })}</button>`;
}
