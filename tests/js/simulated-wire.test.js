/** The simulator's line to its server does with a request what `fetch` does. */

import assert from "node:assert/strict";
import http from "node:http";
import { after, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";

import { Packer, send } from "../simulation/phones/wire.js";

/** Says what it was asked; some paths are answered in a way of their own. */
const server = http.createServer(async (request, response) => {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const { method, url, headers } = request;
  const said = JSON.stringify({ method, url, body: Buffer.concat(pieces).toString("latin1"), headers });
  if (url === "/never") return;
  if (url === "/breaks") return void response.writeHead(200, { "Content-Length": 100 }).write("half", () => response.destroy());
  if (url === "/away") response.writeHead(302, { Location: "/elsewhere" }).end();
  else if (url === "/nothing") response.writeHead(204).end();
  else if (url === "/garbled") response.writeHead(200, { "Content-Encoding": "gzip" }).end("no gzip");
  else if (url === "/refuses") response.writeHead(409, { "Fieldsvc-Protocol": "1" }).end(said);
  else response.writeHead(200, { "Content-Encoding": "gzip", "Fieldsvc-Protocol": "1" }).end(gzipSync(said));
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const at = (path) => `http://127.0.0.1:${server.address().port}${path}`;
after(() => {
  server.closeAllConnections();
  server.close();
});

const read = async (answer) => {
  const reader = answer.body.getReader();
  const pieces = [];
  for (let next = await reader.read(); !next.done; next = await reader.read()) pieces.push(next.value);
  return JSON.parse(Buffer.concat(pieces).toString());
};

for (const [name, ask] of [["fetch", (path, init) => fetch(at(path), { redirect: "error", ...init })], ["the simulator's line", (path, init) => send(at(path), init)]]) {
  test(`${name}: method, path, head and body arrive, and the answer is unpacked`, async () => {
    const headers = new Headers({ Authorization: "Bearer 1", "Content-Type": "application/json" });
    const bytes = new Uint8Array([1, 2, 255]);
    for (const [body, came] of [["{}", "{}"], ["村", "\u00e6\u009d\u0091"], [bytes, "\u0001\u0002\u00ff"], [bytes.buffer, "\u0001\u0002\u00ff"], ["", ""]]) {
      const answer = await ask("/sync?a=1", { method: "POST", headers, body });
      const said = await read(answer);
      assert.deepEqual([said.method, said.url, said.body], ["POST", "/sync?a=1", came]);
      assert.deepEqual([said.headers.authorization, said.headers["content-type"]], ["Bearer 1", "application/json"]);
      assert.match(said.headers["accept-encoding"], /gzip, deflate/);
      assert.equal(said.headers["content-length"], String(came.length));
      assert.deepEqual([answer.status, answer.ok, answer.headers.get("Fieldsvc-Protocol")], [200, true, "1"]);
    }
  });
  test(`${name}: files travel as a form`, async () => {
    const body = new FormData();
    body.append("thumb", new Blob([new Uint8Array([7])], { type: "image/jpeg" }), "thumb");
    const said = await read(await ask("/photos", { method: "POST", body }));
    const [, boundary] = /^multipart\/form-data; boundary=(.+)$/.exec(said.headers["content-type"]);
    assert.ok(said.body.startsWith(`--${boundary}`) && said.body.includes('name="thumb"; filename="thumb"') && said.body.includes("\u0007"));
  });
  test(`${name}: a refusal is an answer, and an empty one has no body`, async () => {
    const refusal = await ask("/refuses", {});
    assert.deepEqual([refusal.status, refusal.ok, (await read(refusal)).method], [409, false, "GET"]);
    const nothing = await ask("/nothing", { method: "DELETE" });
    assert.deepEqual([nothing.status, nothing.body], [204, null]);
  });
  test(`${name}: what breaks off, leads elsewhere or cannot be unpacked is no answer`, async () => {
    for (const path of ["/breaks", "/away", "/garbled"]) await assert.rejects(async () => (await ask(path, {})).arrayBuffer(), Error, path);
    await assert.rejects(() => (name === "fetch" ? fetch : send)("http://127.0.0.1:1/"), TypeError);
  });
  test(`${name}: a request is given up when it is told to be`, async () => {
    const stop = new AbortController();
    const asked = ask("/never", { signal: stop.signal });
    setImmediate(() => stop.abort());
    await assert.rejects(asked);
  });
}

test("what the simulator packs is gzip", async () => {
  const packed = await new Response(new Blob(["once ", "upon"]).stream().pipeThrough(new Packer("gzip"))).arrayBuffer();
  assert.equal(gunzipSync(new Uint8Array(packed)).toString(), "once upon");
});
