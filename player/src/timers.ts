import { CodedError } from '@shouwang/protocol';

/** Clock, delays and dice, injected so that tests decide when time passes. */
export interface Timers {
  /** ms since 1970. */
  now(): number;
  /** Calls `fn` once after `ms`; the returned function cancels it. */
  after(ms: number, fn: () => void): () => void;
  /** From 0 up to 1. */
  random(): number;
}

export const browserTimers: Timers = {
  now: () => Date.now(),
  after: (ms, fn) => {
    const handle = setTimeout(fn, ms);
    return () => clearTimeout(handle);
  },
  random: () => Math.random(),
};

/** How long to wait before attempt `failures` + 1: 0.5 s doubling to at most 5 s, of which the upper half is dice, so that a village does not come back in step. */
export function backoffMs(failures: number, timers: Timers): number {
  const ceiling = Math.min(5000, 500 * 2 ** Math.max(0, failures - 1));
  return Math.round(ceiling * (0.5 + timers.random() / 2));
}

/** What `work` comes to, or TIMEOUT after `ms`; what it comes to later is left to whoever holds it. */
export function inTime<T>(timers: Timers, ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = timers.after(ms, () => reject(new CodedError('TIMEOUT', 'no answer in time')));
    work.then(
      (value) => {
        cancel();
        resolve(value);
      },
      (error) => {
        cancel();
        reject(error);
      },
    );
  });
}
