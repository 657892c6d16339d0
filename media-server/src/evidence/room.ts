/** Room on the disk for a clip that is to be begun: the oldest without a hold go. */
import type { Clock } from '../lib/clock.ts';
import { Gate } from '../lib/gate.ts';
import type { Log } from '../lib/log.ts';
import type { BudgetedClip, DiskBudget } from './disk-budget.ts';

export interface RoomOptions {
  budget: DiskBudget;
  clock: Clock;
  log: Log;
  /** What is there now. */
  clips: () => readonly BudgetedClip[];
  /** Resolves when its files are gone. */
  drop(clipId: string): Promise<void>;
}

/** Of the budget, made free before a clip is begun. */
const ROOM_BYTES = 64 * 1024 * 1024;

export class Room {
  readonly #o: RoomOptions;
  /** One after the other: two at once would take away more than both need. */
  readonly #gate = new Gate(1, Number.POSITIVE_INFINITY);

  constructor(options: RoomOptions) {
    this.#o = options;
  }

  async make(): Promise<void> {
    const { budget, clock, log, clips, drop } = this.#o;
    const leave = await this.#gate.enter();
    try {
      for (const clipId of budget.toGo(clips(), Math.min(ROOM_BYTES, budget.limit / 4), clock.now())) {
        log.warn({ clipId }, 'the disk budget is used up: the oldest clip without a hold goes');
        await drop(clipId);
      }
    } finally {
      leave?.();
    }
  }
}
