/** The sound of a camera as AAC: untouched where it is AAC, by one ffmpeg for all viewers where it is G.711. */
import type { Hub } from '../../hub/hub.ts';
import type { AudioFrame, AudioTrack } from '../../ingest/access-unit.ts';
import type { Clock } from '../../lib/clock.ts';
import { AacEncoder, ENCODED } from './aac-encoder.ts';
import { fitsLane, type LaneTrack } from './audio-lane.ts';

export interface SoundOptions {
  hub: Hub;
  ffmpeg: string | undefined;
  clock: Clock;
  /** One AAC frame; `ticks` on the line of the hub's pictures. */
  onFrame: (data: Buffer, ticks: number) => void;
}

/** What of a camera's sound goes into a stream; undefined: it has none that can. */
export function carriedSound(given: AudioTrack | undefined, ffmpeg: string | undefined): LaneTrack | undefined {
  if (given?.codec === 'aac') return fitsLane(given) ? given : undefined;
  return given && ffmpeg ? ENCODED : undefined;
}

export class Sound {
  readonly #o: SoundOptions;
  #encoder: { of: AudioTrack; encoder: AacEncoder } | undefined;

  constructor(options: SoundOptions) {
    this.#o = options;
  }

  get track(): LaneTrack | undefined {
    return carriedSound(this.#o.hub.audioTrack, this.#o.ffmpeg);
  }

  push(frame: AudioFrame): void {
    if (frame.track.codec === 'aac') this.#o.onFrame(frame.data, frame.ticks);
    else this.#encoderOf(frame.track)?.push(frame.data, frame.ticks);
  }

  close(): void {
    this.#encoder?.encoder.close();
    this.#encoder = undefined;
  }

  #encoderOf(track: AudioTrack): AacEncoder | undefined {
    const { ffmpeg, clock, onFrame } = this.#o;
    if (!ffmpeg) return undefined;
    if (this.#encoder?.of.run !== track.run) {
      this.close();
      this.#encoder = { of: track, encoder: new AacEncoder({ ffmpeg, track, clock, onFrame }) };
    }
    return this.#encoder?.encoder;
  }
}
