// The shapes shared by the whole phone app, as types only: nothing here runs, and the file is left out of the pack.
// First what the server sends and what the phone keeps, then what the screens see (`App` and `State`).

/** @typedef {{ zh?: string, en?: string }} Text a label in the languages its author wrote */
/** @typedef {'zh'|'en'} Language */

// ── what travels ──────────────────────────────────────────────────────────────────────────────────────────────────

/** @typedef {{ code: string, title?: Text, remedy?: Text, detail?: string, status?: number }} Problem */
/** @typedef {{ entity: string, dataset: string, status: string, version: number|null, conflict?: string }} Effect */
/**
 * The server's answer about one operation. A repeat brings the current verdict.
 * @typedef {{ id: string, status: 'applied'|'merged'|'conflict'|'held'|'review'|'refused', duplicate?: boolean,
 *   sha256?: string, received_at?: number, position?: number, problem?: Problem, effects?: Effect[] }} Receipt
 */
/**
 * How one operation touches one entity. The server derives the changes of a submission from its answers; the phone
 * keeps its own reading of them in `changes`, to show them before the server has spoken; `was` is what the server
 * had said where something else is stated.
 * @typedef {{ dataset: string, entity: string, subject: string, create?: boolean, base_version: number,
 *   trunk_version: number, branch_id: string, seen_version: number, seen_base: number, unseen?: string[], path?: string,
 *   label?: string|null, was?: Record<string, string|null>,
 *   changes: Record<string, string|null> }} Touch
 */
/** @typedef {{ kind: string } & Record<string, any>} Change */
/** @typedef {{ id: number, kind: string, at: number, subject?: string } & Record<string, any>} Notice */
/**
 * @typedef {{ epoch: string, server_time: number, receipts?: Receipt[], pull?: 'ok'|'reset'|'upgrade',
 *   changes?: Change[], scope?: { add?: {subject: string, role: string}[], remove?: string[] }, notices?: Notice[],
 *   cursor?: string|null, more?: boolean, roles?: string[], villages?: [string, string][], feed?: Feed }} Page
 */

// ── what the phone keeps, one type per store ──────────────────────────────────────────────────────────────────────

/**
 * @typedef {{ id: string, dataset: string, subject: string, version: number, properties: Record<string, string|null>,
 *   label: string, at: number, by: string, origin?: Record<string, [string, number]>, deleted?: boolean, merged_into?: string|null,
 *   conflicts?: string[] }} EntityRow
 */
/**
 * @typedef {{ id: string, form: string, version: string, subject: string, author: string, author_id: string,
 *   started_at: number, received_at: number, state: string, replaces?: string|null, replaced_by?: string|null,
 *   photos?: {ref: string, sha256: string, thumb?: boolean, position?: string}[] }} SubmissionRow
 */
/** @typedef {{ id: string, role: string, leaving?: boolean, gen?: number }} SubjectRow one subject this phone may hold */
/**
 * One operation on its way, or receipted and kept. `body` is the frozen JSON text: made before the first byte leaves
 * and never again, because the server refuses the same id with other bytes.
 * @typedef {{ id: string, seq: number, kind: 'submission'|'edit'|'withdrawal'|'feedback'|'view', author: string, subject: string,
 *   form?: string, version?: string, entity?: string, submission?: string, replaces?: string,
 *   body: string, sha256: string, created_at: number, state: 'waiting'|'sending'|'settled'|'refused',
 *   touches: Touch[], photos: {ref: string, sha256: string, position?: string}[], receipt?: Receipt, settled_at?: number }} Entry
 */
/**
 * A photo and how far it got. `owners` are the drafts and operations that name it: the same picture may serve twice.
 * `sent`, `location` and `unsure` belong to the resumable upload.
 * @typedef {{ sha256: string, bytes: number, type: string, thumb: {sha256: string, bytes: number}|null, owners: string[],
 *   made_at: number, thumb_sent: boolean, sent: number, location: string|null,
 *   done: boolean, unsure?: boolean, done_at?: number, problem?: string }} PhotoRow
 */
