/**
 * Keeps one release of the app on the phone and serves it from there. A release travels as one pack, because sixty
 * small requests over a three-second round trip would take minutes; an update brings only the files that changed. The
 * first pack is put in the cache by the first page, which shows how far it got. What a start needs is laid out of it
 * once: the page, its styles, and all modules as one (`join.js`). Data never passes through here: a worker's queue that
 * retries by itself is how visits get lost.
 *
 * `RELEASE` comes from the few bytes at `/sw.js` that load this text, so a new release is a new worker.
 */

/* global RELEASE, joined, within */
/// <reference lib="webworker" />
/** @typedef {{ base: string|null, count: number, paths: string[], removed?: string[], stale?: string[] }} Head `stale`: not in the pack, and other than in the base */
/** @typedef {{ head: Head, files: Files }} Pack */

const worker = /** @type {any} */ (self);
const CACHE = "app";
/** What no form asks for and every phone keeps (`core/app.js`): an update that brings one for the first time brings it at once. */
const ALWAYS = ["seal", "safety", "decisions", "redo"];
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

/** Fetch a file and keep it; the answer may be that there is none. @param {string} path @returns {Promise<Response>} */
async function extra(path) {
  const known = await caches.match(path);
  if (known) return known;
  const response = await fetch(path);
  if (response.ok) await (await caches.open(CACHE)).put(path, response.clone());
  return response;
}

/** Bring this release onto the phone, from the newest one here where there is one. @returns {Promise<Files>} */
async function bring() {
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
  // the release is still whole, but not without what every phone keeps: rather the old release than one without returns.
  const cache = await caches.open(CACHE);
  const root = `/app/${before}/`;
  const here = (await addresses()).filter((path) => path.startsWith(root)).map((path) => path.slice(root.length));
  const always = ALWAYS.map((part) => `parts/${part}.js`);
  const wanted = new Set([...here, ...always]);
  await Promise.all([...wanted].filter((name) => before && !(name in files)).map(async (name) => {
    const same = head.base && !head.stale?.includes(name) && (await cache.match(root + name));
    const next = `/app/${RELEASE}/${name}`;
    // A fresh response, because a module's imports follow the address that its response came from.
    if (same) await cache.put(next, new Response(await same.blob(), same));
    else if (!(await extra(next).catch(() => ({ ok: false }))).ok && always.includes(name)) throw new Error(`no ${name}`);
  }));
  const text = `${JSON.stringify({ ...head, base: null, paths: Object.keys(files) })}\n${Object.values(files).join("\0")}`;
  await cache.put(address(RELEASE), new Response(text));
  return files;
}

/**
 * Lay out what every start needs, so that none has to unpack anything. The browser may keep what it made of a script
 * that was put here during the installation.
 */
async function install() {
  const here = await kept(RELEASE);
  const files = here && Object.keys(here.files).length === here.head.count ? here.files : await bring();
  const cache = await caches.open(CACHE);
  const root = `/app/${RELEASE}/`;
  const styles = Object.keys(files).filter((path) => path.endsWith(".css"));
  const ahead = styles.map((path) => `<link rel="preload" as="style" href="${root}${path}">`).join("");
  const page = files["index.html"].replace("</head>", `<link rel="modulepreload" href="${root}main.js">${ahead}</head>`);
  const laid = { ...files, "index.html": page, "main.js": joined(worker.location.origin + root, files) };
  await Promise.all(["index.html", "main.js", ...styles].map((path) => cache.put(root + path, answer(RELEASE, path, laid))));
}

/**
 * Keep this release and the one before, whose page is open, and where more pages are, all: any may be of a release long
 * gone at the server, with a visit half filled in. The next release tidies up after them.
 */
async function tidy() {
  const cache = await caches.open(CACHE);
  const pages = await worker.clients.matchAll({ includeUncontrolled: true });
  const old = pages.length > 1 ? [] : (await others()).slice(0, -1);
  for (const path of await addresses()) if (old.some((release) => path.includes(release))) await cache.delete(path);
  await worker.clients.claim();
}

/** @param {string} release @param {string} path @param {Files} files @returns {Response} */
function answer(release, path, files) {
  /** @type {Record<string, string>} */
  const headers = { "Content-Type": `${TYPES[path.split(".").pop() || ""]}; charset=utf-8`, "X-Content-Type-Options": "nosniff" };
  if (path !== "index.html") return new Response(files[path], { headers });
  Object.assign(headers, { "Content-Security-Policy": files.policy, "Referrer-Policy": "no-referrer" });
  return new Response(files[path].replace("{{release}}", release), { headers });
}

/** @param {string} release @param {string} path @param {Request} request @returns {Promise<Response>} */
async function serve(release, path, request) {
  const root = `/app/${release}/`;
  const laid = await caches.match(root + path);
  if (laid) return laid;
  const pack = await kept(release);
  const text = pack?.files[path];
  if (!pack || text === undefined) return pack ? extra(request.url) : fetch(request);
  // The page that imports a module has the joined one already; a worker of the page has not, and wants this one alone.
  const joint = path.endsWith(".js") && request.destination !== "worker" && (await caches.match(`${root}main.js`));
  return answer(release, path, joint ? { [path]: within(worker.location.origin + root, path, text) } : pack.files);
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
