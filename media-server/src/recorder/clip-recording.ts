/**
 * One clip under way: what the ring has of the time before, then what comes, until the end of the range. Gives finished parts;
 * a new one begins where the coding changes.
 */
import { join } from 'node:path';
import type { ClipGap } from '@shouwang/protocol';
import { asCoded, CodedError } from '@shouwang/protocol';
import type { Hub, Subscription } from '../hub/hub.ts';
import type { AccessUnit } from '../ingest/access-unit.ts';
import type { Cancel, Clock } from '../lib/clock.ts';
import { type ClipSegment, ClipWriter, type Coding } from './clip-writer.ts';

/** Fragments on disk that belong to one file: `path` without an ending. */
export interface RecordedPart {
  n: number;
  path: string;
  coding: Coding;
  segments: readonly ClipSegment[];
}

export interface ClipRecordingOptions {
  folder: string;
  /** When recording ends. ms since 1970 */
  until: number;
  /** Where not one picture has come by then: for so much longer, ms. */
  patienceMs: number;
  /** Number of the first part. */
  firstPart: number;
  hub: Hub;
  /** What is there of the time before, in decoding order from a key frame. */
  past: readonly AccessUnit[];
  clock: Clock;
  /** Before bytes are written: throws DISK_FULL. */
  checkSpace(): void;
  /** All that was there of the past is on disk. */
  onPast(part: RecordedPart | undefined): void;
  /** Ended by itself; `error` where it could not go on. */
  onEnd(error?: CodedError): void;
}

/** Pictures that are under way when the range ends. */
const LATE_MS = 1500;
export const MAX_PARTS = 20;

export class ClipRecording {
  readonly #o: ClipRecordingOptions;
  readonly parts: RecordedPart[] = [];
  #subscription: Subscription | undefined;
  #writer: { n: number; path: string; writer: ClipWriter } | undefined;
  #cancel: Cancel = () => {};
  #ended = false;
  #until: number;
  #patient = true;
  #lastError: CodedError | undefined;

  constructor(options: ClipRecordingOptions) {
    this.#o = options;
    this.#until = options.until;
  }

  /** Why the camera gave nothing, where that is known. */
  get lastError(): CodedError | undefined {
    return this.#lastError;
  }

  start(): void {
    const { hub, past } = this.#o;
    try {
      this.#subscription = hub.subscribe({
        onPicture: (picture) => this.#take(picture),
        onDown: (error) => {
          this.#lastError = error;
        },
      });
    } catch (error) {
      this.#end(asCoded(error));
      return;
    }
    for (const picture of past.length > 0 ? past : this.#subscription.gop) this.#take(picture);
    if (this.#ended) return;
    const writer = this.#writer;
    this.#o.onPast(writer && writer.writer.segments.length > 0 ? this.#partOf(writer) : undefined);
    this.#arm();
  }

  #arm(): void {
    const { clock } = this.#o;
    this.#cancel();
    this.#cancel = clock.after(Math.max(0, this.#until - clock.now()) + LATE_MS, () => this.#timeIsOver());
  }

  /** A camera that has only just been reached gives something late rather than nothing. */
  #timeIsOver(): void {
    if (this.#patient && !this.#writer && this.parts.length === 0) {
      this.#patient = false;
      this.#until = this.#o.clock.now() + this.#o.patienceMs;
      this.#arm();
    } else this.#end();
  }

  /** Writes down what there is, and ends without saying so; gives what went wrong with that. */
  stop(): CodedError | undefined {
    this.#ended = true;
    this.#cancel();
    this.#subscription?.close();
    try {
      this.#finishWriter();
      return undefined;
    } catch (cause) {
      return fromDisk(cause);
    }
  }

  #take(picture: AccessUnit): void {
    if (this.#ended) return;
    if (picture.arrivedAt > this.#until) this.#timeIsOver();
    if (this.#ended) return;
    try {
      if (this.#writer && !sameCoding(this.#writer.writer.coding, picture.track)) this.#finishWriter();
      if (picture.key) this.#o.checkSpace();
      if (!this.#writer && !this.#open(picture)) return;
      this.#writer!.writer.push(picture);
    } catch (cause) {
      this.#end(cause instanceof CodedError ? cause : fromDisk(cause));
    }
  }

  /** Whether a part begins with this picture. */
  #open(picture: AccessUnit): boolean {
    const n = this.#o.firstPart + this.parts.length;
    if (!picture.key || n > MAX_PARTS) return false;
    const path = join(this.#o.folder, String(n));
    this.#writer = { n, path, writer: new ClipWriter(path, picture.track) };
    return true;
  }

  #end(error?: CodedError): void {
    if (this.#ended) return;
    const trouble = this.stop();
    this.#o.onEnd(error ?? trouble);
  }

  #finishWriter(): void {
    const open = this.#writer;
    if (!open) return;
    this.#writer = undefined;
    try {
      open.writer.finish();
    } finally {
      if (open.writer.segments.length > 0) this.parts.push(this.#partOf(open));
    }
  }

  #partOf({ n, path, writer }: { n: number; path: string; writer: ClipWriter }): RecordedPart {
    return { n, path, coding: writer.coding, segments: [...writer.segments] };
  }
}

function sameCoding(a: Coding, b: Coding): boolean {
  const same = (x: readonly Buffer[], y: readonly Buffer[]) => x.length === y.length && x.every((v, i) => v.equals(y[i]!));
  return a.codec === b.codec && a.sps.equals(b.sps) && same(a.pps, b.pps) && same(a.vps, b.vps);
}

/** What the file system throws, as a code. */
export function fromDisk(cause: unknown): CodedError {
  const { code } = cause as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' ? new CodedError('DISK_FULL', undefined, { cause }) : asCoded(cause);
}

/** Without pictures for longer than this, time is missing. */
const GAP_MS = 1500;
const MAX_GAPS = 100;

/** What is missing of `from`…`to`, by when pictures arrived. Neighbouring gaps beyond a hundred are one. */
export function gapsOf(from: number, to: number, segments: readonly ClipSegment[]): ClipGap[] {
  const gaps: ClipGap[] = [];
  let at = from;
  for (const s of [...segments].sort((a, b) => a.from - b.from)) {
    if (s.from - at > GAP_MS && at < to) gaps.push({ from: at, to: Math.min(s.from, to) });
    at = Math.max(at, s.to);
  }
  if (to - at > GAP_MS) gaps.push({ from: at, to });
  const last = gaps.at(-1);
  return gaps.length <= MAX_GAPS ? gaps : [...gaps.slice(0, MAX_GAPS - 1), { from: gaps[MAX_GAPS - 1]!.from, to: last!.to }];
}
