/**
 * Gives pictures their decode times. RTP carries presentation times only; the decode times are the same numbers in
 * ascending order, shifted so that no picture is shown before it is decoded. The shift is as long as the reordering
 * goes deep: nothing at all for the usual camera, which has no B pictures.
 */
import type { AccessUnit } from '../../ingest/access-unit.ts';
import { parseSps } from '../../ingest/h264/sps.ts';
import { parseSps265 } from '../../ingest/h265/sps.ts';
import type { Sample } from './fmp4/fragment.ts';
import { TIMESCALE } from './fmp4/init.ts';

export interface TimedPicture extends Sample {
  picture: AccessUnit;
  /** Time before it was left out of the line: nothing came for so long that the picture before could not last until this one. */
  afterGap: boolean;
}

/** Until two pictures are known: 25 a second. */
const USUAL_DURATION = TIMESCALE / 25;
/** More than this between two pictures is no slow camera: the line is broken and begins anew. */
const MAX_GAP = 5 * TIMESCALE;
/** max_dec_frame_buffering never exceeds this (ITU-T H.264, A.3.1). */
const MAX_DEPTH = 16;

interface Held {
  picture: AccessUnit;
  dts: number;
  pts: number;
  afterGap: boolean;
}

/** Of pictures without a gap between them. */
interface Run {
  /** How many pictures wait for those that are shown before them. */
  depth: number;
  /** Added to a picture's ticks: presentation time on our line. */
  base: number;
  /** Taken from a presentation time to get a decode time. */
  shift: number;
  /** Ticks of the newest decode time. */
  last: number;
}

export class Timeline {
  #run: Run | undefined;
  /** Decoding order, waiting for their decode time. */
  #waiting: AccessUnit[] = [];
  /** Ticks of the waiting ones, ascending. */
  #times: number[] = [];
  /** Waits for its successor, to know how long it lasts. */
  #held: Held | undefined;
  #duration = USUAL_DURATION;
  /** Where the next run begins. */
  #end = 0;

  /** Takes a picture in decoding order; gives those that are finished, mostly one. `longest`: what a picture may last, ticks. */
  push(picture: AccessUnit, longest = MAX_GAP): TimedPicture[] {
    this.#run ??= { depth: reorderDepth(picture), base: Number.NaN, shift: 0, last: Number.NEGATIVE_INFINITY };
    const run = this.#run;
    if (picture.ticks <= run.last && run.depth < MAX_DEPTH) {
      // Its decode time has been given away: the camera reorders deeper than it said.
      run.depth++;
      run.shift += this.#duration;
    }
    this.#times.splice(this.#place(picture.ticks), 0, picture.ticks);
    this.#waiting.push(picture);
    const done: TimedPicture[] = [];
    while (this.#waiting.length > run.depth) this.#release(run, done, longest);
    return done;
  }

  /** Whether a picture cannot be a continuation: call `flush` before it. */
  breaks(picture: AccessUnit): boolean {
    const last = this.#waiting.at(-1) ?? this.#held?.picture;
    return last !== undefined && (last.track.run !== picture.track.run || Math.abs(picture.ticks - last.ticks) > MAX_GAP);
  }

  /** Where a presentation time lies on our line; undefined before the first picture of a run. */
  line(ticks: number): number | undefined {
    const base = this.#run?.base;
    return base === undefined || Number.isNaN(base) ? undefined : ticks + base;
  }

  /** Gives everything that is left; the next picture begins a new run that follows at once. */
  flush(): TimedPicture[] {
    const done: TimedPicture[] = [];
    while (this.#run && this.#waiting.length > 0) this.#release(this.#run, done, MAX_GAP);
    if (this.#held) done.push(this.#finish(this.#held, this.#duration));
    this.#held = undefined;
    this.#run = undefined;
    return done;
  }

  #place(ticks: number): number {
    let i = this.#times.length;
    while (i > 0 && this.#times[i - 1]! > ticks) i--;
    return i;
  }

  #release(run: Run, done: TimedPicture[], longest: number): void {
    if (Number.isNaN(run.base)) this.#anchor(run);
    const picture = this.#waiting.shift()!;
    run.last = this.#times.shift()!;
    let dts = Math.round(run.last + run.base - run.shift);
    let afterGap = false;
    if (this.#held) {
      const gap = dts - this.#held.dts;
      if (gap > longest) {
        afterGap = true;
        run.base -= gap - this.#duration;
        dts -= gap - this.#duration;
      }
      dts = Math.max(dts, this.#held.dts + 1);
      done.push(this.#finish(this.#held, dts - this.#held.dts));
    }
    this.#held = { picture, dts: Math.max(dts, 0), pts: Math.round(picture.ticks + run.base), afterGap };
  }

  /** The first picture of a run is decoded where the last run ended. */
  #anchor(run: Run): void {
    const n = this.#times.length;
    if (n > 1) this.#duration = Math.min((this.#times[n - 1]! - this.#times[0]!) / (n - 1), TIMESCALE);
    run.shift = run.depth * this.#duration;
    run.base = this.#end + run.shift - this.#times[0]!;
  }

  #finish(held: Held, duration: number): TimedPicture {
    const { picture, dts, pts, afterGap } = held;
    const whole = Math.max(1, Math.round(duration));
    if (whole > 1 && whole < TIMESCALE) this.#duration = whole;
    this.#end = dts + whole;
    return { picture, nals: picture.nals, framed: picture.framed, key: picture.key, dts, offset: pts - dts, duration: whole, afterGap };
  }
}

function reorderDepth(picture: AccessUnit): number {
  const { codec, sps } = picture.track;
  return codec === 'h265' ? parseSps265(sps).reorderFrames : (parseSps(sps).reorderFrames ?? 0);
}
