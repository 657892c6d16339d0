/**
 * Views, and refusals of viewers, that the centre has not heard of yet: kept in memory and in a file of JSON lines, so that a view's end is reported
 * even when this process died in the middle of it. The file survives a crash of the process; lines are not forced to the
 * disk one by one, because the centre ends the views of an old epoch by itself.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type MediaRefusal, type MediaView, makeEvent } from '@shouwang/protocol';
import { isValid } from '@shouwang/protocol/validators';
import { uuid7 } from '../lib/uuid7.ts';

type ViewData = MediaView['data'];
/** What the centre is told and acknowledges. */
export type Report = MediaView | MediaRefusal;

/** One line of the file. */
type Line = { view: MediaView } | { refusal: MediaRefusal } | { acked: string } | { alive: number };

export interface JournalOptions {
  path: string;
  source: string;
  now: () => number;
  /** The file cannot be written, e.g. a full disk. Views are still reported from memory. */
  onError?: (error: Error) => void;
}

const REWRITE_BYTES = 1024 * 1024;
/** For how long used grants are remembered over a restart; longer than any grant is valid. */
const REMEMBER_MS = 600_000;

export class ViewJournal {
  readonly #o: JournalOptions;
  /** Not acknowledged, oldest first. */
  #queue: Report[] = [];
  /** Started and not ended. */
  readonly #open = new Map<string, ViewData>();
  /** Reported, and recent or open: starts are kept for their grant ids. */
  #recent: MediaView[] = [];
  #fd: number;
  #bytes = 0;
  /** Twice what the last rewriting left: a busy node must not rewrite the same megabyte at every view. */
  #rewriteAt = REWRITE_BYTES;
  #torn = false;
  /** Something was added: for whoever sends. */
  onAdded: () => void = () => {};

  /** Reads what an earlier run left behind and ends its open views at the last moment it is known to have lived. */
  constructor(options: JournalOptions) {
    this.#o = options;
    mkdirSync(dirname(options.path), { recursive: true });
    this.#load();
    this.#fd = this.#rewrite();
  }

  get queue(): readonly Report[] {
    return this.#queue;
  }

  get hasOpenViews(): boolean {
    return this.#open.size > 0;
  }

  /** `jti` of grants used lately → when, ms since 1970. */
  usedGrants(): Map<string, number> {
    const all = [...this.#recent, ...this.#queue.filter(isView)].filter((v) => v.data.phase === 'started');
    return new Map(all.map((v) => [v.data.grantId, v.data.at]));
  }

  add(data: ViewData): void {
    const view = this.#make(data);
    this.#take(view);
    this.#write({ view });
    this.onAdded();
  }

  refused(data: MediaRefusal['data']): void {
    const now = this.#o.now();
    const refusal = makeEvent('cn.shouwang.media.refusal.v1', this.#o.source, uuid7(now), now, data);
    this.#queue.push(refusal);
    this.#write({ refusal });
    this.onAdded();
  }

  /** The centre has it. */
  acknowledge(id: string): void {
    this.#forget(id);
    this.#write({ acked: id });
    if (this.#bytes > this.#rewriteAt) this.#compact();
  }

  /** Notes that the open views go on now. */
  alive(): void {
    if (this.hasOpenViews) this.#write({ alive: this.#o.now() });
  }

  close(): void {
    closeSync(this.#fd);
  }

  #make(data: ViewData): MediaView {
    const now = this.#o.now();
    return makeEvent('cn.shouwang.media.view.v1', this.#o.source, uuid7(now), now, data);
  }

  #take(view: MediaView): void {
    this.#queue.push(view);
    if (view.data.phase === 'started') this.#open.set(view.data.viewId, view.data);
    else this.#open.delete(view.data.viewId);
  }

  #forget(id: string): void {
    const at = this.#queue.findIndex((v) => v.id === id);
    if (at >= 0) this.#recent.push(...this.#queue.splice(at, 1).filter(isView));
  }

  #load(): void {
    let text: string;
    try {
      text = readFileSync(this.#o.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return;
    }
    let aliveAt = 0;
    for (const row of text.split('\n')) {
      const line = readLine(row);
      if (!line) continue;
      if ('view' in line) {
        this.#take(line.view);
        aliveAt = Math.max(aliveAt, line.view.data.at);
      } else if ('refusal' in line) this.#queue.push(line.refusal);
      else if ('acked' in line) this.#forget(line.acked);
      else aliveAt = Math.max(aliveAt, line.alive);
    }
    for (const open of [...this.#open.values()])
      this.#take(this.#make({ ...open, phase: 'ended', at: Math.max(open.at, aliveAt), why: 'stopped' }));
  }

  #write(line: Line): void {
    try {
      const text = `${this.#torn ? '\n' : ''}${JSON.stringify(line)}\n`;
      // All of it, or an error: a disk that fills up takes a part and says nothing.
      writeFileSync(this.#fd, text);
      this.#torn = false;
      this.#bytes += Buffer.byteLength(text);
    } catch (error) {
      // A part of the line may be there: the next one must not be glued to it.
      this.#torn = true;
      this.#o.onError?.(error as Error);
    }
  }

  #compact(): void {
    try {
      const fd = this.#rewrite();
      closeSync(this.#fd);
      this.#fd = fd;
    } catch (error) {
      // The old file is still open and whole; it is tried again a good deal later.
      this.#bytes = 0;
      this.#o.onError?.(error as Error);
    }
  }

  /** Writes only what still matters, beside the old file, and takes its place; gives the new file, open for appending. */
  #rewrite(): number {
    const since = this.#o.now() - REMEMBER_MS;
    const starts = this.#recent.filter((v) => v.data.phase === 'started' && (v.data.at > since || this.#open.has(v.data.viewId)));
    const kept = new Set(starts.map((v) => v.data.viewId));
    // The end of a start that is kept: without it, the start would be read as a view left open.
    this.#recent = this.#recent.filter((v) => kept.has(v.data.viewId));
    const lines: Line[] = [];
    for (const view of this.#recent) lines.push({ view }, { acked: view.id });
    for (const report of this.#queue) lines.push(isView(report) ? { view: report } : { refusal: report });
    const temporary = `${this.#o.path}.tmp`;
    const fd = openSync(temporary, 'w', 0o600);
    const text = lines.map((l) => `${JSON.stringify(l)}\n`).join('');
    try {
      writeFileSync(fd, text);
      fsyncSync(fd);
      renameSync(temporary, this.#o.path);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    this.#torn = false;
    this.#bytes = Buffer.byteLength(text);
    this.#rewriteAt = Math.max(REWRITE_BYTES, 2 * this.#bytes);
    return fd;
  }
}

export function isView(report: Report): report is MediaView {
  return report.type === 'cn.shouwang.media.view.v1';
}

/** A line cut short by a crash, or foreign, counts for nothing. */
function readLine(row: string): Line | undefined {
  try {
    const line: unknown = JSON.parse(row);
    if (typeof line !== 'object' || line === null) return undefined;
    if ('view' in line) return isValid('MediaView', line.view) ? { view: line.view } : undefined;
    if ('refusal' in line) return isValid('MediaRefusal', line.refusal) ? { refusal: line.refusal } : undefined;
    if ('acked' in line && typeof line.acked === 'string') return { acked: line.acked };
    if ('alive' in line && typeof line.alive === 'number') return { alive: line.alive };
  } catch {
    return undefined;
  }
  return undefined;
}
