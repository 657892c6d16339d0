/** The share of the processor that is set aside for coding pictures anew: for each process what it is expected to need, then what it was measured to. */
import { setPriority } from 'node:os';
import { CodedError } from '@shouwang/protocol';
import { type Cancel, type Clock, every } from '../lib/clock.ts';
import { cpuSeconds } from './cpu-seconds.ts';

export interface TranscodeBudgetOptions {
  clock: Clock;
  /** All together, in percent of one core. 0: none at all. */
  maxCorePercent: number;
  /** Seconds of processor time that a process has used. */
  cpuSeconds?: (pid: number) => number | undefined;
}

/** What one of them has of the budget, from `take` to `release`. */
export interface Share {
  /** In percent of one core; measured is better, and stays. */
  expects(corePercent: number): void;
  /** Its process began, or (undefined) ended. */
  runs(pid: number | undefined): void;
  release(): void;
}

interface Taken {
  pid: number | undefined;
  corePercent: number;
  measured: boolean;
  /** At the last look. */
  usedS: number | undefined;
}

const LOOK_MS = 5000;
/** Behind the relay itself, when a core is short. */
const NICE = 5;

export class TranscodeBudget {
  readonly #o: TranscodeBudgetOptions;
  readonly #taken = new Set<Taken>();
  readonly #stopLooking: Cancel;

  constructor(options: TranscodeBudgetOptions) {
    this.#o = options;
    this.#stopLooking = every(options.clock, LOOK_MS, () => this.#look());
  }

  /** Shares that are taken. */
  get running(): number {
    return this.#taken.size;
  }

  /** Measured, or as expected while it was not yet, in percent of one core. */
  get corePercent(): number {
    return [...this.#taken].reduce((sum, t) => sum + t.corePercent, 0);
  }

  /** `expected`: percent of one core. Throws TRANSCODE_BUDGET. */
  take(expected: number): Share {
    const { maxCorePercent } = this.#o;
    // One that is expected to need more than all there is may try it alone.
    if (maxCorePercent === 0 || this.corePercent + Math.min(expected, maxCorePercent) > maxCorePercent)
      throw new CodedError('TRANSCODE_BUDGET');
    const taken: Taken = { pid: undefined, corePercent: expected, measured: false, usedS: undefined };
    this.#taken.add(taken);
    return {
      expects: (corePercent) => {
        if (!taken.measured) taken.corePercent = corePercent;
      },
      runs: (pid) => {
        if (taken.pid === pid) return;
        Object.assign(taken, { pid, usedS: undefined });
        if (pid !== undefined) lower(pid);
      },
      release: () => void this.#taken.delete(taken),
    };
  }

  /** Whether `take` would leave as much to somebody else, or nobody wants any. */
  canSpare(expected: number): boolean {
    return this.#taken.size === 0 || this.corePercent + 2 * expected <= this.#o.maxCorePercent;
  }

  close(): void {
    this.#stopLooking();
  }

  /** What each has used since the last look takes the place of what was expected. */
  #look(): void {
    const used = this.#o.cpuSeconds ?? cpuSeconds;
    for (const taken of this.#taken) {
      const now = taken.pid === undefined ? undefined : used(taken.pid);
      if (now !== undefined && taken.usedS !== undefined) {
        taken.corePercent = ((now - taken.usedS) * 100_000) / LOOK_MS;
        taken.measured = true;
      }
      taken.usedS = now;
    }
  }
}

function lower(pid: number): void {
  try {
    setPriority(pid, NICE);
  } catch {
    // It has ended already, or the system knows no priorities.
  }
}
