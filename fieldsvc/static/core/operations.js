/**
 * The text of an operation, made once. What is built here is frozen by the caller in the same moment: the server keeps
 * these very bytes, compares them on a repeat, and refuses the same id with others.
 */

/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").Touch} Touch */
/** @typedef {Omit<Entry, "seq"|"state"|"sha256">} Operation */
/**
 * Who acts, on which phone, having seen the feed up to where.
 * @typedef {{ author: string, installId: string, cursor: string|null, now: number }} Hand
 */

/** @param {string} id @param {string} kind @param {Hand} hand */
const head = (id, kind, { author, installId, cursor, now }) => ({
  id, schema: 1, kind, author, install_id: installId, cursor, created_at: now,
});

/** @param {Pick<Touch, keyof import("./rebase.js").Base | "was">} touch */
const baseOf = ({ base_version, trunk_version, branch_id, seen_version, seen_base, unseen, was }) => ({
  base_version, trunk_version, branch_id, seen_version, seen_base, unseen, was,
});

/**
 * A finished form.
 * @param {Hand} hand
 * @param {import("./types.js").DraftRow} draft
 * @param {{ answers: any, reasons: Record<string, string>, touches: Touch[], photos: {ref: string, sha256: string}[] }} content
 * @returns {Operation}
 */
export function submission(hand, draft, { answers, reasons, touches, photos }) {
  const entities = touches.map(({ dataset, entity, create, path, ...touch }) => ({
    dataset, id: entity, ...(create ? { create: true } : {}), ...baseOf(touch), path,
  }));
  const body = {
    ...head(draft.id, "submission", hand), form: draft.form, version: draft.version, subject: draft.subject, answers,
    started_at: draft.started_at, ended_at: hand.now, context: draft.context,
    ...(Object.keys(reasons).length ? { reasons } : {}), ...(draft.replaces ? { replaces: draft.replaces } : {}), entities,
  };
  return {
    id: draft.id, kind: "submission", author: hand.author, subject: draft.subject, form: draft.form,
    version: draft.version, replaces: draft.replaces, body: JSON.stringify(body), created_at: hand.now, touches, photos,
  };
}

/**
 * The records the form has looked into, for the server to look into the same: it knows a version by its number, and only
 * what this phone has not sent, or not seen confirmed yet, is told in full.
 * @param {{ form: any, seen: ReturnType<typeof import("./rebase.js").overlayAll> }} open
 * @returns {import("./types.js").RowsShown|undefined}
 */
export function rowsShown({ form, seen }) {
  /** @param {string} dataset */
  const of = (dataset) => seen.filter(({ row }) => row.dataset === dataset).map(({ row: { id, version, label, properties }, pending }) =>
    (pending.size ? [id, version, { label, ...Object.fromEntries([...pending].map((name) => [name, properties[name]])) }] : [id, version]));
  /** @type {string[]} */
  const names = form.seen();
  return names.length ? Object.fromEntries(names.map((name) => [name, of(name)])) : undefined;
}

/**
 * A correction of one record.
 * @param {Hand} hand
 * @param {string} id
 * @param {Touch} touch
 * @param {string} [reason]
 * @param {Record<string, import("./types.js").Fix>} [fixes]
 * @returns {Operation}
 */
export function edit(hand, id, touch, reason, fixes) {
  const { dataset, entity, subject, changes } = touch;
  const body = {
    ...head(id, "edit", hand), dataset, entity, subject, ...baseOf(touch), changes, ...(reason ? { reason } : {}), ...(fixes ? { context: { fixes } } : {}),
  };
  return {
    id, kind: "edit", author: hand.author, subject, entity, body: JSON.stringify(body), created_at: hand.now,
    touches: [touch], photos: [],
  };
}

/**
 * What changes no record of itself: a message to the office, the trace of a masked value that was shown.
 * @param {Hand} hand
 * @param {string} id
 * @param {Entry["kind"]} kind
 * @param {string} subject
 * @param {Record<string, any>} what
 * @returns {Operation}
 */
export const message = (hand, id, kind, subject, what) => ({
  id, kind, author: hand.author, subject, body: JSON.stringify({ ...head(id, kind, hand), ...what }),
  created_at: hand.now, touches: [], photos: [],
});

/**
 * The taking back of a visit filed by mistake.
 * @param {Hand} hand
 * @param {string} id
 * @param {{ submission: string, subject: string, reason: string }} what
 * @returns {Operation}
 */
export const withdrawal = (hand, id, { submission, subject, reason }) =>
  ({ ...message(hand, id, "withdrawal", subject, { submission, reason }), submission });

/**
 * The photos named anywhere in a tree of answers, with the place that names them.
 * @param {any} answers
 * @param {string} [ref]
 * @returns {{ ref: string, sha256: string, position?: string }[]}
 */
export function photosIn(answers, ref = "/data") {
  if (!answers || typeof answers !== "object") return [];
  const { sha256, position } = answers;
  if (typeof sha256 === "string") return [{ ref, sha256, ...(position ? { position: position.point } : {}) }];
  if (Array.isArray(answers)) return answers.flatMap((item, index) => photosIn(item, `${ref}[${index + 1}]`));
  return Object.entries(answers).flatMap(([name, value]) => photosIn(value, `${ref}/${name}`));
}

/**
 * What is known of the positions that are answers in the end: not of the poorer ones before them.
 * @param {any} answers
 * @param {Record<string, import("./types.js").Fix>} [fixes]
 */
export function fixesOf(answers, fixes) {
  const told = JSON.stringify(answers);
  const kept = Object.entries(fixes || {}).filter(([point]) => told.includes(`"${point}"`));
  return kept.length ? Object.fromEntries(kept) : undefined;
}
