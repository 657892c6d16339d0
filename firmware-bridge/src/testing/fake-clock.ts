import type { Clock, Timer } from '../clock.ts';

/** A clock that moves only when told. Wall and monotonic time move together unless `jumpWall` parts them. */
export class FakeClock implements Clock {
  #mono = 0;
  #wallOffset: number;
  #timers: { at: number; fn: () => void }[] = [];

  constructor(wallStart = 1_800_000_000_000) {
    this.#wallOffset = wallStart;
  }

  now(): number {
    return this.#wallOffset + this.#mono;
  }

  mono(): number {
    return this.#mono;
  }

  after(ms: number, fn: () => void): Timer {
    const timer = { at: this.#mono + ms, fn };
    this.#timers.push(timer);
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((t) => t !== timer);
      },
    };
  }

  /** Moves time on by `ms`, running what becomes due in order. */
  passes(ms: number): void {
    const end = this.#mono + ms;
    for (;;) {
      const next = this.#timers.filter((t) => t.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((t) => t !== next);
      this.#mono = Math.max(this.#mono, next.at);
      next.fn();
    }
    this.#mono = end;
  }

  /** The wall clock is corrected by `ms` (a time server answered); no time passes. */
  jumpWall(ms: number): void {
    this.#wallOffset += ms;
  }

  /** Ms until the next timer; Infinity where none is armed. */
  get nextIn(): number {
    return Math.min(...this.#timers.map((t) => t.at)) - this.#mono;
  }

  /** How many timers are armed. */
  get armed(): number {
    return this.#timers.length;
  }
}
