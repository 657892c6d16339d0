/** Room on the disk for the clips that are being recorded: the oldest without a hold go. */
import { CodedError } from '@shouwang/protocol';
import { Gate } from '../lib/gate.ts';
import type { BudgetedClip, DiskBudget } from './disk-budget.ts';

export interface RoomOptions {
  budget: DiskBudget;
  /** By the centre's clock, ms since 1970. */
  centreNow: () => number;
  /** What is there now. */
  clips: () => readonly BudgetedClip[];
  /** Those that are being recorded, or about to be. */
  recorded: () => Iterable<string>;
  /** Resolves when its files are gone, or are to stay after all: more may have come for it meanwhile. */
  drop(clipId: string): Promise<void>;
}

const MB = 1024 * 1024;
/** For one clip: 90 s of 4 Mbit/s, which are there twice while they are made into a file. Bytes. */
const A_CLIP = 128 * MB;
/** For one that has taken that: as much as is written at once, bytes. */
const AT_LEAST = 8 * MB;
/** Of the budget that is kept free at most, however many are recorded. */
const SHARE = 1 / 4;

export class Room {
  readonly #o: RoomOptions;
  /** One after the other: two at once would take away more than both need. */
  readonly #gate = new Gate(1, Number.POSITIVE_INFINITY);
  #making = 0;

  constructor(options: RoomOptions) {
    this.#o = options;
  }

  /** Resolves when there is enough for all that are recorded, or nothing more may go. */
  async make(): Promise<void> {
    const { budget, drop } = this.#o;
    this.#making++;
    const leave = await this.#gate.enter();
    try {
      budget.look();
      for (const clipId of this.#toGo()) await drop(clipId);
    } finally {
      this.#making--;
      leave?.();
    }
  }

  /** Before more is written: has room made where little is left. Throws DISK_FULL where none is, and nothing may go. */
  check(): void {
    const { budget } = this.#o;
    // What goes is as good as gone: nobody waits for it.
    if (this.#making > 0 || (budget.free > 0 && budget.free >= this.#wanted())) return;
    if (this.#toGo().length > 0) void this.make();
    else if (budget.free <= 0) throw new CodedError('DISK_FULL', 'the disk budget is used up, and nothing may go');
  }

  #toGo(): string[] {
    const { budget, clips, centreNow } = this.#o;
    return budget.toGo(clips(), Math.max(1, this.#wanted()), centreNow());
  }

  /** What those that are recorded may still need, bytes. */
  #wanted(): number {
    const { budget, recorded } = this.#o;
    let bytes = 0;
    for (const clipId of new Set(recorded())) bytes += Math.max(AT_LEAST, A_CLIP - budget.of(clipId));
    return Math.min(bytes, budget.limit * SHARE);
  }
}
