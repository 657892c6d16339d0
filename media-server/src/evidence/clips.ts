/**
 * The clips of cases at this node: what the centre wants, recorded, signed, kept and deleted. Each change is on disk before it is
 * told; a wish that is said again changes nothing and is answered with the state that there is.
 */
import { asCoded, type ClipPart, type ClipReported, type ClipState, type ClipWanted, CodedError } from '@shouwang/protocol';
import type { Camera } from '../config.ts';
import type { Hubs } from '../hub/hubs.ts';
import type { Clock } from '../lib/clock.ts';
import { writeDurably } from '../lib/durable.ts';
import type { Log } from '../lib/log.ts';
import { allMasks, type Mask } from '../masks/mask.ts';
import { finishFile } from '../recorder/clip-file.ts';
import { ClipRecording, fromDisk, gapsOf, MAX_PARTS, type RecordedPart } from '../recorder/clip-recording.ts';
import { fragmentsFile } from '../recorder/clip-writer.ts';
import type { Rings } from '../recorder/rings.ts';
import type { CentreClock } from './centre-clock.ts';
import { budgeted, type ClipRecord, type ClipStore, type FirstState, isOpen, isSameClip, newRecord } from './clip-store.ts';
import { type BudgetedClip, type DiskBudget, mayGo } from './disk-budget.ts';
import type { EvidenceKey } from './key.ts';
import { partOf, signManifest } from './manifest.ts';
import type { MaskedCopies, PartOnDisk } from './masked-copies.ts';
import { Room } from './room.ts';

export interface ClipsOptions {
  node: string;
  cameras: readonly Pick<Camera, 'id' | 'name' | 'place' | 'masks'>[];
  hubs: Pick<Hubs, 'get'>;
  rings: Pick<Rings, 'past'>;
  store: ClipStore;
  budget: DiskBudget;
  copies: Pick<MaskedCopies, 'prepare' | 'drop'>;
  key: EvidenceKey;
  clock: Clock;
  centreClock: CentreClock;
  log: Log;
  /** Clips that may be recorded at once. */
  maxActive: number;
  /** A range that is over, of which nothing is there: so much is recorded from now on (ms), if it was over for no longer than `lateWithinMs`. */
  lateMs: number;
  lateWithinMs: number;
  /** Something is to be told to the centre. */
  onChanged(): void;
}

export interface FinishedPart extends PartOnDisk {
  part: ClipPart;
  mp4: string;
  manifest: string;
  want: ClipWanted['data'];
}

export class Clips {
  readonly #o: ClipsOptions;
  readonly #clips = new Map<string, ClipRecord>();
  readonly #active = new Map<string, ClipRecording>();
  /** About to be active: many are wished for at the same moment. */
  readonly #beginning = new Set<string>();
  /** What is under way for a clip; one thing after the other. */
  readonly #work = new Map<string, Promise<void>>();
  /** Until when each is held, as it was heard last: what is under way for it goes first, and may be that it is to make room. Centre's clock, ms */
  readonly #held = new Map<string, number>();
  readonly #room: Room;
  #closed = false;

