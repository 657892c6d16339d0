/**
 * Pictures → init sections, parts and segments (RFC 8216bis): a segment begins at a key frame, a part is a run of
 * pictures no longer than the part target, a segment's bytes are those of its parts.
 */
import type { AccessUnit, VideoTrack } from '../../ingest/access-unit.ts';
import { fragment } from './fmp4/fragment.ts';
import { initSegment, TIMESCALE } from './fmp4/init.ts';
import { type TimedPicture, Timeline } from './timeline.ts';

export interface Part {
  bytes: Buffer;
  durationS: number;
  /** Begins with a key frame. */
  independent: boolean;
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
}

export interface SegmenterOptions {
  partMs: number;
  /** How many seconds of complete segments to keep. */
  windowS: number;
  /** Something new can be fetched. */
  onChange: () => void;
}

/** Cameras with a key frame a second or more often: segments are not cut shorter than this. */
const MIN_SEGMENT_TICKS = TIMESCALE * 0.9;
const FIRST_PARTS = 2;
/** Cameras with hardly any key frames: a segment is cut without one, so that old ones can be let go. */
const MAX_SEGMENT_S = 30;
/** Beyond the window, for players that are behind (RFC 8216, 6.2.2). */
const KEPT_SEGMENTS = 3;
/** However long the window: no camera gets more memory than this. */
const MAX_BYTES = 96 * 1024 * 1024;

export class Segmenter {
  readonly #o: SegmenterOptions;
  readonly #timeline = new Timeline();
  readonly #inits = new Map<number, Buffer>();
  #init = -1;
  #track: VideoTrack | undefined;
  #segments: Segment[] = [];
  #dropped = 0;
  #droppedDiscontinuities = 0;
  #pending: TimedPicture[] = [];
  #pendingTicks = 0;
  #segmentTicks = 0;
  #fragments = 0;
  #breakNext = false;
  #replaying = false;

  constructor(options: SegmenterOptions) {
    this.#o = options;
  }

  /** Oldest first; the last one may be under way. */
  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** How many discontinuities lie before the first segment (EXT-X-DISCONTINUITY-SEQUENCE). */
  get discontinuitySequence(): number {
    return this.#droppedDiscontinuities;
  }

  init(index: number): Buffer | undefined {
    return this.#inits.get(index);
  }

  segment(sequence: number): Segment | undefined {
    return this.#segments[sequence - this.#dropped];
  }

  /** Pictures of the past, to begin with. */
  replay(pictures: readonly AccessUnit[]): void {
    this.#replaying = true;
    for (const picture of pictures) this.push(picture);
    this.#replaying = false;
    this.#divideFirst();
  }

  push(picture: AccessUnit): void {
    if (this.#timeline.breaks(picture)) this.#break();
    for (const timed of this.#timeline.push(picture)) this.#take(timed);
  }

  #break(): void {
    for (const timed of this.#timeline.flush()) this.#take(timed);
    this.#endSegment();
    this.#breakNext = true;
  }

  #take(timed: TimedPicture): void {
    const open = this.#open();
    if (timed.key && (!open?.independent || this.#segmentTicks + this.#pendingTicks >= MIN_SEGMENT_TICKS)) {
      this.#endSegment();
      this.#beginSegment(timed.picture);
    } else if (!open) return;
    if (this.#pending.length > 0 && this.#pendingTicks + timed.duration > this.#partTarget()) this.#endPart();
    this.#pending.push(timed);
    this.#pendingTicks += timed.duration;
  }

  #open(): Segment | undefined {
    const last = this.#segments.at(-1);
    return last && !last.complete ? last : undefined;
  }

  #beginSegment(picture: AccessUnit): void {
    const { track } = picture;
    if (!this.#track || !sameCoding(this.#track, track)) {
      this.#inits.set(++this.#init, initSegment(track));
      this.#breakNext ||= this.#track !== undefined;
    }
    this.#track = track;
    this.#segmentTicks = 0;
    this.#segments.push({
      sequence: this.#dropped + this.#segments.length,
      init: this.#init,
      discontinuity: this.#breakNext,
      pictureAt: picture.pictureAt,
      independent: true,
      parts: [],
      durationS: 0,
      complete: false,
    });
    this.#breakNext = false;
  }

  #endPart(): void {
    const segment = this.#open();
    if (!segment || this.#pending.length === 0) return;
    const durationS = this.#pendingTicks / TIMESCALE;
    segment.parts.push({ bytes: fragment(++this.#fragments, this.#pending), durationS, independent: this.#pending[0]!.key });
    segment.durationS += durationS;
    this.#segmentTicks += this.#pendingTicks;
    this.#pending = [];
    this.#pendingTicks = 0;
    this.#divideFirst();
    this.#divideLong();
    this.#o.onChange();
  }

  #divideLong(): void {
    const long = this.#open();
    if (!long || this.#replaying || long.durationS < MAX_SEGMENT_S) return;
    long.complete = true;
    this.#continue(long, []);
    this.#trim();
  }

  /** Ticks. The very first one is half as long, so that players can begin early; one that begins with a key frame may be (RFC 8216bis, 4.4.4.9). */
  #partTarget(): number {
    const full = (this.#o.partMs * TIMESCALE) / 1000;
    const current = this.#segments.at(-1);
    return current?.sequence === 0 && !this.#replaying && current.parts.length === 0 ? full / 2 : full;
  }

  /**
   * Divides the first segment before its third part, or where the beginning was cached before its last: hls.js begins with a
   * whole segment, and goes on to parts at once only where that one is no shorter than its first part and what follows it. The
   * rest is a segment that does not begin with a key frame.
   */
  #divideFirst(): void {
    const first = this.#open();
    if (this.#replaying || first?.sequence !== 0 || first.parts.length <= FIRST_PARTS) return;
    const part = first.parts.pop()!;
    first.durationS -= part.durationS;
    first.complete = true;
    this.#continue(first, [part]);
  }

  /** A segment that goes on from `before` without a key frame. */
  #continue(before: Segment, parts: Part[]): void {
    this.#segments.push({
      ...before,
      sequence: before.sequence + 1,
      discontinuity: false,
      pictureAt: Math.round(before.pictureAt + before.durationS * 1000),
      independent: false,
      parts,
      durationS: parts.reduce((sum, p) => sum + p.durationS, 0),
      complete: false,
    });
  }

  #endSegment(): void {
    this.#endPart();
    const segment = this.#open();
    if (!segment) return;
    segment.complete = true;
    this.#trim();
    this.#o.onChange();
  }

  #trim(): void {
    const size = (s: Segment) => s.parts.reduce((sum, p) => sum + p.bytes.length, 0);
    let kept = 0;
    let bytes = 0;
    let first = this.#segments.length;
    for (let extra = 0; first > 0 && extra < KEPT_SEGMENTS; first--) {
      const s = this.#segments[first - 1]!;
      bytes += size(s);
      if (bytes > MAX_BYTES && first < this.#segments.length) break;
      if (kept >= this.#o.windowS) extra++;
      kept += s.durationS;
    }
    for (const s of this.#segments.splice(0, first)) {
      this.#dropped++;
      if (s.discontinuity) this.#droppedDiscontinuities++;
    }
    const oldest = this.#segments[0]?.init ?? 0;
    for (const index of this.#inits.keys()) if (index < oldest) this.#inits.delete(index);
  }
}

function sameCoding(a: VideoTrack, b: VideoTrack): boolean {
  return a.sps.equals(b.sps) && a.pps.length === b.pps.length && a.pps.every((p, i) => p.equals(b.pps[i]!));
}
