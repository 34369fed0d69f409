/**
 * All modules of a release as one. Sixty modules that come one by one out of a service worker cost a slow phone a third
 * of a second at every start. Nothing is changed but what modules say of each other: each becomes a function, run in the
 * order in which a browser would have run it, that hands over its exports. Read are modules as `web/minify.py` leaves
 * them, with their imports at the top. Part of the worker, put before its text; no module imports this one.
 */

/** @typedef {Record<string, string>} Files texts by path */

const IMPORTS = /import(?:\*as ([\w$]+) |\{([^}]*)\})from["']([^"']+)["'];?/g;
const LIST = /export\{([^}]*)\};?/g;
const DECLARED = /export (?=(?:async )?(?:function\*?|class|const|let) ?([\w$]+))/g;
const DYNAMIC = /import\((.)(\.\.?\/)/g;

/** What a list of names takes apart, or puts together. @param {string} list @param {boolean} [turned] */
const pairs = (list, turned) =>
  list.split(",").map((each) => {
    const [own, other = own] = each.split(" as ");
    return turned ? `${other}:${own}` : `${own}:${other}`;
  });

/** The names a module exports, each with its own name for it. @param {string} text @returns {string[]} */
function exported(text) {
  const names = [...text.matchAll(DECLARED)].map((found) => `${found[1]}:${found[1]}`);
  return [...names, ...[...text.matchAll(LIST)].flatMap((found) => pairs(found[1], true))];
}

/**
 * The release's main module with all it needs, in one text.
 * @param {string} root the release's own address, with a slash at the end
 * @param {Files} files
 * @returns {string}
 */
function joined(root, files) {
  /** @type {Set<string>} */
  const taken = new Set();
  let all = "";
  /** @param {string} path */
  const take = (path) => {
    if (taken.has(path)) return;
    taken.add(path);
    const text = files[path];
    const own = root + path;
    const code = text
      .replace(IMPORTS, (_, whole, names, from) => {
        const target = new URL(from, own).href.slice(root.length);
        take(target);
        return `let ${whole || `{${pairs(names)}}`}=modules_["${target}"];`;
      })
      .replace(LIST, "")
      .replace(DECLARED, "")
      .replace(DYNAMIC, (_, quote, up) => `import(${quote}${new URL(up, own)}`)
      .replace(/import\.meta\.url/g, `"${own}"`);
    all += `modules_["${path}"]=(()=>{${code}\nreturn{${exported(text)}}})();`;
  };
  take("main.js");
  return `export const modules_={};${all}export const{start}=modules_["main.js"];`;
}

/**
 * A module of the joined text under its own address, for parts that import it: the same one, never a second.
 * @param {string} root
 * @param {string} path
 * @param {string} text
 * @returns {string}
 */
const within = (root, path, text) =>
  `import{modules_}from"${root}main.js";export const{${exported(text).map((pair) => pair.split(":")[0])}}=modules_["${path}"];`;
