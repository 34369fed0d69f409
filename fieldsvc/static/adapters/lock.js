/**
 * One tab at a time on the line. The lock is a Web Lock held for one step, with a heartbeat beside it: a tab that the
 * system froze in mid-step keeps its lock for ever, so when the beat has stopped another tab takes the lock from it.
 * The server would sort out doubles by their ids anyway; this saves the bytes.
 */

const LOCK = "fieldsvc-sync";
const BEAT = "fieldsvc-sync-beat";
const BEAT_EVERY_MS = 4_000;
/** Longer than a minute, because browsers let the timers of a hidden, working tab run only once a minute. */
const SILENT_AFTER_MS = 75_000;

const beat = () => localStorage.setItem(BEAT, String(Date.now()));

/** Whether whoever worked last has not been heard of for too long. @returns {boolean} */
function isSilent() {
  const age = Date.now() - Number(localStorage.getItem(BEAT) || 0);
  return age > SILENT_AFTER_MS || age < 0;
}

/**
 * Run a step while no other tab runs one.
 * @param {() => Promise<void>} step
 * @returns {Promise<boolean>} false when another tab is at work
 */
export async function alone(step) {
  const work = async () => {
    beat();
    const timer = setInterval(beat, BEAT_EVERY_MS);
    try {
      await step();
    } finally {
      clearInterval(timer);
    }
    return true;
  };
  if (!navigator.locks) {
    if (!isSilent()) return false;
    await work().finally(() => localStorage.removeItem(BEAT));
    return true;
  }
  try {
    const got = await navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? work() : false));
    // Asked only now: whoever has the lock beat at the moment of taking it.
    if (got || !isSilent()) return got;
    return await navigator.locks.request(LOCK, { steal: true }, work);
  } catch (error) {
    // The lock was taken from us; what the thief does makes our step worthless, and its writes will be refused.
    if (error instanceof DOMException && error.name === "AbortError") throw { code: "moved-on" };
    throw error;
  }
}
