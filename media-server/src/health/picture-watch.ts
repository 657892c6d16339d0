/**
 * Looks at every camera that is pulled: a key frame every few seconds, decoded small, judged over several. Decoding is dear, so it is done
 * for those cameras only that leave almost nothing between their key frames, as what is black or frozen does, and of these for one that was
 * seen to live only when it leaves less than it did then; for every other once a minute, and at once again where that leaves a doubt. A process
 * that decodes costs as much to start as ten key frames to decode: it takes those of several cameras. Where the budget does not suffice, each
 * is looked at more seldom.
 */
import type { Hub } from '../hub/hub.ts';
import type { Hubs } from '../hub/hubs.ts';
import type { AccessUnit } from '../ingest/access-unit.ts';
import { isPicture } from '../ingest/h264/nal.ts';
import { nalType265 } from '../ingest/h265/nal.ts';
import { type Cancel, type Clock, every } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { FaultBook } from './fault-book.ts';
import { ENOUGH, FROZEN_MS, isDoubtful, judge, livedBefore, type Sample } from './picture-verdict.ts';

export interface PictureWatchOptions {
  hubs: Pick<Hubs, 'onPulled'>;
  faults: FaultBook;
  clock: Clock;
  log: Log;
  /** Brightness maps of key frames of one codec, as `lumaOf`; undefined: nothing can be decoded here. */
  decode: ((keys: readonly AccessUnit[]) => Promise<Buffer[]>) | undefined;
  /** Looks at a camera that may be begun in a minute, over all cameras. */
  perMinute: number;
}

/** What tells cheaply how much happens: bytes of a key frame, and of each picture since the key frame looked at before. */
interface Size {
  key: number;
  between: number;
}

interface SizedSample extends Sample {
  size: Size | undefined;
}

/** `size`: undefined for the first one, before which nothing was seen. */
interface Key {
  picture: AccessUnit;
  size: Size | undefined;
}

interface Watched {
  cameraId: string;
  hub: Hub;
  leave: () => void;
  /** Key frames that wait to be decoded, and what came of those before. */
  keys: Key[];
  samples: SizedSample[];
  /** It leaves almost nothing between key frames. */
  still: boolean;
  /** The last look at it may have been the first at a fault. */
  doubtful: boolean;
  /** What it left when it was last seen to live. */
  alive: Size | undefined;
  /** Its key frames could not be read together with others', nor by themselves. */
  unreadable: boolean;
  /** Since the last key frame that was kept: pictures between key frames, and their bytes. */
  between: { pictures: number; bytes: number };
  keptAt: number | undefined;
  /** When it was last decoded, or the pulling began. ms since 1970 */
  decodedAt: number;
  /** When the newest picture arrived, or the pulling began. ms since 1970 */
  heardAt: number;
  lostSince: number | undefined;
  /** This node has no processor time to read it. */
  noRoomSince: number | undefined;
}

/** Between two key frames that are looked at, ms. */
const SAMPLE_MS = 3900;
const LOOK_MS = 1000;
/** A camera that sends nothing for so long is silent; one that cannot be reached is so at the next look after this. */
const SILENT_MS = 12_000;
const LOST_MS = 8000;
/** For so long it may be that others need this node's processor time more; no probe lasts as long. ms */
const NO_ROOM_MS = 60_000;
/** Cameras that are decoded together, and how long one waits for others, ms. */
const TOGETHER = 12;
const WAIT_MS = 3000;
/** Key frames of one camera that wait at most. */
const MAX_KEYS = 2;
/** A picture that changes is looked at all the same so often, ms; and this much earlier where others are. */
const ANYWAY_MS = 60_000;
const EARLIER_MS = 20_000;
/** Between key frames, bytes a picture (and share of the key frame) below which nothing may be changing. */
const HARDLY_BYTES = 300;
const HARDLY_SHARE = 0.02;
/** A camera that leaves so much of what it left when it lived still does. */
const AS_BEFORE = 0.7;

export class PictureWatch {
  readonly #o: PictureWatchOptions;
  readonly #watched = new Map<string, Watched>();
  readonly #pulled = new Set<Hub>();
  #cancel: Cancel = () => {};
  #decoding = false;
  /** Looks that may begin now. */
  #allowance: number;
  #filledAt: number;

  constructor(options: PictureWatchOptions) {
    this.#o = options;
    this.#allowance = options.perMinute;
    this.#filledAt = options.clock.now();
  }

  start(): void {
    const { hubs, clock } = this.#o;
    hubs.onPulled((hub, pulled) => {
      if (pulled) this.#pulled.add(hub);
      else this.#pulled.delete(hub);
      if (pulled) this.#begin(hub);
      else this.#end(hub);
    });
    this.#cancel = every(clock, LOOK_MS, () => this.#look());
  }

