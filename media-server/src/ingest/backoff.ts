/** Doubling waits with jitter, so that a hundred cameras behind one switch do not come back in step. */
export interface BackoffOptions {
  firstMs: number;
  maxMs: number;
  /** 0 ≤ value < 1. */
  random: () => number;
}

export class Backoff {
  readonly #o: BackoffOptions;
  #tries = 0;

  constructor(options: BackoffOptions) {
    this.#o = options;
  }

  /** ms to wait before the next try: between half of and the whole doubled wait. */
  next(): number {
    const full = Math.min(this.#o.firstMs * 2 ** this.#tries, this.#o.maxMs);
    this.#tries = Math.min(this.#tries + 1, 16);
    return Math.round(full / 2 + (full / 2) * this.#o.random());
  }

  reset(): void {
    this.#tries = 0;
  }
}
