/**
 * A camera's pictures coded anew by one ffmpeg for all viewers: a source like a camera, so that a transcode is another hub. Pictures
 * go in as fragmented MP4, because that carries their times; they come out as FLV, and are given their times back.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { CodedError } from '@shouwang/protocol';
import type { Hub, Subscription } from '../hub/hub.ts';
import {
  type AccessUnit,
  type AudioFrame,
  type AudioTrack,
  type CameraSource,
  newCounters,
  type SourceListener,
  type VideoTrack,
} from '../ingest/access-unit.ts';
import type { Cancel, Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { fragment } from '../viewers/hls/fmp4/fragment.ts';
import { initSegment } from '../viewers/hls/fmp4/init.ts';
import { type TimedPicture, Timeline } from '../viewers/hls/timeline.ts';
import { transcodeArguments } from './arguments.ts';
import { FlvReader } from './flv-reader.ts';
import type { TranscodeProfile } from './profiles.ts';

export interface TranscodeSourceOptions {
  parent: Hub;
  profile: TranscodeProfile;
  ffmpeg: string;
  clock: Clock;
  log: Log;
  /** A process began, or (undefined) ended. */
  onProcess?: (pid: number | undefined) => void;
}

/** 90 kHz ticks a ms. */
const MS = 90;
const AGAIN_MS = 2000;
/** ffmpeg that is this far behind does not keep up: pictures are left out until the next key frame. */
const MAX_QUEUED = 4 * 1024 * 1024;
/** How many pictures may be inside ffmpeg. */
const MAX_INSIDE = 500;

interface Process {
  child: ChildProcessByStdio<Writable, Readable, Readable>;
  of: VideoTrack;
  timeline: Timeline;
  fragments: number;
  inside: { ms: number; picture: AccessUnit }[];
  track: VideoTrack | undefined;
  words: string;
}

export class TranscodeSource implements CameraSource {
  readonly counters = newCounters();
  readonly #o: TranscodeSourceOptions;
  #listener: SourceListener | undefined;
  #subscription: Subscription | undefined;
  #process: Process | undefined;
  #cancelAgain: Cancel = () => {};
  #waits = false;
  #needsKey = true;
  #run = 0;
  /** Told. */
  #sound: AudioTrack | undefined;

  constructor(options: TranscodeSourceOptions) {
    this.#o = options;
  }

