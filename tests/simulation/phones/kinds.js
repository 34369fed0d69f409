/** Everything that may befall a phone here, by the name under which it is counted: whatever has none is complained of. */

import { ENDS } from "./habits.js";
import { MISHAPS } from "./weather.js";

const MOMENTS = Object.keys(ENDS).filter((end) => end && end !== "asking for");
/** The two sides of each such moment. */
const DEATHS = ["before", "after"].flatMap((side) => MOMENTS.map((end) => `${side} ${end}`));

export const KINDS = [
  ...Object.keys(MISHAPS),
  "no room to write", "clock jumped", "second tab opened", "phone forgotten by a restored server",
  ...["by its owner", "as one of two", "with its phone", ...DEATHS].map((how) => `tab killed ${how}`),
];

/** Whether a fault has a name, or is a tab that died at one of the many other moments. @param {string} fault */
export const isKind = (fault) => KINDS.includes(fault) || /^tab killed (before|after) /.test(fault);

/** The death of a tab that has happened least so far. @param {Record<string, number>} faults how often each kind has */
export const rarest = (faults) => DEATHS.reduce((least, death) => ((faults[`tab killed ${death}`] || 0) < (faults[`tab killed ${least}`] || 0) ? death : least));
