// Joins a folder of modules in place, with the worker's own functions: `join_tree.mjs <join.js> <folder>`. Every module
// in the joined text then leads to it. Prints their paths.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [, , source, folder] = process.argv;
const { joined, within } = new Function(`${readFileSync(source, "utf8")}\nreturn { joined, within };`)();
const root = pathToFileURL(`${folder}/`).href;
/** @type {Record<string, string>} */
const files = {};

/** @param {string} below */
function read(below) {
  for (const entry of readdirSync(new URL(below, root), { withFileTypes: true })) {
    const path = below + entry.name;
    if (entry.isDirectory()) read(`${path}/`);
    else files[path] = readFileSync(new URL(path, root), "utf8");
  }
}

read("");
const whole = joined(root, files);
const taken = [...whole.matchAll(/modules_\["([^"]+)"\]=\(/g)].map((found) => found[1]);
for (const path of taken) writeFileSync(new URL(path, root), path === "main.js" ? whole : within(root, path, files[path]));
console.log(JSON.stringify(taken));
