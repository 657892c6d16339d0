/** G.711 → AAC by an ffmpeg process of its own, which ends with the viewers. If it dies, there is silence until it is back. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { AudioTrack } from '../../ingest/access-unit.ts';
import { AdtsReader } from '../../ingest/audio/adts-reader.ts';
import type { Cancel, Clock } from '../../lib/clock.ts';
import type { LaneTrack } from './audio-lane.ts';
import { AAC_FRAME } from './fmp4/fragment.ts';
import { TIMESCALE } from './fmp4/init.ts';

/** What comes out: AAC-LC, 16 kHz, one channel (ISO/IEC 14496-3, 1.6.2.1). Speech from 8 kHz has no more. */
export const ENCODED: LaneTrack = { sampleRate: 16_000, channels: 1, config: Buffer.from([0x14, 0x08]) };

export interface AacEncoderOptions {
  ffmpeg: string;
  track: AudioTrack;
  clock: Clock;
  onFrame: (data: Buffer, ticks: number) => void;
}

/** The encoder gives out one frame of run-in first. */
const PRIMING = AAC_FRAME;
/** Time stamps off by more than this are a gap: silence is put in. */
const GAP_TICKS = TIMESCALE / 5;
/** A gap longer than this begins anew. */
const MAX_GAP_TICKS = 5 * TIMESCALE;
/** ffmpeg that does not keep up gets nothing more until it has. */
const MAX_QUEUED = 64 * 1024;
const AGAIN_MS = 5000;
/** The quietest byte of each law (ITU-T G.711). */
const QUIET = { pcma: 0xd5, pcmu: 0xff };

export class AacEncoder {
  readonly #o: AacEncoderOptions;
  readonly #bytesPerTick: number;
  #child: ChildProcessByStdio<Writable, Readable, null> | undefined;
  #cancelAgain: Cancel = () => {};
  #waiting = false;
  #closed = false;
  /** Ticks of the first byte that this process got, and how many it got. */
  #begin = 0;
  #bytes = 0;
  #frames = 0;

  constructor(options: AacEncoderOptions) {
    this.#o = options;
    const { sampleRate, channels } = options.track;
    this.#bytesPerTick = (sampleRate * channels) / TIMESCALE;
  }

  push(data: Buffer, ticks: number): void {
    if (this.#closed || this.#waiting) return;
    const gap = this.#child ? ticks - (this.#begin + this.#bytes / this.#bytesPerTick) : 0;
    // Going back, or far ahead: what was counted holds no more.
    if (gap < -GAP_TICKS || gap > MAX_GAP_TICKS) {
      this.#again(0);
      return;
    }
    const child = this.#child ?? this.#start(ticks);
    if (child.stdin.writableLength > MAX_QUEUED) return;
    if (gap > GAP_TICKS) this.#write(child, Buffer.alloc(this.#wholeSamples(gap), QUIET[this.#law]));
    this.#write(child, data);
  }

  close(): void {
    this.#closed = true;
    this.#cancelAgain();
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }

  get #law(): keyof typeof QUIET {
    return this.#o.track.codec === 'pcma' ? 'pcma' : 'pcmu';
  }

  #wholeSamples(ticks: number): number {
    return Math.round((ticks * this.#o.track.sampleRate) / TIMESCALE) * this.#o.track.channels;
  }

  #write(child: ChildProcessByStdio<Writable, Readable, null>, data: Buffer): void {
    this.#bytes += data.length;
    child.stdin.write(data);
  }

  #start(ticks: number): ChildProcessByStdio<Writable, Readable, null> {
    const { ffmpeg, track, onFrame } = this.#o;
    const format = this.#law === 'pcma' ? 'alaw' : 'mulaw';
    const args = ['-hide_banner', '-loglevel', 'quiet', '-fflags', 'nobuffer', '-probesize', '32', '-analyzeduration', '0'];
    args.push('-f', format, '-ar', String(track.sampleRate), '-ac', String(track.channels), '-i', 'pipe:0');
    args.push('-c:a', 'aac', '-profile:a', 'aac_low', '-ar', String(ENCODED.sampleRate), '-ac', String(ENCODED.channels));
    args.push('-b:a', '32k', '-flush_packets', '1', '-f', 'adts', 'pipe:1');
    const child = spawn(ffmpeg, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    this.#child = child;
    this.#begin = ticks;
    this.#bytes = 0;
    this.#frames = 0;
    const reader = new AdtsReader((frame) => {
      const samples = this.#frames++ * AAC_FRAME - PRIMING;
      if (samples >= 0) onFrame(frame, this.#begin + (samples * TIMESCALE) / ENCODED.sampleRate);
    });
    const mine = () => this.#child === child;
    child.on('error', () => mine() && this.#again(AGAIN_MS));
    child.on('close', () => mine() && this.#again(AGAIN_MS));
    child.stdin.on('error', () => {});
    child.stdout.on('data', (chunk: Buffer) => mine() && reader.push(chunk));
    return child;
  }

  /** The next sound starts another process, after `ms`. */
  #again(ms: number): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
    if (ms === 0 || this.#closed) return;
    this.#waiting = true;
    this.#cancelAgain = this.#o.clock.after(ms, () => {
      this.#waiting = false;
    });
  }
}
