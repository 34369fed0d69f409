/**
 * The life of one tab. Everything the core does to the world goes through here, so that ending a tab ends it between
 * two such deeds, at a point with a name: what was done stays done, and nothing that was waited for ever comes back.
 */

/** What a tab gets that was killed: no answer, as long as the world stands. */
const nothing = () => new Promise(() => {});

/** @param {(point: string) => void} killed is told the point at which the tab was ended */
export function life(killed) {
  let alive = true;
  let busy = 0;
  /** @type {{ at: (point: string) => boolean, left: number }|null} */
  let doom = null;
  let end;
  const ended = new Promise((resolve) => (end = resolve));

  /** @param {string} point */
  function kill(point) {
    alive = false;
    killed(point);
    end();
  }
  /** @param {string} point */
  const meetsItsEnd = (point) => !!doom && doom.at(point) && (doom.left -= 1) < 0;

  return {
    ended, kill,
    isAlive: () => alive,
    /** Whether the core waits for the world. Where it does not, nothing can go on by itself. */
    isBusy: () => alive && busy > 0,
    /** End the tab when it comes to such a point for the n-th time; null: let it live. */
    doom: (at, left = 0) => (doom = at && { at, left }),
    /** One deed: not begun by a dead tab, and its outcome not told to one. */
    async through(point, deed) {
      if (alive && meetsItsEnd(`before ${point}`)) kill(`before ${point}`);
      if (!alive) return nothing();
      busy += 1;
      try {
        return await deed();
      } finally {
        busy -= 1;
        if (alive && meetsItsEnd(`after ${point}`)) kill(`after ${point}`);
        if (!alive) await nothing();
      }
    },
  };
}