  close(): void {
    this.#cancel();
    for (const { leave } of this.#watched.values()) leave();
    this.#watched.clear();
  }

  #begin(hub: Hub): void {
    if (hub.quality !== 'main' && this.#watched.has(hub.cameraId)) return;
    const known = this.#watched.get(hub.cameraId);
    if (known?.hub === hub) return;
    if (known) this.#leave(known);
    const now = this.#o.clock.now();
    const watched: Watched = {
      cameraId: hub.cameraId,
      hub,
      leave: hub.observe({ onPicture: (picture) => this.#see(watched, picture) }),
      keys: [],
      samples: [],
      still: false,
      doubtful: false,
      alive: undefined,
      unreadable: false,
      between: { pictures: 0, bytes: 0 },
      keptAt: undefined,
      decodedAt: now,
      heardAt: now,
      lostSince: undefined,
      noRoomSince: undefined,
    };
    this.#watched.set(hub.cameraId, watched);
  }

  /** The smaller stream may go on; else what was found last stands until the camera is pulled again. */
  #end(hub: Hub): void {
    const watched = this.#watched.get(hub.cameraId);
    if (watched?.hub !== hub) return;
    this.#leave(watched);
    this.#watched.delete(hub.cameraId);
    const other = [...this.#pulled].find((h) => h.cameraId === hub.cameraId);
    if (other) this.#begin(other);
  }

  #leave(watched: Watched): void {
    watched.leave();
    this.#hasRoom(watched, this.#o.clock.now());
  }

  #see(watched: Watched, picture: AccessUnit): void {
    watched.heardAt = picture.arrivedAt;
    const { between } = watched;
    if (!picture.key) {
      between.pictures++;
      between.bytes += drawnBytes(picture);
      return;
    }
    const first = watched.keptAt === undefined;
    if (!first && picture.arrivedAt - watched.keptAt! < SAMPLE_MS) return;
    watched.keptAt = picture.arrivedAt;
    watched.between = { pictures: 0, bytes: 0 };
    const size = first ? undefined : { key: drawnBytes(picture), between: between.pictures > 0 ? between.bytes / between.pictures : 0 };
    watched.still = size !== undefined && isStill(size, watched.alive);
    watched.keys.push({ picture, size });
    const most = watched.still ? MAX_KEYS : 1;
    if (watched.keys.length > most) watched.keys.splice(0, watched.keys.length - most);
  }

  #look(): void {
    const { clock, perMinute, decode } = this.#o;
    const now = clock.now();
    this.#allowance = Math.min(perMinute, this.#allowance + ((now - this.#filledAt) / 60_000) * perMinute);
    this.#filledAt = now;
    for (const watched of this.#watched.values()) this.#line(watched, now);
    this.#o.faults.setLive([...this.#watched.values()].filter((w) => givesPictures(w, now)).map((w) => w.cameraId));
    if (!decode || this.#decoding) return;
    const due = this.#due(now).slice(0, Math.floor(this.#allowance));
    if (due.length === 0) return;
    this.#allowance -= due.length;
    this.#decoding = true;
    void this.#lookAt(due, now, decode).finally(() => {
      this.#decoding = false;
    });
  }

  /** Those to be decoded now, whoever has waited longest first; of one codec. */
  #due(now: number): Watched[] {
    const waiting = [...this.#watched.values()].filter((w) => w.keys.length > 0).sort((a, b) => a.decodedAt - b.decodedAt);
    const suspects = waiting.filter((w) => w.still || w.doubtful || this.#isCalled(w.cameraId));
    const overdue = waiting.some((w) => now - w.decodedAt >= ANYWAY_MS);
    const waited = suspects.some((w) => now - w.keys[0]!.picture.arrivedAt >= WAIT_MS);
    if (!overdue && !waited && suspects.length < TOGETHER) return [];
    const all = waiting.filter((w) => suspects.includes(w) || now - w.decodedAt >= ANYWAY_MS - EARLIER_MS);
    const [first] = all;
    if (!first || first.unreadable) return all.slice(0, 1);
    return all.filter((w) => codecOf(w) === codecOf(first) && !w.unreadable).slice(0, TOGETHER);
  }

  /** One that is called black or frozen is looked at until it is not. */
  #isCalled(cameraId: string): boolean {
    return this.#o.faults.of(cameraId).some((f) => f === 'black' || f === 'frozen');
  }

