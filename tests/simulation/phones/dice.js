/** Chance that can be played again: the same seed throws the same dice. */

/** @param {string} seed @returns {number} 32 bits of it */
function hash(seed) {
  let bits = 0x811c9dc5;
  for (const character of seed) bits = Math.imul(bits ^ character.charCodeAt(0), 0x01000193);
  return bits >>> 0;
}

/** @param {string} seed */
export function dice(seed) {
  let state = hash(seed);
  /** A number in [0, 1), by mulberry32. */
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (most) => Math.floor(next() * most);
  return {
    next, below,
    happens: (share) => next() < share,
    pick: (list) => list[below(list.length)],
    bytes: (count) => Uint8Array.from({ length: count }, () => below(256)),
    /** One of the names of `weights`, each as often as its weight says. */
    weighed(weights) {
      let left = next() * Object.values(weights).reduce((sum, weight) => sum + weight, 0);
      return Object.entries(weights).find(([, weight]) => (left -= weight) < 0)[0];
    },
  };
}
