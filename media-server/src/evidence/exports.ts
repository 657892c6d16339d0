/**
 * Exports of clips: one ffmpeg process each that burns the time, the viewer and the case's number into every picture. The file is
 * for one viewer session and is deleted after ten minutes.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readdirSync, readSync, renameSync, rmSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClipExport, CodedError } from '@shouwang/protocol';
import type { Cancel, Clock } from '../lib/clock.ts';
import { TEMPORARY } from '../lib/durable.ts';
import type { Log } from '../lib/log.ts';
import { type Mask, maskFilters } from '../masks/mask.ts';
import { drawMark, markSize, markTime } from './mark.ts';
import { lowerPriority, recodeArguments } from './recode.ts';

export interface ClipExportsOptions {
  folder: string;
  /** undefined: there is none. */
  ffmpeg: string | undefined;
  clock: Clock;
  log: Log;
  /** Processes at once. */
  concurrency: number;
}

export interface ExportWish {
  clipId: string;
  n: number;
  mp4: string;
  manifest: string;
  caseNo: string;
  /** `operator:NAME`. */
  viewer: string;
  /** Black boxes over the picture; none for who may see behind them. */
  masks: readonly Mask[];
}

interface Job extends ClipExport {
  path: string;
  /** What it is made of: while a clip is under way, its part is another file than when it is whole. */
  of: string;
  child: ChildProcess | undefined;
  cancel: Cancel;
}

const KEPT_MS = 600_000;
const LIMIT_MS = 600_000;
/** Where `tkhd` stands at the latest. */
const HEADER_BYTES = 64 * 1024;

export class ClipExports {
  readonly #o: ClipExportsOptions;
  readonly #jobs = new Map<string, Job>();
  #begun = 0;

  constructor(options: ClipExportsOptions) {
    this.#o = options;
  }

  /** Nothing of an earlier run is worth keeping. */
  start(): void {
    mkdirSync(this.#o.folder, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(this.#o.folder)) rmSync(join(this.#o.folder, name), { force: true });
  }

  /** Begins, or says how the one of the same file that was begun gets on. Throws RECORDER_BUSY, INTERNAL (no ffmpeg). */
  async begin(viewId: string, wish: ExportWish): Promise<ClipExport> {
    const key = keyOf(viewId, wish.clipId, wish.n);
    const known = this.#jobs.get(key);
    if (known && known.state !== 'failed' && known.of === wish.mp4) return shown(known);
    if (!this.#o.ffmpeg) throw new CodedError('INTERNAL', 'no ffmpeg on this node: apt-get install ffmpeg');
    const others = [...this.#jobs.values()].filter((j) => j !== known && j.state === 'running');
    if (others.length >= this.#o.concurrency) throw new CodedError('RECORDER_BUSY');
    if (known) this.#forget(key, known);
    // A name of its own: what is left of one before it is not taken for it.
    const path = join(this.#o.folder, `${key}-${this.#begun++}.mp4`);
    const job: Job = { state: 'running', percent: 0, path, of: wish.mp4, child: undefined, cancel: () => {} };
    this.#jobs.set(key, job);
    void this.#run(key, job, this.#o.ffmpeg, wish);
    return shown(job);
  }

  /** Throws CLIP_UNKNOWN where none was begun. */
  progress(viewId: string, clipId: string, n: number): ClipExport {
    return shown(this.#find(viewId, clipId, n));
  }

  /** Throws CLIP_UNKNOWN, CLIP_NOT_READY. */
  file(viewId: string, clipId: string, n: number): string {
    const job = this.#find(viewId, clipId, n);
    if (job.state !== 'ready') throw new CodedError('CLIP_NOT_READY');
    return job.path;
  }

  close(): void {
    for (const [key, job] of this.#jobs) this.#forget(key, job);
  }

  #find(viewId: string, clipId: string, n: number): Job {
    const job = this.#jobs.get(keyOf(viewId, clipId, n));
    if (!job) throw new CodedError('CLIP_UNKNOWN', 'no export was begun');
    return job;
  }

  async #run(key: string, job: Job, ffmpeg: string, wish: ExportWish): Promise<void> {
    const { clock, log } = this.#o;
    const forgotten = () => this.#jobs.get(key) !== job;
    try {
      const manifest = await readFile(wish.manifest, 'utf8');
      if (forgotten()) return;
      const mark = new Mark(JSON.parse(manifest), `${wish.viewer.split(':')[1] ?? wish.viewer} ${wish.caseNo}`);
      const scale = scaleFor(widthOf(wish.mp4), mark.chars);
      const temporary = `${job.path}${TEMPORARY}`;
      const child = spawn(ffmpeg, argsOf(wish, temporary, markSize(mark.chars, scale), mark.frames), { stdio: ['pipe', 'pipe', 'pipe'] });
      job.child = child;
      job.cancel = clock.after(LIMIT_MS, () => child.kill('SIGKILL'));
      await this.#drive(child, job, mark, scale);
      if (forgotten()) throw new Error('nobody wants it any more');
      renameSync(temporary, job.path);
      job.percent = 100;
      job.state = 'ready';
    } catch (error) {
      if (!forgotten()) log.warn({ err: error, clipId: wish.clipId }, 'an export failed');
      job.state = 'failed';
      job.code = 'INTERNAL';
      await rm(`${job.path}${TEMPORARY}`, { force: true });
    }
    job.cancel();
    job.child = undefined;
    if (forgotten()) return;
    job.cancel = clock.after(KEPT_MS, () => this.#forget(key, job));
  }

  /** Feeds a line a second and reads the progress. Rejects where ffmpeg fails. */
  async #drive(child: ChildProcess, job: Job, mark: Mark, scale: number): Promise<void> {
    const ended = new Promise<void>((resolve, reject) => {
      // Before anything else: without file descriptors there are no pipes either, and an error that nobody hears ends the process.
      child.on('error', reject);
      let words = '';
      child.stderr!.on('data', (chunk: Buffer) => {
        if (words.length < 500) words += chunk.toString();
      });
      child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`ffmpeg ended with ${code}: ${words.slice(0, 500)}`))));
    });
    // Nobody waits for it before the lines are written.
    ended.catch(() => {});
    if (child.pid !== undefined) lowerPriority(child.pid);
    child.stdout!.on('data', (chunk: Buffer) => {
      const us = [...chunk.toString().matchAll(/out_time_us=(\d+)/g)].at(-1)?.[1];
      if (us) job.percent = Math.min(99, Math.floor(Number(us) / 10 / mark.durationMs));
    });
    const input = child.stdin!;
    input.on('error', () => {});
    const closed = new Promise((resolve) => input.once('close', resolve));
    for (let second = 0; second * 1000 < mark.durationMs && !input.destroyed; second++)
      if (!input.write(drawMark(mark.at(second * 1000), scale))) await Promise.race([once(input, 'drain'), closed]);
    input.end();
    await ended;
  }

  #forget(key: string, job: Job): void {
    job.cancel();
    job.child?.kill('SIGKILL');
    this.#jobs.delete(key);
    rmSync(job.path, { force: true });
    rmSync(`${job.path}${TEMPORARY}`, { force: true });
  }
}