  constructor(options: ClipsOptions) {
    this.#o = options;
    const drop = (clipId: string) => this.#enqueue(clipId, () => this.#makeWay(clipId));
    const clips = () => [...this.#clips.values()].filter((c) => c.reported.state !== 'deleted').map((c) => this.#budgeted(c));
    const recorded = () => [...this.#active.keys(), ...this.#beginning];
    this.#room = new Room({ budget: options.budget, centreNow: () => this.#centreNow(), clips, recorded, drop });
  }

  /** Reads what is on disk, finishes what a crash interrupted, and goes on recording what is still under way. */
  async start(): Promise<void> {
    const { store, budget, log } = this.#o;
    const unreadable = (folder: string, err: unknown) => log.error({ err, folder }, 'a clip whose record cannot be read: left as it is');
    for (const record of await store.load(unreadable)) {
      const { clipId } = record.want;
      this.#clips.set(clipId, record);
      budget.measured(clipId, store.bytes(clipId));
    }
    for (const { want, reported } of this.#clips.values()) void this.#enqueue(want.clipId, () => this.#resume(want.clipId, reported.state));
  }

  /** Takes a wish of the centre, said at `saidAt` by its clock. */
  hear(want: ClipWanted['data'], saidAt: number): void {
    this.#o.centreClock.heard(saidAt);
    const known = this.#clips.get(want.clipId);
    if (known && isSameClip(known.want, want)) this.#held.set(want.clipId, want.heldUntil ?? 0);
    void this.#enqueue(want.clipId, () => this.#heard(want, saidAt));
  }

  /** What the centre has not acknowledged. */
  get unreported(): ClipReported['data'][] {
    return [...this.#clips.values()].filter((c) => c.reported.revision > c.acked).map((c) => c.reported);
  }

  /** Resolves when that is on disk. */
  acknowledged(clipId: string, revision: number): Promise<void> {
    const acked = this.#clips.get(clipId);
    // At once, so that it is not told again meanwhile.
    if (acked) acked.acked = Math.max(acked.acked, revision);
    return this.#enqueue(clipId, async () => {
      const record = this.#clips.get(clipId);
      if (!record) return;
      // The centre knows that it is gone: nothing of it need be kept.
      if (record.reported.state === 'deleted' && record.reported.revision <= revision) {
        this.#clips.delete(clipId);
        this.#held.delete(clipId);
        await this.#o.store.forget(clipId);
      } else await this.#o.store.save(record);
    });
  }

  get active(): number {
    return this.#active.size;
  }

  get size(): number {
    return this.#clips.size;
  }

  has(clipId: string): boolean {
    const record = this.#clips.get(clipId);
    return record !== undefined && record.reported.state !== 'deleted';
  }

  /** A finished part with its files; `masks` are for everybody who may not see behind them. Throws CLIP_UNKNOWN, CLIP_NOT_READY. */
  part(clipId: string, n: number): FinishedPart {
    const record = this.#clips.get(clipId);
    if (!record || record.reported.state === 'deleted') throw new CodedError('CLIP_UNKNOWN');
    const part = record.reported.parts.find((p) => p.n === n);
    if (!part) {
      throw new CodedError(isOpen(record.reported.state) ? 'CLIP_NOT_READY' : 'CLIP_UNKNOWN');
    }
    const { store } = this.#o;
    const name = part.stage === 'pre' ? 0 : n;
    const masks = this.#masks(record);
    return { clipId, name, part, mp4: store.mp4(clipId, name), manifest: store.manifest(clipId, name), want: record.want, masks };
  }

  /** Those of then, also where the camera is gone from the list, and those of now. */
  #masks({ want, masks }: ClipRecord): Mask[] {
    return allMasks(masks, this.#o.cameras.find((c) => c.id === want.cameraId)?.masks);
  }

  /** Stops recording; what is on disk is gone on with at the next start. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const recording of this.#active.values()) recording.stop();
    this.#active.clear();
    await Promise.all(this.#work.values());
  }

  /** Everything that was asked for so far is done (tests). */
  async settled(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work.values());
  }

  #enqueue(clipId: string, job: () => Promise<void>): Promise<void> {
    const before = this.#work.get(clipId) ?? Promise.resolve();
    const after = before.then(job).catch((error: unknown) => {
      this.#o.log.error({ err: error, clipId }, 'a clip: this step failed');
    });
    this.#work.set(clipId, after);
    void after.then(() => {
      if (this.#work.get(clipId) === after) this.#work.delete(clipId);
    });
    return after;
  }

  async #heard(want: ClipWanted['data'], saidAt: number): Promise<void> {
    const known = this.#clips.get(want.clipId);
    // A hold goes before the end of the term, whatever else is asked for: what is deleted does not come back.
    if (want.wanted === 'deleted' && (want.heldUntil ?? 0) > saidAt)
      return this.#o.log.warn({ clipId: want.clipId }, 'the centre wants a clip deleted on which a hold stands: left as it is');
    if (!known) {
      if (want.wanted === 'deleted') await this.#adopt(want, 0, { state: 'deleted', why: 'retention' });
      else await this.#begin(want);
      return;
    }
    if (!isSameClip(known.want, want)) {
      this.#o.log.warn({ clipId: want.clipId }, 'the centre names a known clip with another case, camera or range: left as it is');
      return;
    }
    known.want = want;
    // Meanwhile more may be known of the clock: what is missing is said by that.
    if (isOpen(known.reported.state)) known.aheadMs = this.#o.centreClock.aheadMs;
    if (want.wanted === 'deleted') await this.#delete(known, 'retention');
    else {
      await this.#o.store.save(known);
      // Asked again: it may not know the answer.
      known.acked = Math.min(known.acked, known.reported.revision - 1);
      this.#o.onChanged();
    }
  }

  async #begin(want: ClipWanted['data']): Promise<void> {
    const { cameras, centreClock } = this.#o;
    const { aheadMs } = centreClock;
    if (!cameras.some((c) => c.id === want.cameraId)) return this.#adopt(want, aheadMs, { state: 'failed', code: 'CAMERA_UNKNOWN' });
    if (this.#active.size + this.#beginning.size >= this.#o.maxActive)
      return this.#adopt(want, aheadMs, { state: 'failed', code: 'RECORDER_BUSY' });
    this.#beginning.add(want.clipId);
    try {
      await this.#room.make();
      await this.#adopt(want, aheadMs, { state: 'recording' });
      this.#record(this.#clips.get(want.clipId)!, 1);
    } finally {
      this.#beginning.delete(want.clipId);
    }
  }

