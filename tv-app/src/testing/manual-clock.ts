import type { Cancel, Clock } from '../clock.ts';

interface Due {
  at: number;
  everyMs: number | undefined;
  run: () => void;
}

/** A clock for tests: time passes only when `passes` is called, and promises settle between timers. */
export class ManualClock implements Clock {
  private time: number;
  private readonly due = new Set<Due>();

  constructor(start = 1_790_000_000_000) {
    this.time = start;
  }

  now(): number {
    return this.time;
  }

  after(ms: number, run: () => void): Cancel {
    return this.add({ at: this.time + ms, everyMs: undefined, run });
  }

  every(ms: number, run: () => void): Cancel {
    return this.add({ at: this.time + ms, everyMs: ms, run });
  }

  /** Lets `ms` pass, running what falls due in order. */
  async passes(ms: number): Promise<void> {
    const end = this.time + ms;
    await settle();
    for (let next = this.next(end); next; next = this.next(end)) {
      this.time = next.at;
      if (next.everyMs === undefined) this.due.delete(next);
      else next.at += next.everyMs;
      next.run();
      await settle();
    }
    this.time = end;
  }

  /** How many timers are waiting. */
  get pending(): number {
    return this.due.size;
  }

  private add(due: Due): Cancel {
    this.due.add(due);
    return () => this.due.delete(due);
  }

  private next(end: number): Due | undefined {
    let first: Due | undefined;
    for (const d of this.due) if (d.at <= end && (!first || d.at < first.at)) first = d;
    return first;
  }
}

/** Lets every promise that is ready run its continuations. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 12; i++) await Promise.resolve();
}
