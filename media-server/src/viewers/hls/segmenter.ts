/**
 * Pictures and sound → init sections, parts and segments (RFC 8216bis): a segment begins at a key frame, a part is a run of
 * pictures no longer than the part target, a segment's bytes are those of its parts.
 */
import type { AccessUnit, VideoTrack } from '../../ingest/access-unit.ts';
import { AudioLane, type LaneTrack } from './audio-lane.ts';
import { fragmentPieces } from './fmp4/fragment.ts';
import { initSegment, TIMESCALE } from './fmp4/init.ts';
import { FULL_PART, PACE_PICTURES, partTarget } from './part-target.ts';
import { type Init, type Part, partOf, type Segment, SegmentList } from './segment-list.ts';
import { type TimedPicture, Timeline } from './timeline.ts';

export interface SegmenterOptions {
  partMs: number;
  /** How many seconds of complete segments the playlist offers. */
  windowS: number;
  /** EXT-X-TARGETDURATION, whole seconds: it may not change while a playlist lives (RFC 8216bis, 6.2.1). */
  targetS: number;
  /** Something new can be fetched. */
  onChange: () => void;
  /** The sound that goes with the pictures now, as AAC. Asked at the beginning of each segment. */
  soundTrack?: () => LaneTrack | undefined;
}

/** Cameras with a key frame a second or more often: segments are not cut shorter than this. */
const MIN_SEGMENT_TICKS = TIMESCALE * 0.9;
const FIRST_PARTS = 2;
/** How far a duration may lie above the target, s: it is rounded before it is compared (4.4.3.1). */
const ROUNDING_S = 0.49;
/** Between so many part targets and more, nothing came, and the time is left out. */
const LONGEST_PICTURE = 1.5;
/** More than what a camera's uneven pace, or loss on the way, comes to: ticks beyond a part, and pictures. */
const MAX_CARRIED = TIMESCALE;
const MAX_GAPS = 5;
/** Of the past, so many pictures tell the pace: it may have changed since the key frame. */
const RECENT = 3 * PACE_PICTURES;

export class Segmenter {
  readonly #o: SegmenterOptions;
  readonly #timeline = new Timeline();
  readonly #list: SegmentList;
  #init = -1;
  #track: VideoTrack | undefined;
  #sound: LaneTrack | undefined;
  #lane: AudioLane | undefined;
  #pending: TimedPicture[] = [];
  #pendingTicks = 0;
  #segmentTicks = 0;
  #fragments = 0;
  /** Ticks by which the next picture is decoded before its time, because the part before it had no room left. */
  #carried = 0;
  /** Pictures in a row before which time was left out. */
  #gaps = 0;
  #breakNext = false;
  #replaying = false;
  /** Pictures that came before the camera's pace was known. */
  #first: AccessUnit[] = [];
  /** Longest part, ticks; undefined until then. */
  #partTicks: number | undefined;
  /** Since the newest key frame, s, and the longest that this has become. */
  #sinceKeyS = 0;
  #keyDistanceS = 0;

  constructor(options: SegmenterOptions) {
    this.#o = options;
    this.#list = new SegmentList(options.windowS);
  }

  /** Oldest first; the last one may be under way. */
  get segments(): readonly Segment[] {
    return this.#list.segments;
  }

  /** How many discontinuities lie before the first segment (EXT-X-DISCONTINUITY-SEQUENCE). */
  get discontinuitySequence(): number {
    return this.#list.discontinuitySequence;
  }

