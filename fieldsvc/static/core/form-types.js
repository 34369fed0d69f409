// The shapes of the form engine, as types only: a compiled definition going in, and what a screen draws coming out.
// Nothing here runs. `docs/forms.md` says how a definition is written; `fieldsvc/xlsform/compile.py` makes it.

/**
 * An expression as a syntax tree: `["n","1.5"]`, `["s","text"]`, `["p",start,steps]`, `["f",name,...args]`,
 * `["neg",a]`, or `[operator,a,b]`. A path starts at `"/"`, at `"."` or at another expression; a step is
 * `[axis,name,...predicates]` with axis `"c"` (child), `".."` or `"."`.
 * @typedef {any[]} Ast
 */
/** @typedef {string | (string | {$: Ast})[]} Text plain, or pieces with values in between */
/** @typedef {Record<string, Text>} Texts one text per language */
/** @typedef {{test: Ast, message: Texts, reason: boolean}} SoftRule a doubt: `test` false warns */

/**
 * One node of a form. `ref` is its path without positions; `kind` is what the engine does with it, `type` what it holds.
 * @typedef {{name: string, ref: string, kind: 'question'|'group'|'repeat'|'calculate'|'note', type?: string,
 *   label?: Texts, hint?: Texts, guidance?: Texts, appearance?: string, part?: string, image?: string, parameters?: Record<string, string>,
 *   relevant?: Ast, required?: Ast, constraint?: Ast, calculate?: Ast, readonly?: Ast, count?: Ast,
 *   messages?: {constraint?: Texts, required?: Texts}, soft?: SoftRule[], default?: string | Ast,
 *   choices?: string, filter?: Ast, seed?: Ast, itemset?: {nodes: Ast, value: string, label: string},
 *   prefill?: {property: string}, preload?: string, triggers?: {target: string, value: Ast}[],
 *   children?: NodeDefinition[]}} NodeDefinition
 */
/** @typedef {{value: string, label: Texts} & Record<string, any>} Choice further columns serve as filters */
/**
 * What one container writes: the root, a group or each item of a repeat, named by `path`.
 * @typedef {{dataset: string, path: string, id?: Ast, create?: Ast|boolean, update?: Ast|boolean, label?: Ast,
 *   saves: Record<string, string>}} EntityDeclaration
 */
/**
 * @typedef {{form: string, version: number|string, title: Record<string, string>, languages: string[],
 *   default_language: string, subject_dataset?: string, theme?: Record<string, string>, visit?: boolean, root: string, nodes: NodeDefinition[],
 *   choices: Record<string, Choice[]>, instances?: Record<string, Record<string, string>[]>, reads?: Record<string, string[]>,
 *   entities?: EntityDeclaration[], uses?: string[]}} Definition
 * `uses` names the parts on demand (`parts/…`) to bring before the form is opened
 */

/**
 * When, where and by whom a form is filled, so that it computes the same on the server. `now` is UTC milliseconds,
 * `utcOffset` minutes east; `seed` feeds random(), uuid() and randomize().
 * @typedef {{now: number, utcOffset: number, seed: number|string, preloads?: Record<string, string>}} FormContext
 */
/** @typedef {{id: string, label?: string, properties: Record<string, string|null>}} FormEntity */
/** @typedef {FormEntity & {dataset: string}} FormRecord */
/**
 * A form as it was left: all values, also those now irrelevant.
 * @typedef {{answers: any, reasons: Record<string, string>, touched: string[]}} Draft
 */
/**
 * `answers` starts from a submission (an amendment), `draft` from a draft. `previous` are the answers of the last
 * visit; `entity` is the subject and `records` all that is held of it, itself included. `newId` makes ids of repeat items.
 * `record` is the one of them that a fresh form is about.
 * @typedef {{answers?: any, draft?: Draft|null, context: FormContext, entity?: FormEntity|null, records?: FormRecord[],
 *   record?: string, previous?: any, language?: string, newId: () => string}} FormOptions
 */
/** @typedef {{sha256: string, bytes: number, type: string}} AttachmentValue */
/** @typedef {string | null | undefined | AttachmentValue} Value absent, blanked, a text, or a photo */

/** @typedef {{message: string, reasonRequired: boolean, reason: string}} Warning */
/**
 * One thing to draw. `ref` carries positions ("/data/needs[1]/text", from 1). A repeat has one child of kind `item`
 * per entry; `previous` is what the last visit said where it differs; `target` the property of the subject that the
 * parameter of that name asks for; `error` shows once the item was touched.
 * @typedef {{ref: string, name: string, kind: 'question'|'note'|'group'|'repeat'|'item', type: string, label: string,
 *   hint: string, guidance: string, value: Value, required: boolean, readonly: boolean, appearance: string, part?: string, image?: string,
 *   choices?: {value: string, label: string}[], error: string|null, warnings: Warning[], prefilled: boolean,
 *   previous?: string, target?: string, children?: Item[], canAdd?: boolean, canRemove?: boolean,
 *   parameters: Record<string, string>}} Item
 */
/** @typedef {{ref: string, title: string, index: number}} Page */
/**
 * Something missing or doubtful. Hard ones keep a form from being finished; a soft one that `needsReason` is settled
 * by a reason.
 * @typedef {{ref: string, page: number, level: 'hard'|'soft', kind: 'required'|'type'|'choice'|'constraint'|'soft',
 *   message: string, needsReason: boolean}} Violation
 */
/**
 * What a declaration of the form would write to one entity. `path` is the concrete container ("/data/members[2]");
 * `item` is the `_id` of the innermost repeat item around it, stable while positions move. `id` is null for a new
 * entity outside any repeat: whoever keeps the draft gives it one.
 * @typedef {{dataset: string, path: string, item: string|null, id: string|null, create: boolean, label: string|null,
 *   changes: Record<string, string|null>}} EntityChange
 */

/**
 * An open form. Refs in and out carry positions. Every answer is kept, but `answers()` leaves out what is irrelevant.
 * @typedef {{
 *   pages: () => Page[],
 *   page: (index: number) => Item[],
 *   set: (ref: string, value: Value) => void,
 *   touch: (ref: string) => void,
 *   addRepeat: (ref: string) => string,
 *   removeRepeat: (ref: string) => void,
 *   setReason: (ref: string, text: string) => void,
 *   setLanguage: (language: string) => void,
 *   confirm: (at: number|string) => void,
 *   violations: () => Violation[],
 *   answers: () => any,
 *   reasons: () => Record<string, string>,
 *   draft: () => Draft,
 *   changes: () => EntityChange[],
 *   seen: () => string[],
 * }} Form `confirm` takes back what last time said for a page or the group of a ref; `seen`: the datasets whose records it has looked into
 */

export {};
