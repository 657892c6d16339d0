/** The streams that ffmpeg writes → pictures and sound on one line of time. */
import type { Clock } from '../../lib/clock.ts';
import type { AudioTrack, SourceCounters, SourceListener } from '../access-unit.ts';
import { AdtsReader } from '../audio/adts-reader.ts';
import { type AudioFormat, audioConfigOf } from '../audio/format.ts';
import { h264Format } from '../h264/format.ts';
import { h265Format } from '../h265/format.ts';
import { refusal } from '../refusal.ts';
import { ahead } from '../rtp/rtp.ts';
import { type Moment, Timeline } from '../rtp/timeline.ts';
import { splitAnnexB } from '../video/annex-b.ts';
import { Assembler } from '../video/assembler.ts';
import { STREAM, TsDemuxer } from './ts-demuxer.ts';

export interface TsMediaOptions {
  clock: Clock;
  counters: SourceCounters;
  listener: Pick<SourceListener, 'onTrack' | 'onPicture' | 'onSoundComing' | 'onAudioTrack' | 'onAudio'>;
  nextRun: () => number;
}

const FORMATS = new Map([
  [STREAM.h264 as number, h264Format],
  [STREAM.h265 as number, h265Format],
]);
/** The 33 bits of a PTS, on the ring of 32 that the line of time is made of. */
const RING = 2 ** 32;

export class TsMedia {
  readonly #o: TsMediaOptions;
  readonly #demuxer: TsDemuxer;
  readonly #adts: AdtsReader;
  #assembler: Assembler | undefined;
  #picture: (Moment & { pts: number }) | undefined;
  #track: AudioTrack | undefined;
  #nextPts = 0;

  constructor(options: TsMediaOptions) {
    this.#o = options;
    this.#demuxer = new TsDemuxer({
      onStreams: (types) => this.#streams(types),
      onPacket: (type, pts, data) => this.#packet(type, pts % RING, data),
    });
    this.#adts = new AdtsReader((frame, { objectType, rateIndex, channels }) =>
      this.#sound(frame, audioConfigOf(objectType, rateIndex, channels)),
    );
  }

  /** Throws a refusal where there are no pictures that we can carry. */
  push(chunk: Buffer): void {
    this.#o.counters.bytes += chunk.length;
    this.#demuxer.push(chunk);
  }

  #streams(types: readonly number[]): void {
    const format = types.map((t) => FORMATS.get(t)).find((f) => f !== undefined);
    if (!format) throw refusal('the source has neither H.264 nor H.265', 'CODEC_UNSUPPORTED');
    const { counters, listener, nextRun } = this.#o;
    this.#assembler = new Assembler({ format, counters, listener, timeline: new Timeline(90_000), parameterSets: [], nextRun });
    this.#picture = undefined;
    this.#track = undefined;
    if (types.includes(STREAM.aac)) listener.onSoundComing?.();
  }

  #packet(type: number, pts: number, data: Buffer): void {
    if (type === STREAM.aac) {
      this.#nextPts = pts;
      this.#adts.push(data);
    } else if (FORMATS.has(type)) {
      const now = this.#o.clock.now();
      this.#o.counters.packets++;
      const moment = this.#assembler?.push({ nals: splitAnnexB(data), timestamp: pts, firstAt: now }, now);
      if (moment) this.#picture = { ...moment, pts };
    }
  }

  #sound(data: Buffer, format: AudioFormat | undefined): void {
    if (!format) return;
    const pts = this.#nextPts;
    this.#nextPts = (pts + Math.round((format.frameSamples * 90_000) / format.sampleRate)) % RING;
    const { codec, sampleRate, channels, config } = format;
    const { listener, clock, nextRun } = this.#o;
    if (!this.#track?.config.equals(config)) {
      this.#track = { codec, sampleRate, channels, config, run: nextRun() };
      listener.onAudioTrack?.(this.#track);
    }
    // Before the first picture there is no line to lie on.
    if (!this.#picture) return;
    const off = ahead(this.#picture.pts, pts, 32);
    const pictureAt = Math.round(this.#picture.pictureAt + off / 90);
    listener.onAudio?.({ data, ticks: this.#picture.ticks + off, pictureAt, arrivedAt: clock.now(), track: this.#track });
  }
}
