/** What a run of faults tried, and what came of it. */
import type { Finding, Promises } from './promises.ts';

export class Report {
  readonly seed: number;
  /** How often each fault was done, by kind. */
  readonly faults = new Map<string, number>();
  readonly totals = { pressed: 0, stored: 0, received: 0, cases: 0 };
  readonly notes: string[] = [];

  constructor(seed: number) {
    this.seed = seed;
  }

  did(fault: string, times = 1): void {
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + times);
  }

  remarks(text: string): void {
    this.notes.push(text);
  }

  /** The end of one scenario. */
  adds({ sent, stored, received }: Promises, { cases }: Finding): void {
    this.totals.pressed += sent.size;
    this.totals.stored += stored.size;
    this.totals.received += received.size;
    this.totals.cases += cases;
  }

  toText(): string {
    const { pressed, stored, received, cases } = this.totals;
    const width = Math.max(...[...this.faults.keys()].map((k) => k.length));
    return [
      `Report (seed ${this.seed})`,
      ...[...this.faults].map(([fault, times]) => `  ${fault.padEnd(width)}  ${times}`),
      `  alarms: ${pressed} pressed or sent, ${stored} shown as stored, ${received} received, ${cases} cases`,
      ...this.notes.map((n) => `  ${n}`),
    ].join('\n');
  }
}