/** @typedef {{ id: string, form: string, version: string, title: Text, subject_dataset: string, digest: string,
 *   definition: any|null }} FormRow */
/** @typedef {{ id: string, name: string, version: number, digest: string, definition: any|null }} DatasetRow */
/**
 * A filling-in of a form, pinned to its version. `content` is `form.draft()`; the bases are those of the moment it
 * was opened, so that the server can tell what the cadre had in front of her; one that `amends` is what the visit made
 * that is sent again.
 * `stamp` counts its writes; `record` is the record of the subject that it was opened from.
 * @typedef {{ id: string, stamp?: number, form: string, version: string, subject: string, started_at: number, saved_at: number,
 *   content: any|null, answers: any|null, context: FormContext, replaces?: string, record?: string,
 *   ids: Record<string, string>, bases: Record<string, import("./rebase.js").Base & { amends?: true }>, page?: number,
 *   comment?: string, comments?: Record<string, string> }} DraftRow
 */
/** @typedef {Record<string, any[][]>} RowsShown by dataset: `[id, version]`, or with own changes `[id, version, changes]` */
/** @typedef {{ now: number, utc_offset: number, seed: number, preloads: Record<string, string>,
 *   language?: Language, rows?: RowsShown, fixes?: Record<string, Fix> }} FormContext */
/** @typedef {{ id: string, name: string, unit: string, roles: any[], token: string|null, feed: Feed,
 *   earlier?: EarlierPhone[] }} PersonRow */
/** @typedef {{ id: string, name: string, rescue_key?: string, told?: string, pin?: boolean, pin_required?: boolean }} Feed the county, as the server told it */
/** @typedef {{ name: string, at: number, operations: number, photos: number }} EarlierPhone another phone of this person, last seen with something unsent */

// ── what the core asks of the world ───────────────────────────────────────────────────────────────────────────────

/** @typedef {{ store: string, put?: any, delete?: any }} Write */
/**
 * A database: reads, and one all-or-nothing list of writes. `expect` makes the writes conditional: they happen only
 * while that row still carries that `stamp` (a frozen tab that wakes up must not write an old page over a newer one;
 * the promise then fails with code `moved-on`). `durable` waits until the bytes are on the disk.
 * @typedef {{
 *   get: (store: string, key: any) => Promise<any>,
 *   all: (store: string, index?: string, key?: any) => Promise<any[]>,
 *   write: (writes: Write[], options?: {durable?: boolean, expect?: {store: string, key: any, stamp: number|undefined}}) => Promise<void>,
 *   close: () => void }} Database
 */
/**
 * @typedef {{ status: number, body: any, header: (name: string) => string|null }} Answer
 * @typedef {{ json?: any, bytes?: Uint8Array, parts?: {name: string, bytes: Uint8Array, type: string}[], token?: string|null,
 *   headers?: Record<string, string>, as?: 'json'|'blob', each?: (line: any) => void }} Ask `each` is given every line of JSON as it comes
 * @typedef {(method: string, path: string, ask?: Ask) => Promise<Answer>} Http
 */

// ── what the screens see ──────────────────────────────────────────────────────────────────────────────────────────

/**
 * Everything the frame shows. A new object each time something changed; `revision` counts changes of stored data, so
 * a screen asks again for its rows when it moves. `month` is null until the households are all here for the first time.
 * @typedef {{
 *   phase: 'loading'|'insecure'|'wechat'|'signin'|'ready', online: boolean,
 *   person: {id: string, name: string, unit: string, earlier?: EarlierPhone[], pin?: boolean, must?: boolean}|null,
 *   counts: {onPhone: number, received: number, attention: number}, month: {done: number, total: number}|null,
 *   sync: {running: boolean, paused: boolean, phase: null|'operations'|'thumbnails'|'photos'|'pull', sent: number,
 *     total: number, bytesLeft: number, secondsLeft: number|null, lastAt: number|null,
 *     problem: null|{code: string, text: string}},
 *   storage: {persisted: boolean, usage: number, quota: number},
 *   settings: Settings, update: {ready: boolean}, alerts: {code: string, params?: Record<string, any>}[],
 *   release: string, device: string, revision: number }} State
 */
