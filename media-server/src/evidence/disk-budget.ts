/** How much disk clips may take. A warning before it is reached; at the limit the oldest without a hold go first. */
import { CodedError } from '@shouwang/protocol';

export interface BudgetedClip {
  clipId: string;
  /** When it was asked for. ms since 1970 */
  from: number;
  /** Being recorded: cannot go. */
  active: boolean;
  heldUntil: number | undefined;
}

export interface DiskBudgetOptions {
  /** Bytes. */
  limit: number;
  /** Of the limit; from there on it is a fault. */
  warnAt: number;
}

export class DiskBudget {
  readonly #o: DiskBudgetOptions;
  readonly #bytes = new Map<string, number>();
  /** Written since a clip was last measured. */
  #total = 0;

  constructor(options: DiskBudgetOptions) {
    this.#o = options;
  }

  get used(): number {
    return this.#total;
  }

  get limit(): number {
    return this.#o.limit;
  }

  get state(): 'well' | 'nearly-full' | 'full' {
    if (this.#total >= this.#o.limit) return 'full';
    return this.#total >= this.#o.limit * this.#o.warnAt ? 'nearly-full' : 'well';
  }

  measured(clipId: string, bytes: number): void {
    this.#total += bytes - (this.#bytes.get(clipId) ?? 0);
    this.#bytes.set(clipId, bytes);
  }

  gone(clipId: string): void {
    this.#total -= this.#bytes.get(clipId) ?? 0;
    this.#bytes.delete(clipId);
  }

  /** Throws DISK_FULL. */
  check(): void {
    if (this.#total >= this.#o.limit) throw new CodedError('DISK_FULL', 'recorder.diskBudgetMb is used up');
  }

  /** Whose turn it is to go, so that `wanted` bytes are free; as many as there are, where that is not enough. */
  toGo(clips: readonly BudgetedClip[], wanted: number, now: number): string[] {
    const order = clips.filter((c) => !c.active && !(c.heldUntil !== undefined && c.heldUntil > now)).sort((a, b) => a.from - b.from);
    const going: string[] = [];
    let free = this.#o.limit - this.#total;
    for (const { clipId } of order) {
      if (free >= wanted) break;
      going.push(clipId);
      free += this.#bytes.get(clipId) ?? 0;
    }
    return going;
  }
}
