/** Waiting times between attempts: doubling up to a limit, the upper half random, so that many clients spread out. */
export class Backoff {
  private readonly firstMs: number;
  private readonly maxMs: number;
  private readonly random: () => number;
  private attempts = 0;

  constructor(firstMs: number, maxMs: number, random: () => number) {
    this.firstMs = firstMs;
    this.maxMs = maxMs;
    this.random = random;
  }

  /** ms until the next attempt. */
  next(): number {
    const full = Math.min(this.maxMs, this.firstMs * 2 ** Math.min(this.attempts++, 20));
    return Math.round(full / 2 + (full / 2) * this.random());
  }

  reset(): void {
    this.attempts = 0;
  }
}
