/**
 * Keeps one release of the app on the phone and serves it from there. A release travels as one pack, because sixty
 * small requests over a three-second round trip would take minutes; an update brings only the files that changed. The
 * first pack is put in the cache by the first page, which shows how far it got. Data never passes through here: a
 * worker's queue that retries by itself is how visits get lost.
 *
 * `RELEASE` comes from the few bytes at `/sw.js` that load this text, so a new release is a new worker.
 */

/* global RELEASE */
/// <reference lib="webworker" />
/** @typedef {{ base: string|null, count: number, paths: string[], removed?: string[], stale?: string[] }} Head `stale`: not in the pack, and other than in the base */
/** @typedef {{ head: Head, files: Record<string, string> }} Pack */

const worker = /** @type {any} */ (self);
const CACHE = "app";
const TYPES = /** @type {Record<string, string>} */ ({ html: "text/html", js: "text/javascript", css: "text/css", json: "application/json", svg: "image/svg+xml" });

/** @type {Map<string, Promise<Pack|null>>} packs in memory: one read serves all modules of a start */
const packs = new Map();

/** @param {string} release @returns {string} */
const address = (release) => `/app/${release}.pack`;

/** A head in JSON on the first line, then the texts with a zero between them. @param {Response} response @returns {Promise<Pack>} */
async function unpack(response) {
  if (!response.ok) throw new Error("no pack");
  const text = await response.text();
  const cut = text.indexOf("\n");
  const head = JSON.parse(text.slice(0, cut));
  const texts = text.slice(cut + 1).split("\0");
  return { head, files: Object.fromEntries(head.paths.map((/** @type {string} */ path, /** @type {number} */ index) => [path, texts[index]])) };
}

/** A pack kept on this phone. @param {string} release @returns {Promise<Pack|null>} */
function kept(release) {
  let pack = packs.get(release);
  if (!pack) {
    pack = caches.match(address(release)).then((found) => (found ? unpack(found) : null));
    packs.set(release, pack);
    // A pack that is not here yet may come later; only what was found is remembered.
    pack.then((found) => found || packs.delete(release), () => packs.delete(release));
  }
  return pack;
}

/** Addresses kept here, oldest first: packs, and files outside them that somebody once wanted. @returns {Promise<string[]>} */
const addresses = async () => (await (await caches.open(CACHE)).keys()).map((request) => new URL(request.url).pathname);

/** The other releases kept here, oldest first. @returns {Promise<string[]>} */
const others = async () =>
  (await addresses()).filter((path) => path.endsWith(".pack") && path !== address(RELEASE)).map((path) => path.slice(5, -5));

/** Fetch a file and keep it. @param {string} path @returns {Promise<Response>} */
async function extra(path) {
  const known = await caches.match(path);
  if (known) return known;
  const response = await fetch(path);
  if (response.ok) await (await caches.open(CACHE)).put(path, response.clone());
  return response;
}

/** Bring this release onto the phone, from the newest one here where there is one; nothing if the first page already did. */
async function install() {
  const here = await kept(RELEASE);
  if (here && Object.keys(here.files).length === here.head.count) return;
  const before = (await others()).pop();
  const old = before ? await kept(before) : null;
  /** @param {string} query */
  const download = async (query) => unpack(await fetch(address(RELEASE) + query, { cache: "no-store" }));
  let { head, files } = await download(old ? `?have=${before}` : "");
  if (head.base && old) {
    files = { ...old.files, ...files };
    for (const path of head.removed || []) delete files[path];
  }
  // What was here may be other than the server thinks; a whole pack is always right.
  if (Object.keys(files).length !== head.count) ({ head, files } = await download(""));
  // English, say, or a part was fetched apart once and is wanted again: as it was, or anew where it changed. Without it
  // the release is still whole.
  const cache = await caches.open(CACHE);
  const root = `/app/${before}/`;
  const wanted = (await addresses()).filter((path) => path.startsWith(root));
  await Promise.all(wanted.map(async (path) => {
    const name = path.slice(root.length);
    const same = head.base && !head.stale?.includes(name) && (await cache.match(path));
    const next = `/app/${RELEASE}/${name}`;
    // A fresh response, because a module's imports follow the address that its response came from.
    await (same ? cache.put(next, new Response(await same.blob(), same)) : extra(next)).catch(() => {});
  }));
  const text = `${JSON.stringify({ ...head, base: null, paths: Object.keys(files) })}\n${Object.values(files).join("\0")}`;
  await cache.put(address(RELEASE), new Response(text));
}

/** Keep this release and the one before, whose pages may still be open. */
async function tidy() {
  const cache = await caches.open(CACHE);
  const old = (await others()).slice(0, -1);
  for (const path of await addresses()) if (old.some((release) => path.includes(release))) await cache.delete(path);
  await worker.clients.claim();
}

/** @param {string} release @param {string} path @param {Request} request @returns {Promise<Response>} */
async function serve(release, path, request) {
  const pack = await kept(release);
  const text = pack?.files[path];
  if (text === undefined) return pack ? extra(request.url) : fetch(request);
  /** @type {Record<string, string>} */
  const headers = { "Content-Type": `${TYPES[path.split(".").pop() || ""]}; charset=utf-8`, "X-Content-Type-Options": "nosniff" };
  if (path !== "index.html") return new Response(text, { headers });
  Object.assign(headers, { "Content-Security-Policy": pack?.files.policy, "Referrer-Policy": "no-referrer" });
  return new Response(text.replace("{{release}}", release), { headers });
}

worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(navigator.locks ? navigator.locks.request("pack", install) : install()));
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(tidy()));
worker.addEventListener("message", (/** @type {any} */ event) => event.data === "take-over" && worker.skipWaiting());
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (origin !== worker.location.origin || event.request.method !== "GET") return;
  if (event.request.mode === "navigate" && pathname === "/") event.respondWith(serve(RELEASE, "index.html", event.request));
  const [, release, path] = /^\/app\/([0-9a-f]+)\/(.+)$/.exec(pathname) || [];
  if (release) event.respondWith(serve(release, path, event.request));
});
