/** A token bucket: so many messages at once, so many a second after that. */
import type { Clock } from '../clock.ts';

export class Bucket {
  readonly #clock: Clock;
  readonly #rate: number;
  readonly #burst: number;
  #tokens: number;
  #at: number;

  /** `rate`: tokens a second. `burst`: tokens at most. */
  constructor(clock: Clock, rate: number, burst: number) {
    this.#clock = clock;
    this.#rate = rate;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = clock.now();
  }

  /**
   * Takes one token, on credit if need be. Returns for how many ms the taker has to wait first; undefined, and nothing is taken,
   * where that would be longer than `longestMs`.
   */
  take(longestMs = Number.POSITIVE_INFINITY): number | undefined {
    this.#fill();
    const waitMs = Math.max(0, ((1 - this.#tokens) / this.#rate) * 1000);
    if (waitMs > longestMs) return undefined;
    this.#tokens -= 1;
    return waitMs;
  }

  /** Whether it is as if nobody had ever taken anything. */
  get isFull(): boolean {
    this.#fill();
    return this.#tokens === this.#burst;
  }

  #fill(): void {
    const now = this.#clock.now();
    // A clock that is set back takes no tokens away: an alarm would wait as long as the clock was wrong.
    this.#tokens = Math.min(this.#burst, this.#tokens + (Math.max(0, now - this.#at) / 1000) * this.#rate);
    this.#at = now;
  }
}