/** @typedef {{ language: Language, size: 'normal'|'elder', theme: 'auto'|'light'|'dark', wifiOnly: boolean,
 *   greeted: boolean }} Settings `greeted`: the cards of the first run were seen */

/**
 * One line of the households list. `search` is name, hamlet, pinyin initials and tail digits, in lower case.
 * @typedef {{ id: string, name: string, hamlet: string, people: string, type: string, phone: string,
 *   lastVisitAt: number|null, state: 'todo'|'done'|'attention'|'returned'|'practice', search: string, comment?: string,
 *   position?: string, unsent?: boolean }} HouseholdRow `unsent`: begun here, and not in the register
 */
/**
 * @typedef {{ name: string, label: string, value: string|null, display: string, type: string,
 *   choices?: {value: string, label: string}[], editable: boolean, by: string, at: number, pending: boolean,
 *   conflict: null|{mine: string, other: string, by: string, at: number, state: 'waiting'|'decided',
 *   reason: string}, masked?: boolean }} PropertyView
 */
/**
 * `kind` is what its dataset is called, `state` the stage or status it is in,
 * `steps` the process it goes through.
 * @typedef {{ id: string, dataset: string, kind: string, version: number, label: string, state: string,
 *   properties: PropertyView[], steps?: Process }} EntityView
 * @typedef {{ label: Text, stage: string, stages: {code: string, label: Text, date?: string, side?: boolean}[] }} Process
 *   the stages a record goes through; `stage` names the property that says where it is
 */
/**
 * A form that can be filled in about a subject now. `on` names the datasets of which it works on one record.
 * @typedef {{ form: string, version: string, title: string, theme: string, on: string[], last?: VisitView }} FormOffer
 */
/**
 * @typedef {{ id: string, form: string, title: string, at: number, author?: string, state: string, waiting: boolean,
 *   mine: boolean, photos: {ref: string, sha256: string, position?: string}[] }} VisitView `state`: waiting|passed|approved|returned|doubt|rejected,
 *   and withdrawn; `waiting` means it is still only on this phone, and one that the server has not listed
 *   has no `author`: it is the reader's own
 */
/**
 * @typedef {{ household: EntityView, members: EntityView[], others: EntityView[], visits: VisitView[],
 *   notices: DecisionView[], drafts: {id: string, form: string, title: string, at: number}[],
 *   forms: FormOffer[], leaving: boolean, role?: string }} RecordView `forms`: the visit first
 */
/**
 * A decided or waiting difference, or a visit sent back. For a return, `submission`, `comment` and `comments` are set.
 * @typedef {{ id: string, kind: 'conflict'|'return'|'answer', at: number, subject: string,
 *   subjectName: string, label: string, names?: string[], mine: string, other: string, by: string, state: 'waiting'|'decided'|'open',
 *   value: string, reason: string, entity?: string, submission?: string, comment?: string,
 *   comments?: Record<string, string>, labels?: Record<string, string> }} DecisionView
 */
/**
 * @typedef {{ id: string, kind: string, title: string, subject: string, subjectName: string, at: number,
 *   state: 'waiting'|'sending'|'received'|'attention'|'refused', receivedAt: number|null, problem?: string,
 *   photos: {sent: number, total: number, bytesLeft: number, percent: number} }} OutboxView
 */
/**
 * `form` is the engine's open form (`core/form.js`); it `begins` a household that is not here yet. After any change call `app.saveDraft(id)`.
 * @typedef {{ id: string, form: any, definition: any, subject: string, subjectName: string, title: string,
 *   savedAt: number, page: number, formUpdated: boolean, gone: boolean, begins: boolean, comment?: string, comments?: Record<string, string> }} OpenDraft
 */
/** @typedef {{ state: 'waiting'|'fixed'|'nosignal'|'denied'|'unavailable', value?: string, accuracy?: number,
 *   at?: number }} PositionUpdate `value` is "lat lon alt acc", WGS-84 */
