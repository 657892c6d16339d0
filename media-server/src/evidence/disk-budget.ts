/**
 * How much disk clips may take: what is configured, or less where the disk has less. A warning before it is reached; at the limit the oldest
 * without a hold go first.
 */
import { statfsSync } from 'node:fs';

export interface BudgetedClip {
  clipId: string;
  /** When it was asked for. ms since 1970 */
  from: number;
  /** Being recorded, or made into its file: cannot go. */
  active: boolean;
  /** By the centre's clock. ms since 1970 */
  heldUntil: number | undefined;
}

/** `centreNow`: by the centre's clock, as holds end. */
export function mayGo({ active, heldUntil }: BudgetedClip, centreNow: number): boolean {
  return !active && (heldUntil === undefined || heldUntil <= centreNow);
}

export interface DiskBudgetOptions {
  /** Bytes. */
  limit: number;
  /** Of the limit; from there on it is a fault. */
  warnAt: number;
  /** Bytes that the disk has left. */
  diskFree: () => number;
}

/** Left free on the disk, bytes: for records and logs, and for what is there twice while a clip is made into its file. */
export const RESERVE_BYTES = 512 * 1024 * 1024;

export class DiskBudget {
  readonly #o: DiskBudgetOptions;
  readonly #bytes = new Map<string, number>();
  /** Of all clips, when each was last measured. */
  #total = 0;
  /** What the disk had for clips at the last look. */
  #disk = Number.POSITIVE_INFINITY;

  constructor(options: DiskBudgetOptions) {
    this.#o = options;
  }

  get used(): number {
    return this.#total;
  }

  get limit(): number {
    return Math.min(this.#o.limit, this.#disk);
  }

  /** Bytes; below 0 where clips take more than they may. */
  get free(): number {
    return this.limit - this.#total;
  }

  get state(): 'well' | 'nearly-full' | 'full' {
    if (this.free <= 0) return 'full';
    return this.#total >= this.limit * this.#o.warnAt ? 'nearly-full' : 'well';
  }

  /** Others write to the disk, too. */
  look(): void {
    this.#disk = Math.max(0, this.#total + this.#o.diskFree() - RESERVE_BYTES);
  }

  of(clipId: string): number {
    return this.#bytes.get(clipId) ?? 0;
  }

  measured(clipId: string, bytes: number): void {
    this.#total += bytes - this.of(clipId);
    this.#bytes.set(clipId, bytes);
  }

  gone(clipId: string): void {
    this.#total -= this.of(clipId);
    this.#bytes.delete(clipId);
  }

  /** Whose turn it is to go, so that `wanted` bytes are free; as many as there are, where that is not enough. One that takes nothing stays. */
  toGo(clips: readonly BudgetedClip[], wanted: number, centreNow: number): string[] {
    const takesRoom = clips.filter((c) => mayGo(c, centreNow) && this.of(c.clipId) > 0);
    const going: string[] = [];
    let free = this.free;
    for (const { clipId } of takesRoom.sort((a, b) => a.from - b.from)) {
      if (free >= wanted) break;
      going.push(clipId);
      free += this.of(clipId);
    }
    return going;
  }
}

/** Bytes that anybody but root may still write where `folder` is; of a file system that does not say, as many as one likes. */
export function diskFree(folder: string): number {
  try {
    const { blocks, bavail, bsize } = statfsSync(folder);
    return blocks === 0 ? Number.POSITIVE_INFINITY : bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
