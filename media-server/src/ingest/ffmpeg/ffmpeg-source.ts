/**
 * Hop Ⓐ for everything that is no RTSP camera: an ffmpeg of its own copies the pictures into a pipe for as long as they are wanted, or, where
 * they are neither H.264 nor H.265 or nothing can begin with them, codes them anew. It is watched: one that ends or gives nothing any more is begun anew, and none outlives
 * its hub.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { asCoded, CodedError, type ErrorCode } from '@shouwang/protocol';
import { type Cancel, type Clock, every } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { type CameraSource, type DownPhase, newCounters, type SourceHealth, type SourceListener } from '../access-unit.ts';
import { Backoff } from '../backoff.ts';
import { NO_PICTURES, PictureMeter } from '../picture-meter.ts';
import { Refusal } from '../refusal.ts';
import { type FfmpegInput, parseFfmpegUrl, withoutAddresses } from './address.ts';
import { TsMedia } from './ts-media.ts';

export interface FfmpegTimes {
  /** Until the first bytes: connecting, and looking at what there is. */
  firstMs: number;
  /** No bytes for so long: the source is called silent. */
  quietMs: number;
  /** No bytes for so long: ffmpeg is ended and begun anew. */
  silenceMs: number;
  /** How long it may take to end by itself. */
  endMs: number;
}

export const FFMPEG_TIMES: FfmpegTimes = { firstMs: 20_000, quietMs: 3000, silenceMs: 10_000, endMs: 1000 };

/** How pictures become H.264 that we can carry. */
export interface Recoding {
  /** For ffmpeg, in place of those that copy. */
  args: readonly string[];
  /** What it needs of the processor, until it is released. Throws TRANSCODE_BUDGET. */
  take(): RecodingShare;
  /** Addresses that were seen to need it → when, ms since 1970. It takes up to 20 s to see, and a source goes when nobody watches it. */
  needed: Map<string, number>;
}

export interface RecodingShare {
  runs(pid: number | undefined): void;
  release(): void;
}

export interface FfmpegSourceOptions {
  url: string;
  protocols?: readonly string[];
  /** Absent: pictures of another coding are refused. */
  recoding?: Recoding;
  /** Undefined: there is none on this machine. */
  ffmpeg: string | undefined;
  clock: Clock;
  log: Log;
  times?: FfmpegTimes;
  random?: () => number;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

const CHECK_MS = 500;
const LIVE: SourceHealth = { phase: 'live' };
const QUIET: SourceHealth = { phase: 'silent', detail: 'ffmpeg runs, and nothing comes' };
const MAX_WORDS = 2000;
/** Somebody watches, or it would not be pulled: a source that is back is to be on the screens within 5 s. */
const MAX_AWAY_MS = 2000;
/** Of a source that says no or has no pictures for us, or without an ffmpeg: somebody has to look at it first. */
const MAX_REFUSED_MS = 30_000;
/** While others have the processor time that it needs: that may be for hours. */
const MAX_NO_ROOM_MS = 15_000;
/** In ffmpeg's last words. */
const SAYS_NO = /\b(401 Unauthorized|403 Forbidden)\b/;
/** So long is believed that a source has to be coded anew: then a copy is tried when it is next begun, for it may send something else by now. */
const NEEDED_MS = 3_600_000;
/** A run that lasted so long was no failed attempt. */
const STEADY_MS = 5000;
/** What it may know of us. */
const ENVIRONMENT = ['PATH', 'LD_LIBRARY_PATH', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'http_proxy', 'https_proxy', 'no_proxy'];

export class FfmpegSource implements CameraSource {
  readonly counters = newCounters();
  readonly #o: FfmpegSourceOptions;
  readonly #input: FfmpegInput;
  readonly #times: FfmpegTimes;
  readonly #backoff: Backoff;
  readonly #refusals: Backoff;
  readonly #noRoom: Backoff;
  /** Why it was lost last, until it is steady or nobody watches. */
  #lostBy: ErrorCode | undefined;
  #listener: SourceListener | undefined;
  #child: Child | undefined;
  /** The source was seen to have pictures of another coding, or none that decoding could begin with (H.264 of open GOPs has no IDR pictures). */
  #recodes = false;
  #share: RecodingShare | undefined;
  /** Children that are ending. */
  readonly #ending = new Set<Promise<void>>();
  #cancelRetry: Cancel = () => {};
  #cancelWatch: Cancel = () => {};
  #run = 0;

