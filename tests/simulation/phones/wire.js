/**
 * The line to the server: real HTTP, and of `fetch` what `adapters/http.js` asks of it. Most of what a request cost a
 * phone was Node's streams, for bodies of a kilobyte. What `fetch` itself does is tried beside it
 * (`tests/js/simulated-wire.test.js`).
 */

import http from "node:http";
import { gunzipSync, gzipSync, inflateSync } from "node:zlib";

const agent = new http.Agent({ keepAlive: true });
const OPEN = { gzip: gunzipSync, deflate: inflateSync };
const failed = (/** @type {unknown} */ cause) => new TypeError("fetch failed", { cause });

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
 * As `fetch`, and resolves when all of the answer has come.
 * @param {string} url
 * @param {RequestInit} init
 * @returns {Promise<Answer>}
 */
export async function send(url, { method = "GET", headers, body, signal } = {}) {
  const { bytes, type } = await sent(body);
  const head = Object.fromEntries(new Headers(headers));
  head["accept-encoding"] ||= "gzip, deflate";
  if (type) head["content-type"] ||= type;
  if (bytes || method !== "GET") head["content-length"] = String(bytes?.length || 0);
  return new Promise((resolve, reject) => {
    const fail = (/** @type {unknown} */ cause) => reject(failed(cause));
    const request = http.request(url, { method, headers: head, agent, signal: signal || undefined });
    request.on("error", fail);
    request.on("response", (answer) => {
      const pieces = /** @type {Buffer[]} */ ([]);
      answer.on("data", (piece) => pieces.push(piece));
      answer.on("error", fail);
      answer.on("end", () => {
        if (!answer.complete) return fail("cut off");
        if (answer.statusCode >= 300 && answer.statusCode < 400 && answer.headers.location) return fail("redirected");
        const packed = Buffer.concat(pieces);
        const open = packed.length && OPEN[answer.headers["content-encoding"]];
        try {
          const pairs = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
          resolve(new Answer(open ? open(packed) : packed, answer.statusCode, new Headers(pairs)));
        } catch (garbled) {
          fail(garbled);
        }
      });
    });
    request.end(bytes);
  });
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
