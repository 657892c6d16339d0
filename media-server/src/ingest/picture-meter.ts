/** Whether what comes gives pictures: a payload type that was not announced gives none, nor do pictures before the first key frame. */
import type { SourceCounters, SourceHealth } from './access-unit.ts';

/** Key frames are hardly ever farther apart; and it is to be known within half a minute. */
const LIMIT_MS = 20_000;

export const NO_PICTURES: SourceHealth = { phase: 'silent', detail: 'packets come, but no picture that can be decoded' };

export class PictureMeter {
  readonly #counters: Readonly<SourceCounters>;
  #pictures: number;
  #since: number;

  /** `now`, here as below: ms since 1970. */
  constructor(counters: Readonly<SourceCounters>, now: number) {
    this.#counters = counters;
    this.#pictures = counters.pictures;
    this.#since = now;
  }

  /** Looked at every few seconds: whether there was no picture for too long. */
  lacks(now: number): boolean {
    const { pictures } = this.#counters;
    if (pictures !== this.#pictures) this.#since = now;
    this.#pictures = pictures;
    return now - this.#since >= LIMIT_MS;
  }
}
