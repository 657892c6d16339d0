/**
 * Sound beside the pictures: AAC frames end to end on one line. A browser plays only as far as it has both, so a microphone that
 * is late, pauses or never says a word must not hold the pictures up: silence takes the place of what does not come. While sound comes it is
 * waited for a little; while none does, silence is as long as the pictures.
 */

import { AAC_FRAME, type Sound } from './fmp4/fragment.ts';
import { TIMESCALE } from './fmp4/init.ts';

/** AAC-LC, one or two channels. */
export interface LaneTrack {
  sampleRate: number;
  channels: number;
  /** AudioSpecificConfig. */
  config: Buffer;
}

/** raw_data_block (ISO/IEC 14496-3, 4.4.2.1) of nothing to be heard, by channels. */
const SILENCE = new Map([
  [1, Buffer.from('00c800802380', 'hex')],
  [2, Buffer.from('210049900219002380', 'hex')],
]);
/** How far sound may be behind the pictures before it is given up, s; and for how long none has come where none is waited for. */
const LATE_S = 0.4;
const GONE_S = 2;
/** Off by more than this many frames: something is missing. Less is the jitter of the camera's time stamps. */
const GAP_FRAMES = 2;
/** Nobody takes sound while the pictures stand still. */
const MAX_WAITING = 500;

/** Whether the lane can carry such a track. */
export function fitsLane({ channels, config }: LaneTrack): boolean {
  // audioObjectType 2 (LC), frames of 1024 samples: frameLengthFlag is 0.
  return SILENCE.has(channels) && config.length >= 2 && config[0]! >> 3 === 2 && (config[1]! & 0x04) === 0;
}

export class AudioLane {
  readonly #rate: number;
  readonly #silence: Buffer;
  #waiting: { data: Buffer; at: number }[] = [];
  /** Where the next frame goes, samples; undefined before the first. */
  #end: number | undefined;
  /** Of the newest that came, samples. */
  #heardAt = Number.NEGATIVE_INFINITY;

  constructor({ sampleRate, channels }: LaneTrack) {
    this.#rate = sampleRate;
    this.#silence = SILENCE.get(channels) ?? Buffer.alloc(0);
  }

  /** `at`: 90 kHz on the stream's own line. */
  push(data: Buffer, at: number): void {
    if (this.#waiting.length >= MAX_WAITING) this.#waiting.shift();
    this.#heardAt = this.#samples(at);
    this.#waiting.push({ data, at: this.#heardAt });
  }

  /** The sound of the pictures from `from` to `until`, as far as it has come; undefined: none now. */
  take(from: number, until: number): Sound | undefined {
    this.#end ??= this.#samples(from);
    const dts = this.#end;
    const to = this.#samples(until);
    const frames: Buffer[] = [];
    for (let next = this.#waiting[0]; next && next.at < to; next = this.#waiting[0]) {
      this.#waiting.shift();
      if (next.at <= this.#end - AAC_FRAME) continue;
      if (next.at > this.#end + GAP_FRAMES * AAC_FRAME) this.#fill(next.at - AAC_FRAME, frames);
      frames.push(next.data);
      this.#end += AAC_FRAME;
    }
    const comes = to - this.#heardAt < GONE_S * this.#rate;
    this.#fill(comes ? to - LATE_S * this.#rate : to, frames);
    return frames.length > 0 ? { frames, dts } : undefined;
  }

  #fill(to: number, frames: Buffer[]): void {
    while (this.#end! < to) {
      frames.push(this.#silence);
      this.#end! += AAC_FRAME;
    }
  }

  #samples(ticks: number): number {
    return Math.round((ticks * this.#rate) / TIMESCALE);
  }
}
