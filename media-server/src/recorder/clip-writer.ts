/**
 * One file of a clip while it grows: pictures → CMAF fragments, appended to disk as they are finished, with an index line
 * each that holds the fragment's hash. What is on disk when the process dies is read again by `readUnfinished`.
 */
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { AccessUnit, VideoTrack } from '../ingest/access-unit.ts';
import { fragment } from '../viewers/hls/fmp4/fragment.ts';
import { TIMESCALE } from '../viewers/hls/fmp4/init.ts';
import { type TimedPicture, Timeline } from '../viewers/hls/timeline.ts';

/** A fragment of the file: mostly a group of pictures. */
export interface ClipSegment {
  bytes: number;
  /** SHA-256, hex. */
  sha256: string;
  frames: number;
  /** Begins with a key frame. */
  key: boolean;
  /** Decode time from the beginning of the file, and how long it lasts; 90 kHz. */
  dts: number;
  ticks: number;
  /** When its first and last picture arrived here. ms since 1970 */
  from: number;
  to: number;
  /** When they were taken, by the camera's clock. */
  pictureFrom: number;
  pictureTo: number;
}

/** What decodes the file. */
export type Coding = Pick<VideoTrack, 'codec' | 'vps' | 'sps' | 'pps'>;

/** Cameras with hardly any key frames: a fragment is cut without one. */
const MAX_TICKS = 10 * TIMESCALE;
const MAX_BYTES = 8 * 1024 * 1024;

export const fragmentsFile = (path: string) => `${path}.fragments`;
export const indexFile = (path: string) => `${path}.index`;

export class ClipWriter {
  readonly coding: Coding;
  readonly segments: ClipSegment[] = [];
  readonly #timeline = new Timeline();
  readonly #fragments: number;
  readonly #index: number;
  #pending: TimedPicture[] = [];
  #pendingTicks = 0;
  #pendingBytes = 0;

  /** `path` without an ending. Throws what the file system throws. */
  constructor(path: string, coding: Coding) {
    this.coding = coding;
    this.#fragments = openSync(fragmentsFile(path), 'wx', 0o600);
    this.#index = openSync(indexFile(path), 'wx', 0o600);
    const { codec, vps, sps, pps } = coding;
    const text = (b: Buffer) => b.toString('base64');
    this.#line({ codec, vps: vps.map(text), sps: text(sps), pps: pps.map(text) });
  }

  get bytes(): number {
    return this.segments.reduce((sum, s) => sum + s.bytes, 0);
  }

  /** Throws what the file system throws. */
  push(picture: AccessUnit): void {
    if (this.#timeline.breaks(picture)) {
      this.#take(this.#timeline.flush());
      this.#cut();
    }
    this.#take(this.#timeline.push(picture));
  }

  /** Nothing comes any more: writes the rest and waits for the disk. */
  finish(): void {
    try {
      this.#take(this.#timeline.flush());
      this.#cut();
      fsyncSync(this.#fragments);
    } finally {
      this.abandon();
    }
  }

  /** Leaves the files as they are. */
  abandon(): void {
    closeSync(this.#fragments);
    closeSync(this.#index);
  }

  #take(timed: readonly TimedPicture[]): void {
    for (const t of timed) {
      if (t.key || this.#pendingTicks >= MAX_TICKS || this.#pendingBytes >= MAX_BYTES) this.#cut();
      this.#pending.push(t);
      this.#pendingTicks += t.duration;
      this.#pendingBytes += t.picture.bytes;
    }
  }

  #cut(): void {
    const first = this.#pending[0];
    if (!first) return;
    const bytes = fragment(this.segments.length + 1, this.#pending);
    const arrived = this.#pending.map((t) => t.picture.arrivedAt);
    const taken = this.#pending.map((t) => t.picture.pictureAt);
    const segment: ClipSegment = {
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      frames: this.#pending.length,
      key: first.key,
      dts: first.dts,
      ticks: this.#pendingTicks,
      from: arrived[0]!,
      to: arrived.at(-1)!,
      pictureFrom: Math.min(...taken),
      pictureTo: Math.max(...taken),
    };
    this.#pending = [];
    this.#pendingTicks = 0;
    this.#pendingBytes = 0;
    writeAll(this.#fragments, bytes);
    this.#line(segment);
    this.segments.push(segment);
  }

  #line(value: object): void {
    writeAll(this.#index, Buffer.from(`${JSON.stringify(value)}\n`));
  }
}

/** All of it, or an error: a disk that fills up takes a part and says nothing. */
function writeAll(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}

/** What a process that died left at `path`: the fragments whose bytes are all there and match their hash. undefined: nothing that can be used. */
export function readUnfinished(path: string): { coding: Coding; segments: ClipSegment[] } | undefined {
  let lines: string[];
  let bytes: Buffer;
  try {
    lines = readFileSync(indexFile(path), 'utf8').split('\n').filter(Boolean);
    bytes = readFileSync(fragmentsFile(path));
  } catch {
    return undefined;
  }
  const segments: ClipSegment[] = [];
  let coding: Coding | undefined;
  let at = 0;
  for (const [i, line] of lines.entries()) {
    try {
      const value = JSON.parse(line);
      if (i === 0) {
        const data = (text: string) => Buffer.from(text, 'base64');
        coding = { codec: value.codec, vps: value.vps.map(data), sps: data(value.sps), pps: value.pps.map(data) };
        continue;
      }
      const segment = value as ClipSegment;
      const hash = createHash('sha256')
        .update(bytes.subarray(at, at + segment.bytes))
        .digest('hex');
      if (hash !== segment.sha256) break;
      at += segment.bytes;
      segments.push(segment);
    } catch {
      // A line cut short: what is before it counts.
      break;
    }
  }
  return coding && segments.length > 0 ? { coding, segments } : undefined;
}
