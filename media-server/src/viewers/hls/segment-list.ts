/** The segments of one stream, and how long each stays. */
import type { VideoTrack } from '../../ingest/access-unit.ts';
import type { LaneTrack } from './audio-lane.ts';

export interface Part {
  bytes: Buffer;
  /** Of `bytes`. */
  readonly size: number;
  durationS: number;
  /** Begins with a key frame. */
  independent: boolean;
  pictures: number;
}

/** A part of pieces that lie somewhere already: in one piece it is from when somebody wants it. */
export function partOf(
  pieces: readonly Buffer[],
  { durationS, independent, pictures }: Pick<Part, 'durationS' | 'independent' | 'pictures'>,
): Part {
  let held = pieces;
  return {
    durationS,
    independent,
    pictures,
    size: pieces.reduce((sum, p) => sum + p.length, 0),
    get bytes() {
      if (held.length > 1) held = [Buffer.concat(held)];
      return held[0]!;
    },
    set bytes(whole) {
      held = [whole];
    },
  };
}

export interface Segment {
  /** Media sequence number, from 0 in each stream epoch. */
  sequence: number;
  /** Which init section decodes it. */
  init: number;
  /** Time or coding does not go on from the segment before. */
  discontinuity: boolean;
  /** When its first picture was taken, ms since 1970. */
  pictureAt: number;
  /** Begins with a key frame; all do but the second one of a stream, and those of cameras with hardly any. */
  independent: boolean;
  parts: Part[];
  /** Sum of the parts so far. */
  durationS: number;
  complete: boolean;
  /** See `wholeOf`. */
  bytes?: Buffer;
}

export interface Init {
  bytes: Buffer;
  track: VideoTrack;
  sound: LaneTrack | undefined;
}

/** Its bytes are those of its parts; put together once, for whoever takes segments, and its parts are pieces of them from then on. */
export function wholeOf(segment: Segment): Buffer {
  if (segment.bytes) return segment.bytes;
  segment.bytes = Buffer.concat(segment.parts.map((p) => p.bytes));
  let at = 0;
  for (const part of segment.parts) {
    part.bytes = segment.bytes.subarray(at, at + part.size);
    at += part.size;
  }
  return segment.bytes;
}

/** However long the window: no camera gets more memory than this. */
const MAX_BYTES = 96 * 1024 * 1024;

export class SegmentList {
  readonly #windowS: number;
  readonly inits = new Map<number, Init>();
  #segments: Segment[] = [];
  #dropped = 0;
  #droppedDiscontinuities = 0;

  constructor(windowS: number) {
    this.#windowS = windowS;
  }

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  get discontinuitySequence(): number {
    return this.#droppedDiscontinuities;
  }

  /** The one under way. */
  get open(): Segment | undefined {
    const last = this.#segments.at(-1);
    return last && !last.complete ? last : undefined;
  }

  get(sequence: number): Segment | undefined {
    return this.#segments[sequence - this.#dropped];
  }

  add(segment: Omit<Segment, 'sequence'>): void {
    this.#segments.push({ ...segment, sequence: this.#dropped + this.#segments.length });
  }

  /** Takes the newest one back, of which nothing was ever told. */
  withdraw(): void {
    this.#segments.pop();
  }

  /**
   * Lets go of what is too old. A segment stays, once it is out of the playlist, for its own duration and the longest playlist's that
   * had it (6.2.2): some player is behind.
   */
  trim(): void {
    const size = (s: Segment) => s.parts.reduce((sum, p) => sum + p.size, 0);
    let newer = 0;
    let bytes = 0;
    let first = this.#segments.length;
    for (; first > 0; first--) {
      const s = this.#segments[first - 1]!;
      bytes += size(s);
      if (first < this.#segments.length && (bytes > MAX_BYTES || newer > 2 * (this.#windowS + s.durationS))) break;
      newer += s.durationS;
    }
    for (const s of this.#segments.splice(0, first)) {
      this.#dropped++;
      if (s.discontinuity) this.#droppedDiscontinuities++;
    }
    const oldest = this.#segments[0]?.init ?? 0;
    for (const index of this.inits.keys()) if (index < oldest) this.inits.delete(index);
  }
}
