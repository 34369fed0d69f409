// The lists a form looks things up in: its choice lists, the tables it carries, and the entities this phone holds.
// Rows are nodes, so that `instance('cities')/root/item[province = ...]` walks them like the form itself.

import { read } from './form-cells.js';

/** @typedef {import('./expr-values.js').Node} Node */

/** @param {(name: string) => Node[]} kids @param {() => Node|null} up @param {() => string} val @param {number} at @returns {Node} */
const node = (kids, up, val, at = 1) => ({ kids, up, val, live: () => true, place: () => at, series: () => null, key: () => '' });

/** One cell of a row. @param {Node} row @param {() => string} val @returns {Node} */
const leaf = (row, val) => node(() => [], () => row, val);

/**
 * A table whose rows answer `cells(row)`, as the document `instance()` returns.
 * @param {any[]} rows @param {(row: any, column: string) => string|undefined} cell @returns {Node}
 */
function table(rows, cell) {
  /** @type {Node[]} */
  let items = [];
  const root = node((name) => (name === 'item' || name === '*' ? items : []), () => table, () => '');
  /** @type {Node} */
  const table = node((name) => (name === 'root' || name === '*' ? [root] : []), () => null, () => '');
  items = rows.map((row, index) => {
    /** @type {Node} */
    const item = node((column) => {
      return cell(row, column) === undefined ? [] : [leaf(item, () => cell(row, column) || '')];
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

  /** @param {Record<string, any>|undefined} texts @returns {any} the text in the language of the moment, or the default one */
  const pick = (texts) => {
    if (!texts) return '';
    const own = texts[read(language)];
    return own !== undefined ? own : texts[definition.default_language] || Object.values(texts)[0] || '';
  };

  /** @param {string} id */
  const make = (id) => {
    const choices = definition.choices[id];
    if (choices) {
      return table(choices, (choice, column) => {
        if (column === 'name') return choice.value;
        return column === 'label' ? fill(pick(choice.label)) : choice[column];
      });
    }
    const rows = (options.instances || {})[id] || (definition.instances || {})[id] || entities(id);
    return rows ? table(rows, (row, column) => row[column] ?? undefined) : null;
  };

  /** @param {string} id */
  const entities = (id) => {
    const held = id === definition.subject_dataset ? options.entity && [options.entity] : id === 'members' && options.members;
    return held && held.map((each) => ({ ...each.properties, name: each.id, label: each.label || '' }));
  };

  return {
    pick,
    /** @param {string} id @returns {Node|null} */
    instance: (id) => {
      let found = known.get(id);
      if (found === undefined) known.set(id, (found = make(id) || null));
      return found;
    },
    /** @param {string} list @param {string} value */
    choiceLabel: (list, value) => {
      const choice = (definition.choices[list] || []).find((each) => each.value === value);
      return choice ? fill(pick(choice.label)) : value;
    },
  };
}
