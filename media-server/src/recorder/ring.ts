/** The last seconds of a camera, in memory: whole groups of pictures, bounded in time and in bytes. */
import type { AccessUnit } from '../ingest/access-unit.ts';

export interface RingLimits {
  /** How far back it reaches, ms; a group that begins before is kept while its successor does not reach so far. */
  ms: number;
  bytes: number;
}

interface Group {
  pictures: AccessUnit[];
  bytes: number;
  /** When its first picture arrived, ms since 1970. */
  from: number;
  to: number;
}

export class Ring {
  readonly #limits: RingLimits;
  #groups: Group[] = [];
  #bytes = 0;

  constructor(limits: RingLimits) {
    this.#limits = limits;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** When the oldest picture arrived; undefined: there is none. */
  get oldest(): number | undefined {
    return this.#groups[0]?.from;
  }

  add(picture: AccessUnit): void {
    if (picture.key) this.#groups.push({ pictures: [], bytes: 0, from: picture.arrivedAt, to: picture.arrivedAt });
    const group = this.#groups.at(-1);
    // Nothing can be decoded before the first key frame.
    if (!group) return;
    group.pictures.push(picture);
    group.bytes += picture.bytes;
    group.to = picture.arrivedAt;
    this.#bytes += picture.bytes;
    this.#trim(picture.arrivedAt);
  }

  /** Pictures in decoding order from the last key frame that arrived no later than `from`, or from the first there is. */
  since(from: number): AccessUnit[] {
    let first = 0;
    while (first + 1 < this.#groups.length && this.#groups[first + 1]!.from <= from) first++;
    return this.#groups.slice(first).flatMap((g) => g.pictures);
  }

  /** Lets go of what is too old at `now`, whether anything new comes or not. */
  expire(now: number): void {
    while (this.#groups[0] && this.#groups[0].to < now - this.#limits.ms) this.dropOldest();
  }

  dropOldest(): void {
    const group = this.#groups.shift();
    if (group) this.#bytes -= group.bytes;
  }

  #trim(now: number): void {
    while (this.#groups.length > 1 && this.#groups[1]!.from <= now - this.#limits.ms) this.dropOldest();
    // A single group that is too large goes too: half of one would begin in the middle.
    while (this.#bytes > this.#limits.bytes) this.dropOldest();
  }
}