/** What to write at each second of the file. */
class Mark {
  readonly durationMs: number;
  readonly frames: number;
  readonly #segments: { from: string; durationMs: number }[];
  readonly #who: string;

  constructor(manifest: { durationMs: number; frames: number; segments: { from: string; durationMs: number }[] }, who: string) {
    this.durationMs = manifest.durationMs;
    this.frames = manifest.frames;
    this.#segments = manifest.segments;
    this.#who = who;
  }

  get chars(): number {
    return this.at(0).length;
  }

  at(ms: number): string {
    let begins = 0;
    for (const { from, durationMs } of this.#segments) {
      if (ms < begins + durationMs) return `${markTime(Date.parse(from) + ms - begins)} ${this.#who}`;
      begins += durationMs;
    }
    return `${markTime(Date.parse(this.#segments.at(-1)!.from))} ${this.#who}`;
  }
}

/** `frames`: of the original. The mark's seconds may go on after its last picture, and would show that one again. */
function argsOf({ mp4, masks }: ExportWish, output: string, size: { width: number; height: number }, frames: number): string[] {
  const marked = '[p][1:v]overlay=0:main_h-overlay_h:eof_action=repeat,format=yuv420p[v]';
  return [
    ...['-hide_banner', '-loglevel', 'error', '-nostats', '-progress', 'pipe:1', '-y', '-i', mp4],
    ...['-f', 'rawvideo', '-pix_fmt', 'rgba', '-s', `${size.width}x${size.height}`, '-r', '1', '-i', 'pipe:0'],
    ...['-filter_complex', `[0:v]${[...maskFilters(masks), 'null'].join(',')}[p];${marked}`, '-map', '[v]', '-map', '0:a?'],
    ...['-frames:v', String(frames)],
    ...recodeArguments(output),
  ];
}

/** As large as fits the picture, and no larger than can be read well. */
function scaleFor(width: number, chars: number): number {
  const fits = Math.floor(width / markSize(chars, 1).width);
  return Math.max(1, Math.min(fits, Math.round(width / 320)));
}

/** From `tkhd` (ISO/IEC 14496-12, 8.3.2): the width is 16.16 fixed point, before the height at the box's end. */
function widthOf(mp4: string): number {
  const head = Buffer.alloc(HEADER_BYTES);
  const file = openSync(mp4, 'r');
  try {
    readSync(file, head, 0, head.length, 0);
  } finally {
    closeSync(file);
  }
  const at = head.indexOf('tkhd', 0, 'latin1');
  if (at < 4) throw new Error('no track header');
  return head.readUInt16BE(at - 4 + head.readUInt32BE(at - 4) - 8);
}

function keyOf(viewId: string, clipId: string, n: number): string {
  return `${viewId}-${clipId}-${n}`;
}

function shown({ state, percent, code }: Job): ClipExport {
  return { state, percent, ...(code ? { code } : {}) };
}