  /** Throws CONFIG_INVALID for an address that is none, or of a protocol that is not allowed. */
  constructor(options: FfmpegSourceOptions) {
    this.#o = options;
    this.#input = parseFfmpegUrl(options.url, options.protocols);
    this.#times = options.times ?? FFMPEG_TIMES;
    const random = options.random ?? Math.random;
    this.#backoff = new Backoff({ firstMs: 1000, maxMs: MAX_AWAY_MS, random });
    this.#refusals = new Backoff({ firstMs: 1000, maxMs: MAX_REFUSED_MS, random });
    this.#noRoom = new Backoff({ firstMs: 1000, maxMs: MAX_NO_ROOM_MS, random });
  }

  start(listener: SourceListener): void {
    if (this.#listener) return;
    this.#listener = listener;
    const neededAt = this.#o.recoding?.needed.get(this.#o.url);
    this.#recodes = neededAt !== undefined && this.#o.clock.now() - neededAt < NEEDED_MS;
    this.#begin();
  }

  async stop(): Promise<void> {
    this.#listener = undefined;
    this.#cancelRetry();
    this.#resetBackoffs();
    this.#leave();
    await Promise.all(this.#ending);
  }

  #begin(): void {
    const { ffmpeg, clock } = this.#o;
    const recoding = this.#recodes ? this.#o.recoding : undefined;
    try {
      if (!ffmpeg) throw new CodedError('INTERNAL', 'no ffmpeg on this node: apt-get install ffmpeg');
      this.#share = recoding?.take();
      this.#noRoom.reset();
    } catch (error) {
      const why = asCoded(error);
      // The budget may be free again at any moment, and the source said nothing.
      this.#down(why, why.code === 'TRANSCODE_BUDGET' ? 'down' : 'refused', false);
      return;
    }
    const env = Object.fromEntries(ENVIRONMENT.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
    const child: Child = spawn(ffmpeg, argumentsFor(this.#input, recoding), { stdio: ['ignore', 'pipe', 'pipe'], env });
    this.#child = child;
    this.#share?.runs(child.pid);
    this.counters.connects++;
    const startedAt = clock.now();
    const picturesBefore = this.counters.pictures;
    let lastAt: number | undefined;
    let meter: PictureMeter | undefined;
    let health = LIVE;
    let words = '';
    const mine = () => this.#child === child && this.#listener !== undefined;
    const feels = (now: SourceHealth) => {
      if (health !== now) this.#listener?.onHealth?.(now);
      health = now;
    };
    const over = (error: CodedError, phase: DownPhase) => {
      if (!mine()) return;
      if (error.code === 'CODEC_UNSUPPORTED' && this.#mayRecode) {
        this.#recodesInstead();
        return;
      }
      this.#leave();
      // What has no pictures at all may have some when it is asked again.
      if (error.code === 'CODEC_UNSUPPORTED') this.#recodesNoMore();
      this.#down(error, phase, clock.now() - startedAt > STEADY_MS && this.counters.pictures > picturesBefore);
    };
    const media = new TsMedia({
      clock,
      counters: this.counters,
      nextRun: () => ++this.#run,
      listener: {
        onTrack: (t) => mine() && this.#listener?.onTrack(t),
        onPicture: (p) => {
          if (!mine()) return;
          if (p.key && !this.#recodes) this.#recodesNoMore();
          this.#listener?.onPicture(p);
        },
        onSoundComing: () => mine() && this.#listener?.onSoundComing?.(),
        onAudioTrack: (t) => mine() && this.#listener?.onAudioTrack?.(t),
        onAudio: (f) => mine() && this.#listener?.onAudio?.(f),
      },
    });
    // Before anything else: an error that nobody hears ends the process.
    child.on('error', (cause) => over(new CodedError('INTERNAL', 'ffmpeg does not start', { cause }), 'down'));
    child.on('close', (code) => {
      const why = whyEnded(code, words);
      over(new CodedError('CAMERA_OFFLINE', why), SAYS_NO.test(why) ? 'refused' : 'down');
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString('utf8')).slice(-MAX_WORDS);
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      if (!mine()) return;
      lastAt = clock.now();
      meter ??= new PictureMeter(this.counters, lastAt);
      if (health === QUIET) feels(LIVE);
      try {
        media.push(chunk);
      } catch (error) {
        over(asCoded(error), error instanceof Refusal ? 'refused' : 'down');
      }
    });
    const { firstMs, quietMs, silenceMs } = this.#times;
    this.#cancelWatch = every(clock, CHECK_MS, () => {
      const now = clock.now();
      const since = now - (lastAt ?? startedAt);
      const lacks = meter?.lacks(now) ?? false;
      if (since >= (lastAt === undefined ? firstMs : silenceMs))
        over(new CodedError('CAMERA_OFFLINE', 'the source sends nothing'), 'silent');
      else if (lacks && this.counters.pictures === picturesBefore && this.#mayRecode) this.#recodesInstead();
      else if (meter) feels(since >= quietMs ? QUIET : lacks ? NO_PICTURES : LIVE);
    });
  }

  /** Once: what has no pictures at all has none of another coding either. */
  get #mayRecode(): boolean {
    return !this.#recodes && this.#o.recoding !== undefined;
  }

  #recodesInstead(): void {
    this.#leave();
    this.#recodes = true;
    this.#o.recoding?.needed.set(this.#o.url, this.#o.clock.now());
    this.#begin();
  }

  /** A copy was decodable, or there is nothing to be coded. */
  #recodesNoMore(): void {
    this.#recodes = false;
    this.#o.recoding?.needed.delete(this.#o.url);
  }

