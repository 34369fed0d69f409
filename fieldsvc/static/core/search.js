/**
 * Finding a household by what a cadre remembers of it: a piece of the name, the hamlet, the first letters in pinyin, or
 * the last digits of a number.
 */

/** The first character, in pinyin order, of each initial that Mandarin has. */
const FIRSTS = "阿八嚓哒妸发旮哈讥咔垃妈拏噢妑七呥仨他哇夕丫匝";
const LETTERS = "abcdefghjklmnopqrstwxyz";
const TAIL_DIGITS = 4;

/** @type {Intl.Collator|null|undefined} */
let order;

/** The collator for pinyin order, or null where this phone has none. @returns {Intl.Collator|null} */
function pinyin() {
  if (order === undefined) {
    const collator = new Intl.Collator("zh-CN-u-co-pinyin");
    order = collator.compare("阿", "匝") < 0 && collator.compare("张", "李") > 0 ? collator : null;
  }
  return order;
}

/** @type {Map<string, string>} initials found before: a list of two thousand villages is made of few characters */
const known = new Map();

/** @param {string} character @returns {string} */
function initial(character) {
  const collator = pinyin();
  if (!/\p{Script=Han}/u.test(character)) return character.toLowerCase();
  if (!collator) return "";
  const after = [...FIRSTS].findIndex((first) => collator.compare(character, first) < 0);
  return LETTERS[(after < 0 ? LETTERS.length : after) - 1] || "";
}

/**
 * The pinyin initials of a name; letters and digits stay as they are.
 * @param {string} text
 * @returns {string}
 */
export const initials = (text) => [...text].map((character) => {
  const found = known.get(character) ?? initial(character);
  known.set(character, found);
  return found;
}).join("");

/**
 * The text a list is searched in.
 * @param {readonly (string|null|undefined)[]} words names and places
 * @param {readonly (string|null|undefined)[]} numbers of which only the end is searched
 * @returns {string}
 */
export function searchText(words, numbers) {
  const present = words.filter((word) => !!word).map(String);
  const tails = numbers.filter((number) => !!number).map((number) => String(number).slice(-TAIL_DIGITS));
  return [...present, ...present.map(initials), ...tails].join(" ").toLowerCase();
}
