/**
 * Requests to our own server, and the proof that it was our server that answered. Hotel and bus networks answer any
 * address with a page of their own, status 200; such an answer must never count as a receipt.
 */

/** @typedef {import("../core/types.js").Ask} Ask */
/** @typedef {import("../core/types.js").Answer} Answer */

const MARK = "Fieldsvc-Protocol";
/** A round trip of several seconds and a server under load at the end of the day, before a byte of the body moves. */
const PATIENCE_MS = 45_000;
/** The slowest link worth waiting for: half a kilobyte a second. */
const BYTES_PER_MS = 0.5;
const WORTH_PACKING = 600;

/**
 * Send one request; resolves with our server's answer whatever its status.
 * @param {string} method
 * @param {string} path
 * @param {Ask} [ask]
 * @returns {Promise<Answer>} rejects with `{code}`: `no-network`, `timeout` or `portal`
 */
export async function request(method, path, { json, bytes, parts, token, headers = {}, as = "json", each } = {}) {
  const head = new Headers({ Accept: "application/json", ...headers });
  if (token) head.set("Authorization", `Bearer ${token}`);
  /** @type {BodyInit|undefined} */
  let body;
  let size = 0;
  if (parts) {
    const form = new FormData();
    for (const part of parts) form.append(part.name, new Blob([/** @type {BlobPart} */ (part.bytes)], { type: part.type }), part.name);
    body = form;
    size = parts.reduce((total, part) => total + part.bytes.byteLength, 0);
  } else if (bytes) {
    body = /** @type {BodyInit} */ (/** @type {unknown} */ (bytes));
    size = bytes.byteLength;
  } else if (json !== undefined) {
    head.set("Content-Type", "application/json");
    const text = JSON.stringify(json);
    const packed = text.length > WORTH_PACKING ? await gzip(text) : null;
    if (packed) head.set("Content-Encoding", "gzip");
    body = packed || text;
    size = text.length;
  }

  const stop = new AbortController();
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  const patience = (/** @type {number} */ milliseconds) => {
    clearTimeout(timer);
    timer = setTimeout(() => stop.abort(), milliseconds);
  };
  patience(PATIENCE_MS + size / BYTES_PER_MS);
  try {
    const response = await fetch(path, {
      method, headers: head, body, signal: stop.signal, cache: "no-store", credentials: "omit", redirect: "error",
    });
    if (!response.headers.get(MARK)) throw { code: "portal" };
    const taken = each && response.ok && lines(each);
    // A long page on a slow link takes its time; only silence ends it.
    const content = await drain(response, (came) => {
      patience(PATIENCE_MS);
      if (taken) taken(came);
    });
    const answer = { status: response.status, header: (/** @type {string} */ name) => response.headers.get(name) };
    if (taken) {
      // The last line may have no end: what is no list of lines at all is one.
      taken(Uint8Array.of(10));
      return { ...answer, body: null };
    }
    return { ...answer, body: as === "blob" && response.ok ? content : parse(await content.text()) };
  } catch (error) {
    if (/** @type {any} */ (error)?.code === "portal") throw error;
    throw { code: stop.signal.aborted ? "timeout" : "no-network" };
  } finally {
    clearTimeout(timer);
  }
}

/** @type {Map<string, Promise<void>>} parts this page asks for, or has asked for with success */
const kept = new Map();

/**
 * Have the service worker keep these parts of the app. One that this release does not have is left out: the question
 * that wants it then falls back to a plain field.
 * @param {string[]} names
 * @returns {Promise<void>} rejects with `{code: "no-network"}`
 */
export async function keepParts(names) {
  const files = names.length ? ["parts.css", ...names.map((name) => `${name}.js`)] : [];
  await Promise.all(files.map((file) => {
    // Two forms that arrive together may use the same part.
    const asked = kept.get(file) || keepFile(file).catch((error) => {
      kept.delete(file);
      throw error;
    });
    kept.set(file, asked);
    return asked;
  }));
}

/** @param {string} file */
async function keepFile(file) {
  const { ok, status } = await fetch(new URL(`../parts/${file}`, import.meta.url).href).catch(() => ({ ok: false, status: 0 }));
  if (!ok && status !== 404) throw { code: "no-network" };
}

/** Each line of JSON is handed on as soon as it is whole, so that a cut costs one. @param {(value: any) => void} each */
function lines(each) {
  const decoder = new TextDecoder();
  let rest = "";
  return (/** @type {Uint8Array} */ came) => {
    const texts = (rest + decoder.decode(came, { stream: true })).split("\n");
    rest = texts.pop() || "";
    for (const text of texts) if (text) each(parse(text));
  };
}

/** @param {Response} response @param {(came: Uint8Array) => void} alive called whenever bytes came @returns {Promise<Blob>} */
async function drain(response, alive) {
  const reader = response.body?.getReader();
  /** @type {BlobPart[]} */
  const pieces = [];
  for (;;) {
    const { done, value } = (await reader?.read()) || { done: true, value: undefined };
    if (done || !value) break;
    alive(value);
    pieces.push(/** @type {BlobPart} */ (value));
  }
  return new Blob(pieces, { type: response.headers.get("Content-Type") || "" });
}

/** @param {string} text @returns {any} */
function parse(text) {
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    throw { code: "portal" };
  }
}

/**
 * The text as gzip, or null where the browser cannot (Safari before 16.4).
 * @param {string} text
 * @returns {Promise<ArrayBuffer|null>}
 */
async function gzip(text) {
  if (typeof CompressionStream !== "function") return null;
  return new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
}
