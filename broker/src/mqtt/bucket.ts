/** A token bucket: so many messages at once, so many a second after that. Too many are delayed, never dropped. */
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

  /** Takes one token, on credit if need be. Returns for how many ms the taker has to wait first. */
  take(): number {
    const now = this.#clock.now();
    // A clock that is set back takes no tokens away: an alarm would wait as long as the clock was wrong.
    this.#tokens = Math.min(this.#burst, this.#tokens + (Math.max(0, now - this.#at) / 1000) * this.#rate);
    this.#at = now;
    this.#tokens -= 1;
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#rate) * 1000;
  }
}