/**
 * How a photo was taken. `source`: `camera` in the page, `system` the phone's own, or `gallery`. `position`: where, its
 * `point` "lat lon alt acc" in WGS-84, known `age` seconds before the shutter. A signature comes from the screen (`signature`)
 * or `paper`; `signed` is the digest of what stood in the form, and until it is known what makes a text of that.
 * @typedef {{ source?: string, taken_at?: number, clock_offset?: number, over?: string,
 *   position?: { point: string, age: number, source: string }, signed?: string|((answers: any) => string) }} Capture
 */
/** @typedef {Promise<Blob> & { end: () => void }} Recording what is still being recorded: it comes when it ends, and can be ended */
/** @typedef {{ age: number, source: string, taken_at?: number, clock_offset?: number }} Fix how a position was come by: known
 *   `age` seconds before it was taken as an answer */
/** @typedef {Capture & { sha256: string, bytes: number, type: string, thumb?: {sha256: string, bytes: number} }} Attachment */
/** @typedef {{ sha256: string, at: number, position?: string }} Earlier a photo of the same place from an earlier visit, and where it was taken */
/** @typedef {{ operations: number, photos: number, drafts: number }} Unsent */

/**
 * What the screens may ask of the app. Every promise that fails, fails with `{code, text}`, the text in the current
 * language and ready to show.
 * @typedef {{
 *   get: () => State,
 *   subscribe: (listener: (state: State) => void) => () => void,
 *   households: (own?: boolean) => Promise<HouseholdRow[]>,
 *   record: (id: string) => Promise<RecordView>,
 *   correct: (entityId: string, changes: Record<string, string|null>, reason?: string, fixes?: Record<string, Fix>, before?: Record<string, string|null>) => Promise<string>,
 *   startVisit: (subjectId: string, formId: string, recordId?: string) => Promise<string>,
 *   openDraft: (id: string) => Promise<OpenDraft>,
 *   saveDraft: (id: string, page?: number) => Promise<number>,
 *   closeDraft: (id: string) => Promise<void>,
 *   beginnings: () => Promise<{ forms: {form: string, title: string}[], drafts: {id: string, at: number}[] }>,
 *   drafts: () => Promise<{id: string, form: string, title: string, subject: string, subjectName: string, at: number}[]>,
 *   addPhoto: (id: string, ref: string, file: Blob|Recording, facts?: Capture) => Promise<Attachment>,
 *   earlierPhotos: (id: string, ref: string) => Promise<Earlier[]>,
 *   photoUrl: (sha256: string, size: 'thumb'|'screen'|'full') => Promise<string|null>,
 *   position: (listener: (update: PositionUpdate) => void, live?: boolean) => () => void,
 *   fix: (id: string, point: string, facts?: Fix) => Promise<Fix|undefined>,
 *   finish: (id: string) => Promise<string>,
 *   discardDraft: (id: string) => Promise<void>,
 *   amend: (submissionId: string) => Promise<string>,
 *   withdraw: (submissionId: string, reason: string) => Promise<string>,
 *   feedback: (text: string) => Promise<string>,
 *   shown: (entityId: string, property: string) => Promise<void>,
 *   outbox: () => Promise<OutboxView[]>,
 *   decisions: () => Promise<DecisionView[]>,
 *   syncNow: (options?: {anyLink?: boolean}) => Promise<void>,
 *   pause: () => void,
 *   requestPersistence: () => Promise<boolean>,
 *   exportRescue: () => Promise<Blob>,
 *   signIn: (credentials: {login: string, password: string}|{code: string}) => Promise<void>,
 *   signOut: (options?: {force?: boolean}) => Promise<{unsent: Unsent}|null>,
 *   set: <K extends keyof Settings>(setting: K, value: Settings[K]) => void,
 *   applyUpdate: () => Promise<boolean> }} App
 * `addPhoto` also sets the answer and saves the draft, so that a photo taken is a photo kept. `closeDraft` only leaves
 * the screen: the draft stays, and waiting updates may then be applied. `signOut` answers null when it happened.
 * `applyUpdate` answers false while a draft is open. `pause` stops after the current request; `syncNow` resumes,
 * and with `anyLink` sends full photos without Wi-Fi too.
 */
export {};
