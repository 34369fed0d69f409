/**
 * The link of one phone, in place of the browser's `fetch`: requests and answers get lost, arrive twice, arrive after
 * later ones, are cut off, or are answered by somebody else. What happens is drawn from the phone's dice.
 */

/** What may happen to one request while the weather is bad, and how often beside each other. */
export const MISHAPS = {
  "request lost": 3, "answer lost": 4, "answer cut off": 2, "sent twice": 3, "sent twice at once": 2, "arrives later": 3, "portal answers": 1,
  "proxy gives up": 1,
};

/** The shares of requests that meet with a mishap, from fair weather to a storm. */
const WEATHERS = [0, 0, 0.1, 0.3, 0.6];

const unreachable = () => new TypeError("fetch failed");

/**
 * @param {ReturnType<typeof import("./dice.js").dice>} random
 * @param {{ deliver: (path: string, init: RequestInit) => Promise<import("./wire.js").Answer>, tally: (fault: string) => void }} world
 */
export function weather(random, { deliver, tally }) {
  /** Requests that are still on some mast's way to the server. @type {(() => Promise<unknown>)[]} */
  const strays = [];
  const link = {
    signal: true,
    /** The share of requests that meet with a mishap. */
    badness: 0,
    /** Another weather comes up, fair or foul. */
    turns: () => void (link.badness = random.pick(WEATHERS)),
    fetch,
    /** Let everything on its way arrive. */
    async settle() {
      while (strays.length) await strays.shift()().catch(() => {});
    },
  };

  /** A whole answer, read to its end before anybody hears of it. */
  async function whole(path, init) {
    const answer = await deliver(path, init);
    return () => answer;
  }

  /** @param {string} path @param {RequestInit} init */
  async function fetch(path, init) {
    if (!link.signal) throw unreachable();
    if (strays.length && random.happens(0.3)) await strays.shift()().catch(() => {});
    if (!random.happens(link.badness)) return (await whole(path, init))();
    const mishap = random.weighed(MISHAPS);
    tally(mishap);
    // What arrives beside the request that is waited for is not ended with it.
    const again = { ...init, signal: undefined };
    switch (mishap) {
      case "request lost":
        throw unreachable();
      case "answer lost":
        await whole(path, init);
        throw unreachable();
      case "answer cut off":
        return cut((await whole(path, init))(), random.next(), random.happens(0.5));
      case "sent twice": {
        const first = await whole(path, init);
        const second = await whole(path, again);
        return random.pick([first, second])();
      }
      case "sent twice at once": {
        const answers = await Promise.allSettled([whole(path, init), whole(path, again)]);
        const { value, reason } = random.pick(answers);
        if (reason) throw reason;
        return value();
      }
      case "arrives later":
        strays.push(() => whole(path, again));
        throw unreachable();
      case "portal answers":
        return new Response("<html>Sign in to the hotel's network</html>", { headers: { "Content-Type": "text/html" } });
      default:
        return new Response("bad gateway", { status: 502 });
    }
  }
  return link;
}

/** The first part of an answer; then the line breaks, or ends as if that were all. @param {import("./wire.js").Answer} response @param {number} share @param {boolean} broken */
async function cut(response, share, broken) {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const kept = bytes.slice(0, Math.floor(bytes.length * share));
  const body = new ReadableStream({
    start: (line) => {
      if (kept.length) line.enqueue(kept);
      if (broken) line.error(unreachable());
      else line.close();
    },
  });
  return new Response(response.status === 204 ? null : body, { status: response.status, headers: response.headers });
}