  /** A clip is known from now on. */
  async #adopt(want: ClipWanted['data'], aheadMs: number, state: FirstState): Promise<void> {
    const { cameras, clock, store, log } = this.#o;
    const masks = cameras.find((c) => c.id === want.cameraId)?.masks ?? [];
    const known = { want, aheadMs, masks, at: clock.now() };
    let record = newRecord(known, state);
    try {
      await store.save(record);
    } catch (cause) {
      log.error({ err: cause, clipId: want.clipId }, 'a clip cannot be put down');
      // The centre hears of it all the same: it would wait for ever.
      if (state.state === 'recording') record = newRecord(known, { state: 'failed', code: fromDisk(cause).code });
    }
    this.#clips.set(want.clipId, record);
    this.#o.onChanged();
  }

  #record(record: ClipRecord, firstPart: number): void {
    const { want, aheadMs } = record;
    const { hubs, rings, store, budget, clock } = this.#o;
    if (this.#closed || record.reported.state === 'failed') return;
    const now = clock.now();
    const [from, to] = [want.from + aheadMs, want.to + aheadMs];
    const past = firstPart === 1 ? rings.past(want.cameraId, from) : [];
    let until = to;
    if (now >= to && !past.some((p) => p.arrivedAt >= from && p.arrivedAt <= to)) {
      if (now - to > this.#o.lateWithinMs || firstPart > 1) {
        void this.#enqueue(want.clipId, () => this.#finish(record, [], new CodedError('NO_FOOTAGE')));
        return;
      }
      until = now + this.#o.lateMs;
    }
    const recording = new ClipRecording({
      folder: store.folder(want.clipId),
      until,
      patienceMs: this.#o.lateMs,
      firstPart,
      hub: hubs.get(want.cameraId),
      past,
      clock,
      checkSpace: () => {
        budget.measured(want.clipId, store.bytes(want.clipId));
        this.#room.check();
      },
      onPast: (part) => {
        if (part && until > now) void this.#enqueue(want.clipId, () => this.#publishPast(record, part));
      },
      onEnd: (error) => {
        this.#active.delete(want.clipId);
        const why = error ?? (recording.parts.length === 0 ? (recording.lastError ?? new CodedError('NO_FOOTAGE')) : undefined);
        void this.#enqueue(want.clipId, () => this.#finish(record, recording.parts, why));
      },
    });
    this.#active.set(want.clipId, recording);
    recording.start();
  }

  /** What was there at the press, as a file of its own (part 0 on disk), until the whole is finished. */
  async #publishPast(record: ClipRecord, part: RecordedPart): Promise<void> {
    if (record.reported.state !== 'recording') return;
    const made = await this.#make(record, part, 'pre', 0, this.#gaps(record, part.segments, this.#o.clock.now() - record.aheadMs));
    await this.#change(record, { state: 'partial', parts: [made] });
  }

  async #finish(record: ClipRecord, parts: readonly RecordedPart[], error: CodedError | undefined): Promise<void> {
    const { store, log, budget } = this.#o;
    const { clipId } = record.want;
    if (record.reported.state === 'deleted') return;
    const all = store.unfinished(clipId, parts);
    const gaps = this.#gaps(
      record,
      all.flatMap((p) => p.segments),
    );
    const made: ClipPart[] = [];
    let trouble = error;
    for (const part of all) {
      try {
        made.push(await this.#make(record, part, 'whole', part.n, gaps));
      } catch (cause) {
        trouble ??= asCoded(cause);
        log.error({ err: cause, clipId }, 'a part of a clip could not be finished');
      }
    }
    const done = made.length > 0;
    if (trouble) log.warn({ clipId, camera: record.want.cameraId, code: trouble.code }, 'a clip is not whole');
    await this.#change(record, {
      state: done ? 'complete' : 'failed',
      parts: made,
      gaps,
      ...(trouble ? { code: trouble.code } : {}),
    });
    if (done) await this.#tidy(clipId);
    budget.measured(clipId, store.bytes(clipId));
  }

  /** Takes away what the finished parts hold, too. */
  async #tidy(clipId: string): Promise<void> {
    const { store } = this.#o;
    this.#o.copies.drop(clipId, 0);
    await store.dropFinished(clipId, 0);
    for (const { n } of this.#clips.get(clipId)?.reported.parts ?? []) await store.dropRaw(clipId, n);
  }

  /** After a restart: goes on recording, or takes away what stands beside a finished state. */
  async #resume(clipId: string, state: ClipState): Promise<void> {
    const { store, budget } = this.#o;
    if (state === 'complete') await this.#tidy(clipId);
    if (state === 'deleted') await store.dropFiles(clipId);
    budget.measured(clipId, store.bytes(clipId));
    const record = this.#clips.get(clipId)!;
    // What a full disk kept from being finished may be finished now.
    if (state === 'failed' && store.rawParts(clipId).length > 0) await this.#finish(record, [], undefined);
    if (!isOpen(state)) return;
    const last = this.#o.store.rawParts(clipId).at(-1) ?? 0;
    if (this.#o.clock.now() < record.want.to + record.aheadMs && last < MAX_PARTS) this.#record(record, last + 1);
    else await this.#finish(record, [], undefined);
  }

  async #make(
    record: ClipRecord,
    part: RecordedPart,
    stage: ClipPart['stage'],
    name: number,
    gaps: ClipReported['data']['gaps'],
  ): Promise<ClipPart> {
    const { store, key, node, clock, cameras } = this.#o;
    const { want } = record;
    const { n, coding, segments } = part;
    const file = await finishFile(store.mp4(want.clipId, name), fragmentsFile(part.path), coding, segments);
    const camera = cameras.find((c) => c.id === want.cameraId) ?? { name: want.cameraId, place: '' };
    const text = signManifest({ node, want, camera, part: { n, stage, coding, segments }, gaps, file, madeAt: clock.now() }, key);
    await writeDurably(store.manifest(want.clipId, name), text);
    this.#o.budget.measured(want.clipId, store.bytes(want.clipId));
    const masks = this.#masks(record);
    if (masks.length > 0) this.#o.copies.prepare({ clipId: want.clipId, name, masks });
    return partOf({ n, stage, coding, segments }, file, text, key);
  }

  /** By this node's clock, of what was asked for up to `until` (by the centre's). */
  #gaps({ want, aheadMs }: ClipRecord, segments: RecordedPart['segments'], until = want.to): ClipReported['data']['gaps'] {
    return gapsOf(want.from + aheadMs, Math.min(want.to, until) + aheadMs, segments);
  }

  /** Its turn was worked out a while ago: a hold that came meanwhile goes before. */
  async #makeWay(clipId: string): Promise<void> {
    const record = this.#clips.get(clipId);
    if (!record || record.reported.state === 'deleted' || !mayGo(this.#budgeted(record), this.#centreNow())) return;
    this.#o.log.warn({ clipId }, 'the disk budget is used up: the oldest clip without a hold goes');
    await this.#delete(record, 'disk-budget');
  }

  #budgeted(record: ClipRecord): BudgetedClip {
    return budgeted(record, this.#held.get(record.want.clipId));
  }

  /** By the centre's clock; rather too early, for what is gone does not come back. */
  #centreNow(): number {
    const knownAheadMs = [...this.#clips.values()].reduce((most, { aheadMs }) => Math.max(most, aheadMs), 0);
    return this.#o.centreClock.now(knownAheadMs);
  }

  async #delete(record: ClipRecord, why: 'retention' | 'disk-budget'): Promise<void> {
    const { store, budget, clock, log, onChanged } = this.#o;
    const { clipId } = record.want;
    const recording = this.#active.get(clipId);
    this.#active.delete(clipId);
    recording?.stop();
    if (record.reported.state === 'deleted') {
      record.acked = Math.min(record.acked, record.reported.revision - 1);
      onChanged();
      return;
    }
    const { reported } = record;
    const gone = { ...reported, state: 'deleted' as const, parts: [], why, revision: reported.revision + 1, at: clock.now() };
    // First the word, then the deed: a crash in between leaves files that the next deletion takes. A full disk has room for the word only after the deed.
    const noRoom = await store.save({ ...record, reported: gone }).catch((cause: Error) => cause);
    // A hold came while that was put down; nobody was told of it yet.
    if (why === 'disk-budget' && !mayGo(this.#budgeted(record), this.#centreNow())) return store.save(record);
    record.reported = gone;
    if (!noRoom) onChanged();
    this.#o.copies.drop(clipId);
    await store.dropFiles(clipId);
    budget.gone(clipId);
    if (!noRoom) return;
    log.warn({ err: noRoom, clipId }, 'a clip that is to go could not be put down as gone before its files were');
    onChanged();
    await store.save(record);
  }

  async #change(record: ClipRecord, change: Partial<ClipReported['data']>): Promise<void> {
    record.reported = { ...record.reported, ...change, revision: record.reported.revision + 1, at: this.#o.clock.now() };
    await this.#o.store.save(record);
    this.#o.onChanged();
  }
}
