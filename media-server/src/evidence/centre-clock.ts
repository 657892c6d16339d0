/**
 * How far this node's clock is ahead of the centre's, by what the centre said of late and when it says that it said it. A delay only adds to
 * the difference, so the smallest is the nearest to the truth.
 */
import type { Clock } from '../lib/clock.ts';

/** So long something counts, ms. */
const RECENT_MS = 1_800_000;
/** Where the difference grew by more, one of the clocks was set: a wish is never so late, nor a grant that is good for a minute. ms */
const LATEST_MS = 90_000;
/** Clocks that agree so well are taken as one, ms. */
const SAME_CLOCK_MS = 2000;

export class CentreClock {
  readonly #clock: Clock;
  /** Each smaller than all that are newer. */
  #heard: { at: number; aheadMs: number }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The centre said something at `saidAt` by its clock, and it is here now. */
  heard(saidAt: number): void {
    const at = this.#clock.now();
    const aheadMs = at - saidAt;
    const stands = (h: { at: number; aheadMs: number }) =>
      h.aheadMs < aheadMs && h.aheadMs >= aheadMs - LATEST_MS && at - h.at <= RECENT_MS;
    this.#heard = [...this.#heard.filter(stands), { at, aheadMs }];
  }

  /** The centre's time, ms since 1970. `knownAheadMs`: of an earlier run, for as long as nothing was heard in this one. */
  now(knownAheadMs: number): number {
    return this.#clock.now() - (this.#heard.length > 0 ? this.aheadMs : knownAheadMs);
  }

  /** 0 where they agree, or where nothing was heard. */
  get aheadMs(): number {
    const least = this.#heard[0]?.aheadMs ?? 0;
    return Math.abs(least) > SAME_CLOCK_MS ? least : 0;
  }
}
