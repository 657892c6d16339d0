/** How busy this process's own thread is, which all that runs in JavaScript shares. */
import { performance } from 'node:perf_hooks';
import type { Clock } from './clock.ts';

/** Measured over no less than this, ms. */
const OVER_MS = 2000;

/** Gives the share of its time that the thread lately did not wait for anything, from 0 to 1. */
export function threadUse(clock: Clock): () => number {
  let at = clock.now();
  let before = performance.eventLoopUtilization();
  let use = 0;
  return () => {
    if (clock.now() - at < OVER_MS) return use;
    const now = performance.eventLoopUtilization();
    use = performance.eventLoopUtilization(now, before).utilization;
    before = now;
    at = clock.now();
    return use;
  };
}
