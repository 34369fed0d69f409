/** 离我最近: how far each household is, asked only after a tap and forgotten when the list is left. No track is kept. */

import { useEffect, useRef, useState, useWorld } from "../hooks.js";

const EARTH_METRES = 6371000;

/**
 * Metres between two "lat lon …" positions; infinite when either is unknown, so that such households sort last.
 * @param {string} from
 * @param {string|undefined} to
 */
export function metresTo(from, to) {
  if (!to) return Infinity;
  const [lat1, lon1, lat2, lon2] = [from, to].flatMap((text) => text.split(" ").slice(0, 2)).map((text) => (Number(text) * Math.PI) / 180);
  const across = (lon2 - lon1) * Math.cos((lat1 + lat2) / 2);
  return Math.hypot(lat2 - lat1, across) * EARTH_METRES;
}

/** Where the reader stands, while she wants to know. @returns {{ from: string|null, waiting: boolean, toggle: () => void }} */
export function useWhere() {
  const { app } = useWorld();
  const [from, setFrom] = useState(/** @type {string|null} */ (null));
  const [waiting, setWaiting] = useState(false);
  const stop = useRef(() => {});
  useEffect(() => () => stop.current(), []);
  const toggle = () => {
    stop.current();
    setFrom(null);
    setWaiting(!from && !waiting);
    if (from || waiting) return;
    stop.current = app.position((update) => {
      if (update.value) setFrom(update.value);
      if (update.state === "waiting") return;
      stop.current();
      setWaiting(false);
    });
  };
  return { from, waiting, toggle };
}