  /** Whether anything comes at all. While it is being connected to, or this node has no processor time to read it, nothing new is known of it. */
  #line(watched: Watched, now: number): void {
    const { faults } = this.#o;
    const { cameraId, hub } = watched;
    const { phase, why, detail } = hub.state;
    const lost = phase === 'down' || phase === 'refused';
    if (why === 'TRANSCODE_BUDGET') {
      watched.lostSince = undefined;
      watched.noRoomSince ??= now;
      // Nobody misses one that is only not let go yet.
      if (hub.viewers > 0 && now - watched.noRoomSince >= NO_ROOM_MS) faults.set(cameraId, 'refused', true, why);
      return;
    }
    this.#hasRoom(watched, now);
    if (phase === 'live' || phase === 'degraded') {
      watched.lostSince = undefined;
      faults.set(cameraId, 'unreachable', false);
      faults.set(cameraId, 'refused', false);
      faults.set(cameraId, 'silent', !givesPictures(watched, now));
    } else if (phase === 'silent') faults.set(cameraId, 'silent', true);
    else if (lost) {
      watched.lostSince ??= now;
      if (now - watched.lostSince < LOST_MS) return;
      const refused = phase === 'refused';
      faults.set(cameraId, 'unreachable', !refused, why);
      faults.set(cameraId, 'refused', refused, detail ?? why);
    }
  }

  /** It has the processor time that it needs, or nobody asks for it any more. */
  #hasRoom(watched: Watched, now: number): void {
    if (now - (watched.noRoomSince ?? now) >= NO_ROOM_MS) this.#o.faults.set(watched.cameraId, 'refused', false);
    watched.noRoomSince = undefined;
  }

  async #lookAt(due: readonly Watched[], now: number, decode: (keys: readonly AccessUnit[]) => Promise<Buffer[]>): Promise<void> {
    const taken = due.map((watched) => {
      watched.decodedAt = now;
      watched.doubtful = false;
      const codec = codecOf(watched);
      // It may have changed from one to the next.
      return { watched, keys: watched.keys.splice(0).filter((k) => k.picture.track.codec === codec) };
    });
    const all = taken.flatMap((t) => t.keys);
    const maps = await this.#decode(all, decode);
    if (maps) for (const { watched, keys } of taken) this.#judge(watched, keys, maps.splice(0, keys.length));
    else if (taken.length === 1) taken[0]!.watched.unreadable = true;
    // Whose is missing cannot be told: each by itself.
    else
      for (const { watched, keys } of taken) {
        const own = await this.#decode(keys, decode);
        if (own) this.#judge(watched, keys, own);
        else watched.unreadable = true;
      }
  }

  /** Undefined where not every key frame could be read. */
  async #decode(keys: readonly Key[], decode: (keys: readonly AccessUnit[]) => Promise<Buffer[]>): Promise<Buffer[] | undefined> {
    try {
      const maps = await decode(keys.map((k) => k.picture));
      return maps.length === keys.length ? maps : undefined;
    } catch (error) {
      this.#o.log.debug({ err: error }, 'pictures could not be looked at');
      return undefined;
    }
  }

  #judge(watched: Watched, keys: readonly Key[], maps: readonly Buffer[]): void {
    const { samples, cameraId } = watched;
    watched.unreadable = false;
    for (const [i, { picture, size }] of keys.entries()) {
      samples.push({ luma: maps[i]!, at: picture.arrivedAt, size });
      if (livedBefore(samples)) watched.alive = samples.at(-2)!.size ?? watched.alive;
    }
    const newest = samples.at(-1)?.at ?? 0;
    // One more than the frozen time needs, so that the span is reached.
    while (samples.length > ENOUGH && newest - samples[1]!.at >= FROZEN_MS) samples.shift();
    watched.doubtful = isDoubtful(samples);
    const verdict = judge(samples);
    if (!verdict || this.#watched.get(cameraId) !== watched) return;
    for (const fault of ['black', 'frozen'] as const)
      this.#o.faults.set(cameraId, fault, verdict.fault === fault, verdict.fault ? verdict.detail : undefined);
  }
}

/** Whether so little happens that it must be decoded to know. */
function isStill({ key, between }: Size, alive: Size | undefined): boolean {
  // Key frames only: they tell nothing.
  if (between === 0) return true;
  if (between > Math.max(HARDLY_BYTES, key * HARDLY_SHARE)) return false;
  return !alive || key < alive.key * AS_BEFORE || between < alive.between * AS_BEFORE;
}

/** Of what is drawn: what a camera adds to its pictures (SEI: the time, a signature) says nothing of that. */
function drawnBytes({ nals, bytes, track }: AccessUnit): number {
  // H.265, Table 7-1: types below 32 are parts of pictures.
  const isDrawn = track.codec === 'h264' ? isPicture : (nal: Buffer) => nalType265(nal) < 32;
  return nals.reduce((sum, nal) => (isDrawn(nal) ? sum : sum - nal.length), bytes);
}

function codecOf({ keys }: Watched): string | undefined {
  return keys.at(-1)?.picture.track.codec;
}

function givesPictures({ hub, heardAt }: Watched, now: number): boolean {
  const { phase } = hub.state;
  return (phase === 'live' || phase === 'degraded') && now - heardAt <= SILENT_MS;
}
