// The lists a form looks things up in: its choice lists, the tables it carries, and the entities this phone holds.
// Rows are nodes, so that `instance('cities')/root/item[province = ...]` walks them like the form itself.

import { scalar } from './expr-values.js';
import { read } from './form-cells.js';

/** @typedef {import('./expr-values.js').Node} Node */

/** @param {(name: string) => Node[]} kids @param {() => Node|null} up @param {() => string} val @param {number} at @returns {Node} */
const node = (kids, up, val, at = 1) => ({ kids, up, val, live: () => true, place: () => at, series: () => null, key: () => '' });

/**
 * A table of rows, as the document `instance()` returns. A cell that is missing is no node.
 * @param {any[]} rows @param {(row: any, column: string) => string|null|undefined} cell @returns {Node}
 */
function table(rows, cell) {
  /** @type {Node[]} */
  let items = [];
  /** @type {Map<string, Map<string, Node[]>>} */
  const indexes = new Map();
  const root = node((name) => (name === 'item' || name === '*' ? items : []), () => table, () => '');
  // A list may have thousands of rows. A label reads otherwise in another language, so it is not remembered.
  root.where = (column, value) => {
    let index = indexes.get(column);
    if (!index) {
      index = new Map();
      for (const item of items) {
        const key = String(scalar(item.kids(column)));
        const same = index.get(key);
        if (same) same.push(item);
        else index.set(key, [item]);
      }
      if (column !== 'label') indexes.set(column, index);
    }
    return index.get(value) || [];
  };
  /** @type {Node} */
  const table = node((name) => (name === 'root' || name === '*' ? [root] : []), () => null, () => '');
  items = rows.map((row, index) => {
    /** @type {Node} */
    const item = node((column) => {
      const value = () => cell(row, column);
      return value() == null ? [] : [node(() => [], () => item, () => value() || '')];
    }, () => root, () => '', index + 1);
    return item;
  });
  return table;
}

/**
 * Finds lists by name and the labels of choices, in the language of the moment.
 * @param {import('./form-types.js').Definition} definition @param {import('./form-types.js').FormOptions} options
 * @param {import('./form-cells.js').Cell<string>} language
 * @param {(text: import('./form-types.js').Text) => string} fill puts values into a text
 */
export function lists(definition, options, language, fill) {
  /** @type {Map<string, Node|null>} */
  const known = new Map();
  /** Which records of this phone the form has looked into. @type {Set<string>} */
  const seen = new Set();

  /** @param {Record<string, any>|undefined} texts @returns {any} the text in the language of the moment, or the default one */
  const pick = (texts) => {
    if (!texts) return '';
    const own = texts[read(language)];
    return own !== undefined ? own : texts[definition.default_language] || Object.values(texts)[0] || '';
  };

  /** @param {any} row @param {string} column */
  const cell = (row, column) => {
    const found = row[column];
    if (column !== 'label') return found;
    return typeof found === 'object' ? fill(pick(found)) : row[`label::${read(language)}`] || found;
  };

  /** @param {string} id */
  const make = (id) => {
    const rows = definition.choices[id]?.map((choice) => ({ ...choice, name: choice.value })) ||
      definition.instances?.[id] || records(id);
    return rows && table(rows, cell);
  };

  /** @param {string} id */
  const records = (id) => {
    const held = (options.records || []).filter((each) => each.dataset === id);
    if (!held.length && !definition.reads?.[id]) return null;
    seen.add(id);
    return held.map((each) => ({ ...each.properties, name: each.id, label: each.label || '' }));
  };

  /** @param {string} id @returns {Node|null} */
  const instance = (id) => {
    let found = known.get(id);
    if (found === undefined) known.set(id, (found = make(id)));
    return found;
  };

  return {
    pick,
    instance,
    seen,
    /** @param {string} list @param {string} value */
    choiceLabel: (list, value) => {
      const [row] = instance(list)?.kids('root')[0].where?.('name', value) || [];
      return row ? String(scalar(row.kids('label'))) : value;
    },
  };
}
