/** Time as everything here sees it: injected, so that tests move it. */
export interface Clock {
  /** ms since 1970, UTC. */
  now(): number;
  /** Calls `run` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

/** setTimeout's longest delay; a longer wait is cut and asked for again by whoever waits. */
export const LONGEST_DELAY_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, Math.max(0, Math.min(delayMs, LONGEST_DELAY_MS)));
    return () => clearTimeout(timer);
  },
};
