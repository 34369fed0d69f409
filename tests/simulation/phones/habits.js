/** What somebody with a phone does, how often, and what may go wrong with it that is no fault. */

/** The moments at which a tab dies on a cheap phone, and what its owner does until such a moment comes; where nothing is said, anything. */
export const ENDS = {
  "queueing": ["corrects"], "marking what is sent": ["corrects", "presses"], "taking an answer": ["corrects", "presses"],
  "finishing a visit": ["visits"], "keeping a draft": ["visits"], "keeping bytes": ["photographs"], "noting a photo": ["photographs"],
  "asking for sync": ["presses"], "asking for uploads": ["photographs", "presses"], "asking for thumbnails": ["photographs", "presses"],
  "asking for": ["presses"], "reading": [], "": [],
};
const HOUR = 3_600_000;
/** How far a clock may be off. */
export const CLOCKS = [0, 0, -50 * 365 * 24 * HOUR, 8 * HOUR, -8 * HOUR, 3 * 24 * HOUR];
/** What a day in the villages is made of. */
export const DAY = { correctsOnce: 12, correctsSomebody: 3, visits: 6, resumes: 1, leavesOpen: 1, amends: 1, finds: 0.3 };
/** What happens on a phone, and how often beside each other. That its tab dies is as frequent as the plan says. */
export const HABITS = {
  worksADay: 40, corrects: 20, correctsSomebody: 4, visits: 16, resumes: 8, leavesOpen: 6, amends: 3, withdraws: 1, finds: 1, presses: 12, waits: 8, walks: 8, weatherTurns: 4,
  clockJumps: 2, diskFills: 2, opensTab: 2, closesTab: 2,
};

/** What goes wrong for a reason that a person would be told, and that is no fault. */
export const EXPECTED = new Set(["storage-full", "nothing-changed", "form-missing", "record-leaving", "record-gone", "moved-on", "draft-gone", "visit-not-here", "no-network", "timeout", "portal"]);