  #down(error: CodedError, phase: DownPhase, steady: boolean): void {
    if (steady) this.#resetBackoffs();
    const noRoom = error.code === 'TRANSCODE_BUDGET';
    const backoff = phase === 'refused' ? this.#refusals : this.#backoff;
    const retryInMs = (noRoom ? this.#noRoom : backoff).next();
    // For as long as others have it all: once is enough.
    const level = noRoom && this.#lostBy === error.code ? 'debug' : 'warn';
    this.#lostBy = error.code;
    this.#o.log[level]({ code: error.code, detail: error.detail, phase, retryInMs }, 'source lost');
    this.#cancelRetry = this.#o.clock.after(retryInMs, () => this.#begin());
    this.#listener?.onDown(error, retryInMs, phase);
  }

  #resetBackoffs(): void {
    this.#backoff.reset();
    this.#refusals.reset();
    this.#noRoom.reset();
    this.#lostBy = undefined;
  }

  /** Ends the child; `#ending` has it until it is gone. */
  #leave(): void {
    this.#cancelWatch();
    this.#share?.release();
    this.#share = undefined;
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => {
      const cancel = this.#o.clock.after(this.#times.endMs, () => child.kill('SIGKILL'));
      child.once('close', () => {
        cancel();
        resolve();
      });
    });
    // Nobody reads any more: a full pipe must not keep it.
    child.stdout?.resume();
    child.kill('SIGTERM');
    const ending = gone.finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }
}

/** Pictures are copied unless they are coded anew, sound becomes AAC; both at once, without waiting for more. */
function argumentsFor({ args }: FfmpegInput, recoding: Recoding | undefined): string[] {
  // More threads would hold back a picture each.
  const decoding = recoding ? ['-threads', '1'] : [];
  const before = ['-nostdin', '-hide_banner', '-loglevel', 'error', ...decoding, ...args];
  const pictures = recoding ? recoding.args : ['-c:v', 'copy'];
  const streams = ['-map', '0:v:0', '-map', '0:a:0?', '-dn', '-sn', ...pictures, '-c:a', 'aac', '-ac', '1', '-b:a', '64k'];
  return [...before, ...streams, '-muxdelay', '0', '-muxpreload', '0', '-flush_packets', '1', '-f', 'mpegts', 'pipe:1'];
}

function whyEnded(code: number | null, words: string): string {
  const last = withoutAddresses(words).trim().split('\n').at(-1) ?? '';
  return `ffmpeg ended${code === null ? '' : ` with ${code}`}${last ? `: ${last.slice(0, 200)}` : ''}`;
}
