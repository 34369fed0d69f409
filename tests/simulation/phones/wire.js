/**
 * The line to the server: real HTTP, and of `fetch` what `adapters/http.js` asks of it. Most of what a request cost a
 * phone was Node's streams, for bodies of a kilobyte. What `fetch` itself does is tried beside it
 * (`tests/js/simulated-wire.test.js`).
 */

import http from "node:http";
import { gunzipSync, gzipSync, inflateSync } from "node:zlib";

const agent = new http.Agent({ keepAlive: true });
const OPEN = { gzip: gunzipSync, deflate: inflateSync };
/** What somebody hears whose request came to nothing. @param {unknown} cause */
export const failed = (cause) => new TypeError("fetch failed", { cause });

/** An answer that is wholly here. */
export class Answer {
  /** @param {Uint8Array} bytes @param {number} status @param {Headers} headers */
  constructor(bytes, status, headers) {
    Object.assign(this, { bytes, status, headers, ok: status >= 200 && status < 300 });
  }

  async arrayBuffer() {
    return Uint8Array.from(this.bytes).buffer;
  }

  get body() {
    if (this.status === 204) return null;
    const left = this.bytes.length ? [this.bytes] : [];
    return { getReader: () => ({ read: async () => ({ done: !left.length, value: left.shift() }) }) };
  }
}

/** @param {any} body @returns {Promise<{ bytes?: Uint8Array, type?: string|null }>} what goes over the line, and what it says of itself */
async function sent(body) {
  if (body === undefined || body === null) return {};
  if (typeof body === "string") return { bytes: Buffer.from(body), type: "text/plain;charset=UTF-8" };
  if (body instanceof ArrayBuffer) return { bytes: new Uint8Array(body) };
  if (ArrayBuffer.isView(body)) return { bytes: new Uint8Array(body.buffer, body.byteOffset, body.byteLength) };
  const whole = new Response(body);
  return { type: whole.headers.get("Content-Type"), bytes: new Uint8Array(await whole.arrayBuffer()) };
}

/**
 * What goes over the line.
 * @typedef {{ method: string, headers: Record<string, string>, bytes?: Uint8Array }} Sent
 * @param {RequestInit} init
 * @returns {Promise<Sent>}
 */
export async function packed({ method = "GET", headers, body } = {}) {
  const { bytes, type } = await sent(body);
  const head = Object.fromEntries(new Headers(headers));
  head["accept-encoding"] ||= "gzip, deflate";
  if (type) head["content-type"] ||= type;
  if (bytes || method !== "GET") head["content-length"] = String(bytes?.length || 0);
  return { method, headers: head, bytes };
}

/**
 * What comes back, when all of it has come.
 * @typedef {{ status: number, headers: Record<string, string>, bytes: Uint8Array }} Came
 * @param {string} url
 * @param {Sent} what
 * @param {{ agent: http.Agent|false, signal?: AbortSignal }} how
 * @returns {Promise<Came>}
 */
export function carry(url, { method, headers, bytes }, { agent, signal }) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers, agent, signal });
    request.on("error", reject);
    request.on("response", (answer) => {
      const pieces = /** @type {Buffer[]} */ ([]);
      answer.on("data", (piece) => pieces.push(piece));
      answer.on("error", reject);
      answer.on("end", () => {
        if (!answer.complete) return reject(new Error("cut off"));
        const pairs = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
        resolve({ status: answer.statusCode, headers: Object.fromEntries(pairs), bytes: Buffer.concat(pieces) });
      });
    });
    request.end(bytes);
  });
}

/** As `fetch` gives it. @param {Came} came @returns {Answer} */
export function unpacked({ status, headers, bytes }) {
  if (status >= 300 && status < 400 && headers.location) throw failed("redirected");
  const open = bytes.length && OPEN[headers["content-encoding"]];
  try {
    return new Answer(open ? open(bytes) : bytes, status, new Headers(headers));
  } catch (garbled) {
    throw failed(garbled);
  }
}

/**
 * As `fetch`, and resolves when all of the answer has come.
 * @param {string} url
 * @param {RequestInit} init
 * @returns {Promise<Answer>}
 */
export async function send(url, init = {}) {
  const what = await packed(init);
  return unpacked(await carry(url, what, { agent, signal: init.signal || undefined }).catch((cause) => Promise.reject(failed(cause))));
}

/** In the place of the browser's, which packs on another thread: for a few kilobytes to go there and back costs more. */
export class Packer {
  constructor() {
    const pieces = /** @type {Uint8Array[]} */ ([]);
    const through = new TransformStream({
      transform: (piece) => void pieces.push(piece),
      flush: (line) => line.enqueue(new Uint8Array(gzipSync(Buffer.concat(pieces)))),
    });
    this.readable = through.readable;
    this.writable = through.writable;
  }
}
