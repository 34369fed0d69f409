/**
 * Keeps one release of the app on the phone and serves it from there. A release travels as one pack, because sixty
 * small requests over a three-second round trip would take minutes; an update brings only the files that changed. Data
 * never passes through here: a worker's queue that retries by itself is how visits get lost.
 *
 * `RELEASE` is put before this text by the server, so a new release is a new worker.
 */

/* global RELEASE */
/// <reference lib="webworker" />
/** @typedef {{ release: string, base: string|null, count: number, files: Record<string, string>, removed?: string[] }} Pack */

const worker = /** @type {any} */ (self);
const CACHE = "app";
const TYPES = /** @type {Record<string, string>} */ ({ html: "text/html", js: "text/javascript", css: "text/css", json: "application/json", svg: "image/svg+xml" });

/** @type {Map<string, Promise<Pack|null>>} packs in memory: one read serves all modules of a start */
const packs = new Map();

/** @param {string} release @returns {string} */
const address = (release) => `/app/${release}.pack`;

/** A pack kept on this phone. @param {string} release @returns {Promise<Pack|null>} */
function kept(release) {
  let pack = packs.get(release);
  if (!pack) {
    pack = caches.open(CACHE).then((cache) => cache.match(address(release))).then((found) => (found ? found.json() : null));
    packs.set(release, pack);
    // A pack that is not here yet may come later; only what was found is remembered.
    pack.then((found) => found || packs.delete(release), () => packs.delete(release));
  }
  return pack;
}

/** Releases kept here, oldest first. @returns {Promise<string[]>} */
const releases = async () =>
  (await (await caches.open(CACHE)).keys()).map((request) => new URL(request.url).pathname.slice(5, -5));

/** Fetch a pack and tell the waiting page how far it got. @param {string} query @returns {Promise<Pack>} */
async function download(query) {
  const response = await fetch(address(RELEASE) + query, { cache: "no-store" });
  const total = Number(response.headers.get("Fieldsvc-Size"));
  if (!response.ok || !response.body || !total) throw new Error("no pack");
  const reader = response.body.getReader();
  const pieces = [];
  let done = 0;
  for (;;) {
    const { value, done: over } = await reader.read();
    if (over) break;
    pieces.push(value);
    done += value.length;
    for (const client of await worker.clients.matchAll({ includeUncontrolled: true })) client.postMessage({ done, total });
  }
  const text = await new Blob(pieces).text();
  const cut = text.indexOf("\n");
  const { paths, ...head } = JSON.parse(text.slice(0, cut));
  const texts = text.slice(cut + 1).split("\0");
  const files = Object.fromEntries(paths.map((/** @type {string} */ path, /** @type {number} */ index) => [path, texts[index]]));
  return { ...head, files };
}

/** Bring this release onto the phone, from the newest one here where there is one. */
async function install() {
  const before = (await releases()).filter((release) => release !== RELEASE).pop();
  const old = before ? await kept(before) : null;
  let pack = await download(old ? `?have=${before}` : "");
  if (pack.base && old) {
    const files = { ...old.files, ...pack.files };
    for (const path of pack.removed || []) delete files[path];
    pack = { ...pack, base: null, files };
  }
  // What was here may be older or other than the server thinks; a whole pack is always right.
  if (Object.keys(pack.files).length !== pack.count) pack = await download("");
  await (await caches.open(CACHE)).put(address(RELEASE), new Response(JSON.stringify(pack)));
}

/** Keep this release and the one before, whose pages may still be open. */
async function tidy() {
  const cache = await caches.open(CACHE);
  const others = (await releases()).filter((release) => release !== RELEASE);
  for (const release of others.slice(0, -1)) await cache.delete(address(release));
  await worker.clients.claim();
}

/** @param {string} release @param {string} path @param {Request} request @returns {Promise<Response>} */
async function serve(release, path, request) {
  const pack = await kept(release);
  const text = pack?.files[path];
  if (text === undefined) return fetch(request);
  const type = TYPES[path.split(".").pop() || ""] || "text/plain";
  /** @type {Record<string, string>} */
  const headers = { "Content-Type": `${type}; charset=utf-8`, "X-Content-Type-Options": "nosniff" };
  if (path !== "index.html") return new Response(text, { headers });
  Object.assign(headers, { "Content-Security-Policy": pack?.files.policy, "Referrer-Policy": "no-referrer" });
  return new Response(text.replace("{{release}}", release), { headers });
}

worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(install()));
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(tidy()));
worker.addEventListener("message", (/** @type {any} */ event) => event.data === "take-over" && worker.skipWaiting());
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (origin !== worker.location.origin || event.request.method !== "GET") return;
  if (event.request.mode === "navigate" && pathname === "/") event.respondWith(serve(RELEASE, "index.html", event.request));
  const [, release, path] = /^\/app\/([0-9a-f]+)\/(.+)$/.exec(pathname) || [];
  if (release) event.respondWith(serve(release, path, event.request));
});