  /** EXT-X-PART-INF:PART-TARGET, s. */
  get partTargetS(): number {
    return Math.ceil(this.#targetTicks / (TIMESCALE / 1000)) / 1000;
  }

  /** Longest distance of key frames so far, s; 0: not known yet. */
  get keyDistanceS(): number {
    return this.#keyDistanceS;
  }

  /** The camera's pictures have become so few that parts of this target cannot hold them: its time runs away, and only another stream helps. */
  get outpaced(): boolean {
    return this.#carried > this.#targetTicks + MAX_CARRIED || this.#gaps >= MAX_GAPS;
  }

  /** What decodes the newest pictures. */
  get track(): VideoTrack | undefined {
    return this.#track;
  }

  get sound(): LaneTrack | undefined {
    return this.#sound;
  }

  init(index: number): Init | undefined {
    return this.#list.inits.get(index);
  }

  segment(sequence: number): Segment | undefined {
    return this.#list.get(sequence);
  }

  /** Pictures of the past, to begin with. */
  replay(pictures: readonly AccessUnit[]): void {
    this.#replaying = true;
    if (pictures.length >= PACE_PICTURES) this.#partTicks = partTarget(pictures.slice(-RECENT), this.#wantedTicks);
    for (const picture of pictures) this.push(picture);
    this.#replaying = false;
    this.#divideFirst();
  }

  push(picture: AccessUnit): void {
    if (this.#partTicks === undefined) {
      this.#first.push(picture);
      if (this.#first.length < PACE_PICTURES) return;
      this.#partTicks = partTarget(this.#first, this.#wantedTicks);
      for (const early of this.#first.splice(0)) this.#add(early);
    } else this.#add(picture);
  }

  /** One AAC frame; `ticks` on the same line as the pictures'. */
  pushSound(data: Buffer, ticks: number): void {
    const at = this.#timeline.line(ticks);
    if (at !== undefined) this.#lane?.push(data, at);
  }

  get #wantedTicks(): number {
    return (this.#o.partMs * TIMESCALE) / 1000;
  }

  get #targetTicks(): number {
    return this.#partTicks ?? this.#wantedTicks;
  }

  #add(picture: AccessUnit): void {
    if (this.#timeline.breaks(picture)) this.#break();
    for (const timed of this.#timeline.push(picture, this.#targetTicks * LONGEST_PICTURE)) this.#take(timed);
  }

  #break(): void {
    for (const timed of this.#timeline.flush()) this.#take(timed);
    this.#endSegment();
    this.#breakNext = true;
    this.#sinceKeyS = 0;
  }

  #take(given: TimedPicture): void {
    let timed = this.#afterCarried(given);
    this.#gaps = timed.afterGap ? this.#gaps + 1 : 0;
    const open = this.#list.open;
    const long = this.#segmentTicks + this.#pendingTicks >= MIN_SEGMENT_TICKS;
    if (timed.key && (!open?.independent || long || timed.afterGap)) {
      this.#endSegment();
      this.#beginSegment(timed.picture);
    } else if (!open) return;
    this.#measure(timed);
    if (timed.afterGap && !timed.key) this.#continueAfterGap(timed.picture);
    const target = this.#nextPartTicks();
    if (this.#pendingTicks >= target * FULL_PART && this.#pendingTicks + timed.duration > target) {
      this.#endPart();
      this.#divideLong();
    }
    const room = this.#nextPartTicks() - this.#pendingTicks;
    if (timed.duration > room) timed = this.#shortened(timed, room);
    this.#pending.push(timed);
    this.#pendingTicks += timed.duration;
  }

  /**
   * A picture that lasts longer than its part has room, where the part without it would be too short (4.4.4.9): the next one is decoded
   * earlier, and shown when it should be.
   */
  #shortened(timed: TimedPicture, room: number): TimedPicture {
    const duration = Math.max(1, Math.floor(room));
    this.#carried = timed.duration - duration;
    return { ...timed, duration };
  }

  #afterCarried(timed: TimedPicture): TimedPicture {
    const carried = this.#carried;
    if (carried === 0) return timed;
    this.#carried = 0;
    return { ...timed, dts: timed.dts - carried, offset: timed.offset + carried, duration: timed.duration + carried };
  }

