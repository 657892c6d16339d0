/** The clips on disk: a folder each below `clips/`, with its record `clip.json`. Never half-written; what a crash left is swept at the start. */
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClipReported, ClipState, ClipWanted } from '@shouwang/protocol';
import { syncFolder, TEMPORARY, writeDurably } from '../lib/durable.ts';
import type { Mask } from '../masks/mask.ts';
import type { RecordedPart } from '../recorder/clip-recording.ts';
import { fragmentsFile, indexFile, readUnfinished } from '../recorder/clip-writer.ts';
import type { BudgetedClip } from './disk-budget.ts';

/** What is known of a clip, all of it in `clip.json`. */
export interface ClipRecord {
  want: ClipWanted['data'];
  /** This node's clock minus the centre's, ms, where they differ by much: the range is shifted by it. */
  aheadMs: number;
  /** The camera's, when it was recorded. */
  masks?: readonly Mask[];
  reported: ClipReported['data'];
  /** The revision that the centre has acknowledged. */
  acked: number;
}

export type FirstState = Pick<ClipReported['data'], 'state' | 'code' | 'why'>;

/** Of a clip that is known from now on (`at`). */
export function newRecord(
  { want, aheadMs, masks, at }: Pick<ClipRecord, 'want' | 'aheadMs'> & { masks: readonly Mask[]; at: number },
  state: FirstState,
): ClipRecord {
  const { clipId, caseNo, cameraId, from, to } = want;
  const masked = masks.length > 0;
  const gaps = state.state === 'failed' ? [{ from, to }] : [];
  const reported = { clipId, caseNo, cameraId, revision: 1, parts: [], gaps, at, ...state, ...(masked ? { masked } : {}) };
  return { want, aheadMs, acked: 0, reported, ...(masked ? { masks } : {}) };
}

/** What the disk budget has to know of it. `heldUntil`: what was heard last, which may not be in the record yet. */
export function budgeted({ want, reported }: ClipRecord, heldUntil = 0): BudgetedClip {
  const { clipId, from } = want;
  return { clipId, from, active: isOpen(reported.state), heldUntil: Math.max(want.heldUntil ?? 0, heldUntil) };
}

/** A known clip is asked for: with the case, camera and range that it has. */
export function isSameClip(a: ClipWanted['data'], b: ClipWanted['data']): boolean {
  return (['caseNo', 'cameraId', 'from', 'to'] as const).every((key) => a[key] === b[key]);
}

/** What is there is not all that there will be. */
export function isOpen(state: ClipState): boolean {
  return state === 'recording' || state === 'partial';
}

const RECORD = 'clip.json';

export class ClipStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  folder(clipId: string): string {
    return join(this.#root, clipId);
  }

  /** Of part `n`, without an ending. */
  part(clipId: string, n: number): string {
    return join(this.folder(clipId), String(n));
  }

  mp4(clipId: string, n: number): string {
    return `${this.part(clipId, n)}.mp4`;
  }

  manifest(clipId: string, n: number): string {
    return `${this.part(clipId, n)}.json`;
  }

  /** Of a part, with masks drawn in; other masks have another name. */
  copy(clipId: string, n: number, masks: string): string {
    return `${this.part(clipId, n)}.${masks}.masked.mp4`;
  }

  /**
   * Reads what is there; what was begun and has no record, and files that nobody finished, go. A record that cannot be read takes nothing with it:
   * told to `unreadable`, its folder stays as it is.
   */
  async load(unreadable: (folder: string, cause: unknown) => void): Promise<ClipRecord[]> {
    await mkdir(this.#root, { recursive: true, mode: 0o700 });
    const records: ClipRecord[] = [];
    for (const name of readdirSync(this.#root)) {
      const folder = join(this.#root, name);
      let record: ClipRecord;
      try {
        record = JSON.parse(readFileSync(join(folder, RECORD), 'utf8')) as ClipRecord;
      } catch (cause) {
        const { code } = cause as NodeJS.ErrnoException;
        if (code === 'ENOENT' || code === 'ENOTDIR') rmSync(folder, { recursive: true, force: true });
        else unreadable(folder, cause);
        continue;
      }
      for (const file of readdirSync(folder)) if (file.endsWith(TEMPORARY)) rmSync(join(folder, file));
      records.push(record);
    }
    return records;
  }

  /** Durable. Throws what the file system throws. */
  async save(record: ClipRecord): Promise<void> {
    const folder = this.folder(record.want.clipId);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeDurably(join(folder, RECORD), `${JSON.stringify(record)}\n`);
  }

  /** Takes away a part's files that players get. */
  async dropFinished(clipId: string, n: number): Promise<void> {
    const names = readdirSync(this.folder(clipId)).filter((name) => name.startsWith(`${n}.`) && /\.(mp4|json)$/.test(name));
    for (const name of names) await rm(join(this.folder(clipId), name), { force: true });
  }

  /** Takes the raw fragments of a finished part away. */
  async dropRaw(clipId: string, n: number): Promise<void> {
    const path = this.part(clipId, n);
    await rm(fragmentsFile(path), { force: true });
    await rm(indexFile(path), { force: true });
  }

  /** Everything but the record. */
  async dropFiles(clipId: string): Promise<void> {
    const folder = this.folder(clipId);
    for (const file of readdirSync(folder)) if (file !== RECORD) await rm(join(folder, file), { force: true });
    await syncFolder(folder);
  }

  async forget(clipId: string): Promise<void> {
    await rm(this.folder(clipId), { recursive: true, force: true });
  }

  /** Numbers of parts whose raw fragments are there, ascending. */
  rawParts(clipId: string): number[] {
    const names = readdirSync(this.folder(clipId));
    return names
      .map((name) => /^(\d+)\.index$/.exec(name)?.[1])
      .filter((n) => n !== undefined)
      .map(Number)
      .sort((a, b) => a - b);
  }

  /** Parts that this process recorded, and those that an earlier one left. */
  unfinished(clipId: string, parts: readonly RecordedPart[]): RecordedPart[] {
    const known = new Set(parts.map((p) => p.n));
    const left = this.rawParts(clipId).flatMap((n) => {
      if (known.has(n)) return [];
      const path = this.part(clipId, n);
      const found = readUnfinished(path);
      return found ? [{ n, path, ...found }] : [];
    });
    return [...left, ...parts].sort((a, b) => a.n - b.n);
  }

  /** Bytes on disk of everything but the record. */
  bytes(clipId: string): number {
    try {
      const files = readdirSync(this.folder(clipId)).filter((file) => file !== RECORD);
      return files.reduce((sum, file) => sum + statSync(join(this.folder(clipId), file)).size, 0);
    } catch {
      return 0;
    }
  }
}