  start(listener: SourceListener): void {
    this.#listener = listener;
    this.#needsKey = true;
    const { parent } = this.#o;
    this.#subscription = parent.subscribe({
      onPicture: (picture) => this.#picture(picture),
      onAudio: (frame) => this.#hear(frame),
      onDown: (error) => {
        this.#end();
        this.#listener?.onDown(error, AGAIN_MS);
      },
    });
    for (const picture of this.#subscription.gop) this.#picture(picture);
    if (parent.state.phase === 'down' || parent.state.phase === 'refused')
      listener.onDown(new CodedError(parent.state.why ?? 'CAMERA_OFFLINE', parent.state.detail), AGAIN_MS);
  }

  async stop(): Promise<void> {
    this.#listener = undefined;
    this.#subscription?.close();
    this.#subscription = undefined;
    this.#cancelAgain();
    this.#waits = false;
    this.#end();
  }

  #picture(picture: AccessUnit): void {
    if (!this.#listener || this.#waits) return;
    if (this.#process && this.#process.of.run !== picture.track.run) this.#end();
    if (this.#needsKey && !picture.key) {
      this.counters.skipped++;
      return;
    }
    const process = this.#process ?? this.#begin(picture.track);
    if (!process) return;
    this.#needsKey = process.child.stdin.writableLength > MAX_QUEUED;
    if (this.#needsKey) {
      this.counters.skipped++;
      return;
    }
    if (process.timeline.breaks(picture)) this.#write(process, process.timeline.flush());
    this.#write(process, process.timeline.push(picture));
  }

  #write(process: Process, pictures: readonly TimedPicture[]): void {
    for (const p of pictures) {
      if (process.inside.length >= MAX_INSIDE) process.inside.shift();
      process.inside.push({ ms: (p.dts + p.offset) / MS, picture: p.picture });
      process.child.stdin.write(fragment(++process.fragments, [p]));
    }
  }

  #begin(of: VideoTrack): Process | undefined {
    let init: Buffer;
    try {
      init = initSegment(of);
    } catch (cause) {
      this.#failed(new CodedError('CODEC_UNSUPPORTED', 'parameter sets that cannot be read', { cause }));
      return undefined;
    }
    const { ffmpeg, profile, log, onProcess } = this.#o;
    const child = spawn(ffmpeg, transcodeArguments(profile), { stdio: ['pipe', 'pipe', 'pipe'] });
    const process: Process = { child, of, timeline: new Timeline(), fragments: 0, inside: [], track: undefined, words: '' };
    this.#process = process;
    this.counters.connects++;
    const mine = () => this.#process === process;
    child.on('error', (cause) => mine() && this.#failed(new CodedError('INTERNAL', 'ffmpeg does not start', { cause })));
    child.on('close', (code) => {
      if (!mine()) return;
      log.warn({ code, words: process.words.slice(0, 500) }, 'a transcode ended by itself');
      this.#failed(new CodedError('INTERNAL', 'ffmpeg ended by itself'));
    });
    child.stdin.on('error', () => {});
    child.stderr.on('data', (chunk: Buffer) => {
      if (process.words.length < 500) process.words += chunk.toString();
    });
    const reader = new FlvReader({
      parameterSets: (sps, pps) => mine() && this.#told(process, sps, pps),
      picture: (nals, key, ms) => mine() && this.#made(process, nals, key, ms),
    });
    child.stdout.on('data', (chunk: Buffer) => {
      try {
        if (mine()) reader.push(chunk);
      } catch (cause) {
        this.#failed(new CodedError('INTERNAL', 'ffmpeg wrote something else', { cause }));
      }
    });
    onProcess?.(child.pid);
    child.stdin.write(init);
    return process;
  }

  #told(process: Process, sps: Buffer, pps: Buffer): void {
    process.track = { codec: 'h264', vps: [], sps, pps: [pps], run: ++this.#run };
    const { audioTrack, hasSound } = this.#o.parent;
    if (hasSound) this.#listener?.onSoundComing?.();
    if (audioTrack) this.#listener?.onAudioTrack?.(audioTrack);
    this.#sound = audioTrack;
    this.#listener?.onTrack(process.track);
  }

  /** It may show, or change, after the pictures. */
  #hear(frame: AudioFrame): void {
    if (frame.track !== this.#sound) this.#listener?.onAudioTrack?.(frame.track);
    this.#sound = frame.track;
    this.#listener?.onAudio?.(frame);
  }

  /** A picture came out: its times are those of the one that went in. */
  #made(process: Process, nals: Buffer[], key: boolean, ms: number): void {
    const { track, inside } = process;
    const of = nearest(inside, ms);
    if (!track || !of || nals.length === 0) return;
    const offMs = ms - of.ms;
    const bytes = nals.reduce((sum, n) => sum + n.length, 0);
    this.counters.pictures++;
    this.counters.bytes += bytes;
    this.#listener?.onPicture({
      nals,
      key,
      ticks: of.picture.ticks + Math.round(offMs) * MS,
      pictureAt: Math.round(of.picture.pictureAt + offMs),
      arrivedAt: this.#o.clock.now(),
      bytes,
      track,
    });
  }

  #failed(error: CodedError): void {
    this.#end();
    if (!this.#listener) return;
    this.#waits = true;
    this.#cancelAgain = this.#o.clock.after(AGAIN_MS, () => {
      this.#waits = false;
    });
    this.#listener.onDown(error, AGAIN_MS);
  }

  #end(): void {
    const process = this.#process;
    this.#process = undefined;
    this.#needsKey = true;
    if (!process) return;
    this.#o.onProcess?.(undefined);
    process.child.kill('SIGKILL');
  }
}

/** The picture that was shown at about `ms`; those before it are let go. */
function nearest(inside: Process['inside'], ms: number): Process['inside'][number] | undefined {
  while (inside.length > 1 && Math.abs(inside[1]!.ms - ms) <= Math.abs(inside[0]!.ms - ms)) inside.shift();
  return inside[0];
}
