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

/** Resolves when `done` has settled, however, or after `ms`. */
export function atMost(clock: Pick<Clock, 'after'>, ms: number, done: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.after(ms, resolve);
    const settled = () => {
      timer.cancel();
      resolve();
    };
    done.then(settled, settled);
  });
}
