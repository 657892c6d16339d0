/** Time as the page sees it. Injected everywhere, so that tests move it by hand. */
export type Cancel = () => void;

export interface Clock {
  /** ms since 1970 by the box's clock. */
  now(): number;
  /** Runs once after `ms`. */
  after(ms: number, run: () => void): Cancel;
  /** Runs every `ms` until cancelled. */
  every(ms: number, run: () => void): Cancel;
}

export const realClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const id = setTimeout(run, ms);
    return () => clearTimeout(id);
  },
  every: (ms, run) => {
    const id = setInterval(run, ms);
    return () => clearInterval(id);
  },
};
