/**
 * Markdown in labels and hints: headings, lists, bold and italics. Made into elements, never into HTML, so that nothing
 * an author or an answer writes can become markup; links are shown as text, because there is no network behind them.
 */

import { html } from "../ui/hooks.js";

/**
 * What stands between marks inside a line. One star counts only where a word begins or ends, an underline only where
 * one begins, so that 长*宽*高 and names_like_this stay what they are. The order counts: two stars come before one.
 */
const INSIDE = /\*\*(\S.*?)\*\*|__(\S.*?)__|(^|[\s（(，。：；、“"])([*_])(\S.*?)\4|\*(\S[^*]*)\*(?=$|[\s，。：；、）)”"])|\[([^\]]*)\]\(([^)\s]*)\)/;

/** @typedef {string | { tag: "strong"|"em", inside: Piece[] }} Piece a text, or a marked piece of a line */

/** A line with its marks. @param {string} line @returns {Piece[]} */
export function pieces(line) {
  /** @type {Piece[]} */
  const found = [];
  let rest = line;
  for (let match = INSIDE.exec(rest); match; match = INSIDE.exec(rest)) {
    const [whole, strong, stronger, before = "", , first, last, link, address] = match;
    const em = first || last;
    const text = rest.slice(0, match.index) + before;
    if (text) found.push(text);
    if (em) found.push({ tag: "em", inside: pieces(em) });
    else if (link !== undefined) found.push(link === address || !address ? link : `${link} (${address})`);
    else found.push({ tag: "strong", inside: pieces(strong || stronger) });
    rest = rest.slice(match.index + whole.length);
  }
  return rest ? [...found, rest] : found;
}

/**
 * A text as blocks: headings, lists and paragraphs.
 * @param {string} text
 * @returns {{ kind: "heading"|"list"|"numbers"|"text", lines: Piece[][] }[]}
 */
export function blocks(text) {
  /** @type {{ kind: "heading"|"list"|"numbers"|"text", lines: Piece[][] }[]} */
  const found = [];
  for (const line of text.split(/\r?\n/)) {
    const [, mark, rest] = /^\s*(#{1,6}|[-*+]|\d+[.)])\s+(.*)$/.exec(line) || [, "", line];
    const kind = mark === "" ? "text" : mark?.[0] === "#" ? "heading" : /\d/.test(mark || "") ? "numbers" : "list";
    const last = found[found.length - 1];
    if (!line.trim()) found.push({ kind: "text", lines: [] });
    else if (last && last.kind === kind && kind !== "heading") last.lines.push(pieces(rest || ""));
    else found.push({ kind, lines: [pieces(rest || "")] });
  }
  return found.filter((block) => block.lines.length);
}

/** @param {Piece[]} line @returns {string} */
const bare = (line) => line.map((piece) => (typeof piece === "string" ? piece : bare(piece.inside))).join("");

/** The text without its marks, for the ear and for lists. @param {string} text @returns {string} */
export const plain = (text) => blocks(text).flatMap(({ lines }) => lines.map(bare)).join(" ");

/** @param {Piece[]} line @returns {unknown} */
const drawn = (line) =>
  line.map((piece) =>
    typeof piece === "string"
      ? piece
      : piece.tag === "em"
        ? html`<em>${drawn(piece.inside)}</em>`
        : html`<strong>${drawn(piece.inside)}</strong>`,
  );

/** The text of a label or hint. Spans only, because it stands inside one. @param {{ text: string }} props */
export function Widget({ text }) {
  const found = blocks(text);
  if (found.length === 1 && found[0].kind === "text" && found[0].lines.length === 1) return drawn(found[0].lines[0]);
  return found.map(({ kind, lines }, at) =>
    html`<span key=${at} class=${`md md-${kind}`}>
      ${lines.map((line, row) =>
        html`<span key=${row}>${kind === "numbers" ? `${row + 1}. ` : kind === "list" ? "• " : ""}${drawn(line)}</span>`)}
    </span>`);
}
