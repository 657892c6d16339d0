/** A clock that stands still until the test moves it. */
import type { Cancel, Clock } from '../lib/clock.ts';

interface Entry {
  at: number;
  run: () => void;
}

export class ManualClock implements Clock {
  private time: number;
  private entries: Entry[] = [];

  constructor(start = 1_790_000_000_000) {
    this.time = start;
  }

  now(): number {
    return this.time;
  }

  after(ms: number, run: () => void): Cancel {
    const entry = { at: this.time + ms, run };
    this.entries.push(entry);
    return () => {
      this.entries = this.entries.filter((e) => e !== entry);
    };
  }

  /** Timers that have not fired, as ms from now, soonest first. */
  pending(): number[] {
    return this.entries.map((e) => e.at - this.time).sort((a, b) => a - b);
  }

  /** Moves time forward while nothing can happen; timers that were due meanwhile fire when it goes on. */
  sleeps(ms: number): void {
    this.time += ms;
  }

  /** Moves time forward, firing every timer on its way in order. */
  passes(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const due = this.entries.filter((e) => e.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.entries = this.entries.filter((e) => e !== due);
      this.time = Math.max(this.time, due.at);
      due.run();
    }
    this.time = end;
  }
}