  /** Another segment, so that its date and time are true. */
  #continueAfterGap({ pictureAt }: AccessUnit): void {
    this.#endPart();
    const before = this.#list.open;
    if (!before || before.parts.length === 0) return;
    before.complete = true;
    this.#continue(before, [], pictureAt);
    this.#list.trim();
    this.#o.onChange();
  }

  #measure(timed: TimedPicture): void {
    if (timed.key) this.#sinceKeyS = 0;
    this.#sinceKeyS += timed.duration / TIMESCALE;
    this.#keyDistanceS = Math.max(this.#keyDistanceS, this.#sinceKeyS);
  }

  #beginSegment(picture: AccessUnit): void {
    const { track } = picture;
    const sound = this.#o.soundTrack?.();
    if (!this.#track || !sameCoding(this.#track, track) || !sameSound(this.#sound, sound)) {
      this.#list.inits.set(++this.#init, { bytes: initSegment(track, sound), track, sound });
      this.#breakNext ||= this.#track !== undefined;
      if (!sameSound(this.#sound, sound)) this.#lane = sound && new AudioLane(sound);
      this.#sound = sound;
    }
    this.#track = track;
    this.#segmentTicks = 0;
    this.#list.add({
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
    const segment = this.#list.open;
    const [first] = this.#pending;
    if (!segment || !first) return;
    const durationS = this.#pendingTicks / TIMESCALE;
    const sound = this.#lane?.take(first.dts + first.offset, first.dts + first.offset + this.#pendingTicks);
    const pieces = fragmentPieces(++this.#fragments, this.#pending, sound);
    segment.parts.push(partOf(pieces, { durationS, independent: first.key, pictures: this.#pending.length }));
    segment.durationS += durationS;
    this.#segmentTicks += this.#pendingTicks;
    this.#pending = [];
    this.#pendingTicks = 0;
    this.#divideFirst();
    this.#o.onChange();
  }

  /** A camera whose key frames are farther apart than the target allows: a segment is cut without one. */
  #divideLong(): void {
    const long = this.#list.open;
    if (!long || long.durationS + this.partTargetS <= this.#o.targetS + ROUNDING_S) return;
    long.complete = true;
    this.#continue(long, []);
    this.#list.trim();
    this.#o.onChange();
  }

  /** The very first part is half as long, so that players can begin early; one that begins with a key frame may be (4.4.4.9). */
  #nextPartTicks(): number {
    const current = this.#list.open;
    const isFirst = current?.sequence === 0 && !this.#replaying && current.parts.length === 0;
    return isFirst ? this.#targetTicks / 2 : this.#targetTicks;
  }

  /**
   * Divides the first segment before its third part, or where the beginning was cached before its last: hls.js begins with a
   * whole segment, and goes on to parts at once only where that one is no shorter than its first part and what follows it. The
   * rest is a segment that does not begin with a key frame.
   */
  #divideFirst(): void {
    const first = this.#list.open;
    if (this.#replaying || first?.sequence !== 0 || first.parts.length <= FIRST_PARTS) return;
    const part = first.parts.pop()!;
    first.durationS -= part.durationS;
    first.complete = true;
    this.#continue(first, [part]);
  }

  /** A segment that goes on from `before` without a key frame. */
  #continue(before: Segment, parts: Part[], pictureAt = Math.round(before.pictureAt + before.durationS * 1000)): void {
    this.#list.add({
      init: before.init,
      discontinuity: false,
      pictureAt,
      independent: false,
      parts,
      durationS: parts.reduce((sum, p) => sum + p.durationS, 0),
      complete: false,
    });
  }

  #endSegment(): void {
    this.#endPart();
    const segment = this.#list.open;
    if (!segment) return;
    // One that was cut just now and got nothing more goes unsaid.
    if (segment.parts.length === 0) this.#list.withdraw();
    else segment.complete = true;
    this.#list.trim();
    this.#o.onChange();
  }
}

function sameCoding(a: VideoTrack, b: VideoTrack): boolean {
  const same = (x: readonly Buffer[], y: readonly Buffer[]) => x.length === y.length && x.every((p, i) => p.equals(y[i]!));
  return a.codec === b.codec && a.sps.equals(b.sps) && same(a.pps, b.pps) && same(a.vps, b.vps);
}

function sameSound(a: LaneTrack | undefined, b: LaneTrack | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.config.equals(b.config));
}
