/** AAC → Opus by one ffmpeg process for all who hear a camera by WebRTC, which ends with them. If it dies, there is silence until it is back. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Hub, Subscription } from '../../hub/hub.ts';
import type { AudioFrame } from '../../ingest/access-unit.ts';
import type { Cancel, Clock } from '../../lib/clock.ts';
import { adtsHead } from '../hls/adts.ts';
import { OggReader } from './ogg-reader.ts';

/** Opus always counts at 48 kHz (RFC 7587, 4.1); a packet of 20 ms has so many samples. */
export const OPUS_SAMPLES = 960;
const TICKS_A_SAMPLE = 90 / 48;

export interface OpusPacket {
  data: Buffer;
  /** On the line of the camera's pictures, 90 kHz. */
  ticks: number;
  /** Of the camera's sound, or of the encoder: times of different runs do not compare. */
  run: number;
}

export interface OpusEncoderOptions {
  hub: Hub;
  ffmpeg: string;
  clock: Clock;
}

/** Time stamps off by more than this begin anew, ticks. */
const GAP_TICKS = 90_000 / 5;
/** Samples of AAC in a frame. */
const AAC_FRAME = 1024;
/** ffmpeg that does not keep up gets nothing more until it has. */
const MAX_QUEUED = 64 * 1024;
const AGAIN_MS = 5000;
/** OpusHead and OpusTags (RFC 7845, 5) come before the sound. */
const HEADERS = 2;
const PRE_SKIP_AT = 10;

type Child = ChildProcessByStdio<Writable, Readable, null>;

export class OpusEncoder {
  readonly #o: OpusEncoderOptions;
  readonly #listeners = new Set<(packet: OpusPacket) => void>();
  readonly #subscription: Subscription;
  #child: Child | undefined;
  #cancelAgain: Cancel = () => {};
  #waiting = false;
  #run = 0;
  /** Of the camera's sound that this process is given. */
  #given = { run: -1, begin: 0, frames: 0 };

  constructor(options: OpusEncoderOptions) {
    this.#o = options;
    this.#subscription = options.hub.subscribe({ onPicture: () => {}, onAudio: (frame) => this.#push(frame), onDown: () => this.#end() });
  }

  /** Gives how to stop listening. */
  listen(listener: (packet: OpusPacket) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    this.#cancelAgain();
    this.#subscription.close();
    this.#waiting = true;
    this.#end();
  }

  #push(frame: AudioFrame): void {
    const { track, data, ticks } = frame;
    if (track.codec !== 'aac' || this.#waiting) return;
    const { run, begin, frames } = this.#given;
    const due = begin + (frames * AAC_FRAME * 90_000) / track.sampleRate;
    if (run !== track.run || Math.abs(ticks - due) > GAP_TICKS) this.#end();
    const child = this.#child ?? this.#start(frame);
    // What is left out is missing from its time, too: where that comes to much, the next sound begins anew.
    if (child.stdin.writableLength > MAX_QUEUED) return;
    this.#given.frames++;
    child.stdin.write(Buffer.concat([adtsHead(track, data.length), data]));
  }

  #start({ track, ticks }: AudioFrame): Child {
    const args = ['-hide_banner', '-loglevel', 'quiet', '-fflags', 'nobuffer', '-probesize', '512', '-analyzeduration', '0'];
    args.push('-f', 'aac', '-i', 'pipe:0', '-c:a', 'libopus', '-ar', '48000', '-ac', '1', '-b:a', '32k', '-frame_duration', '20');
    args.push('-flush_packets', '1', '-page_duration', '20000', '-f', 'ogg', 'pipe:1');
    const child = spawn(this.#o.ffmpeg, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    const mine = () => this.#child === child;
    this.#child = child;
    this.#given = { run: track.run, begin: ticks, frames: 0 };
    const run = ++this.#run;
    let packets = 0;
    let preSkip = 0;
    const reader = new OggReader((data) => {
      const n = packets++ - HEADERS;
      if (n === -HEADERS) preSkip = data.length > PRE_SKIP_AT + 1 ? data.readUInt16LE(PRE_SKIP_AT) : 0;
      if (n < 0) return;
      const packet = { data, ticks: ticks + (n * OPUS_SAMPLES - preSkip) * TICKS_A_SAMPLE, run };
      for (const listener of this.#listeners) listener(packet);
    });
    const again = () => {
      if (!mine()) return;
      this.#end();
      this.#waiting = true;
      this.#cancelAgain = this.#o.clock.after(AGAIN_MS, () => {
        this.#waiting = false;
      });
    };
    child.on('error', again);
    child.on('close', again);
    child.stdin.on('error', () => {});
    child.stdout.on('data', (chunk: Buffer) => mine() && reader.push(chunk));
    return child;
  }

  /** The next sound starts another process. */
  #end(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }
}
