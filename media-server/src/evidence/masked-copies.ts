/**
 * Copies of clips with their masks drawn in, for whoever may not see behind them: made once, one after the other and behind everything
 * else, and kept beside the original until that goes. The original stays as it was signed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { CodedError } from '@shouwang/protocol';
import type { Clock } from '../lib/clock.ts';
import { TEMPORARY } from '../lib/durable.ts';
import { Gate } from '../lib/gate.ts';
import type { Log } from '../lib/log.ts';
import { type Mask, maskFilters } from '../masks/mask.ts';
import type { ClipStore } from './clip-store.ts';
import { lowerPriority, recodeArguments } from './recode.ts';

export interface MaskedCopiesOptions {
  /** undefined: there is none. */
  ffmpeg: string | undefined;
  store: ClipStore;
  clock: Clock;
  log: Log;
  /** A copy takes room on the disk. */
  onMade(clipId: string): void;
}

/** A finished part by the name that it has on disk. */
export interface PartOnDisk {
  clipId: string;
  name: number;
  masks: readonly Mask[];
}

interface Job {
  clipId: string;
  name: number;
  child: ChildProcess | undefined;
  dropped: boolean;
}

const MAX_WAITING = 1000;
const LIMIT_MS = 600_000;

export class MaskedCopies {
  readonly #o: MaskedCopiesOptions;
  readonly #gate = new Gate(1, MAX_WAITING);
  /** By path. */
  readonly #jobs = new Map<string, Job>();
  readonly #failed = new Set<string>();

  constructor(options: MaskedCopiesOptions) {
    this.#o = options;
  }

  /** Begins to make a copy before anybody asks for it. */
  prepare(part: PartOnDisk): void {
    const path = this.#path(part);
    if (this.#o.ffmpeg && !existsSync(path)) void this.#make(path, part, this.#o.ffmpeg);
  }

  /** The copy's file. Throws CLIP_NOT_READY while it is being made, INTERNAL where it cannot be: never another file. */
  file(part: PartOnDisk): string {
    const path = this.#path(part);
    if (existsSync(path)) return path;
    if (!this.#o.ffmpeg) throw new CodedError('INTERNAL', 'no ffmpeg on this node, and so no masks: apt-get install ffmpeg');
    // Told once; who asks again has it tried again.
    if (this.#failed.delete(path)) throw new CodedError('INTERNAL', 'the masks could not be drawn');
    void this.#make(path, part, this.#o.ffmpeg);
    throw new CodedError('CLIP_NOT_READY', 'the masks are being drawn');
  }

  /** Its clip goes, or that part of it. */
  drop(clipId: string, name?: number): void {
    for (const job of this.#jobs.values()) {
      if (job.clipId !== clipId || (name !== undefined && job.name !== name)) continue;
      job.dropped = true;
      job.child?.kill('SIGKILL');
    }
  }

  close(): void {
    for (const { clipId } of [...this.#jobs.values()]) this.drop(clipId);
  }

  /** Other masks, another file. */
  #path({ clipId, name, masks }: PartOnDisk): string {
    const hash = createHash('sha256').update(JSON.stringify(masks)).digest('hex').slice(0, 12);
    return this.#o.store.copy(clipId, name, hash);
  }

  async #make(path: string, part: PartOnDisk, ffmpeg: string): Promise<void> {
    if (this.#jobs.has(path)) return;
    const job: Job = { clipId: part.clipId, name: part.name, child: undefined, dropped: false };
    this.#jobs.set(path, job);
    const leave = await this.#gate.enter();
    try {
      if (job.dropped || !leave) return;
      await this.#run(ffmpeg, job, part, `${path}${TEMPORARY}`);
      if (job.dropped) return;
      // At once: it would stay where its clip went meanwhile.
      renameSync(`${path}${TEMPORARY}`, path);
      this.#o.onMade(part.clipId);
    } catch (error) {
      if (job.dropped) return;
      this.#failed.add(path);
      this.#o.log.warn({ err: error, clipId: part.clipId }, 'the masks of a clip could not be drawn');
    } finally {
      await rm(`${path}${TEMPORARY}`, { force: true });
      this.#jobs.delete(path);
      leave?.();
    }
  }

  /** Rejects where ffmpeg fails. */
  #run(ffmpeg: string, job: Job, { clipId, name, masks }: PartOnDisk, output: string): Promise<void> {
    const input = ['-hide_banner', '-loglevel', 'error', '-nostdin', '-y', '-i', this.#o.store.mp4(clipId, name)];
    const filters = [...maskFilters(masks), 'format=yuv420p'].join(',');
    const child = spawn(ffmpeg, [...input, '-vf', filters, ...recodeArguments(output)], { stdio: ['ignore', 'ignore', 'pipe'] });
    job.child = child;
    return new Promise((resolve, reject) => {
      // Before anything else: an error that nobody hears ends the process.
      child.on('error', reject);
      const cancel = this.#o.clock.after(LIMIT_MS, () => child.kill('SIGKILL'));
      if (child.pid !== undefined) lowerPriority(child.pid);
      let words = '';
      child.stderr.on('data', (chunk: Buffer) => {
        if (words.length < 500) words += chunk.toString();
      });
      child.on('close', (code) => {
        cancel();
        if (code === 0) resolve();
        else reject(new Error(`ffmpeg ended with ${code}: ${words.slice(0, 500)}`));
      });
    });
  }
}
