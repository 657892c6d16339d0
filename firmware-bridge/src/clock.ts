/** Time as the bridge sees it. Injected everywhere, so that tests own it. */

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Wall clock, ms since 1970. May jump: a box has no battery and learns the time from the network. Only for what is shown or sent. */
  now(): number;
  /** Monotonic ms from an arbitrary start. For every duration. */
  mono(): number;
  /** Calls `fn` once after `ms`. */
  after(ms: number, fn: () => void): Timer;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  mono: () => performance.now(),
  after(ms, fn) {
    const handle = setTimeout(fn, ms);
    return { cancel: () => clearTimeout(handle) };
  },
};
