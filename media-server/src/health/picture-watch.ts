/**
 * Looks at every camera that is pulled: a key frame every few seconds, decoded small, judged over several. A picture that moves
 * costs nothing: what is black or frozen leaves almost nothing between its key frames, so only such a camera is decoded, and
 * every other once a minute. Where the budget of decodings does not suffice, each is looked at more seldom.
 */
import type { Hub } from '../hub/hub.ts';
import type { Hubs } from '../hub/hubs.ts';
import type { AccessUnit } from '../ingest/access-unit.ts';
import { type Cancel, type Clock, every } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { FaultBook } from './fault-book.ts';
import { FROZEN_MS, judge, type Sample } from './picture-verdict.ts';

export interface PictureWatchOptions {
  hubs: Pick<Hubs, 'onPulled'>;
  faults: FaultBook;
  clock: Clock;
  log: Log;
  /** Brightness maps of key frames, as `lumaOf`; undefined: nothing can be decoded here. */
  decode: ((keys: readonly AccessUnit[]) => Promise<Buffer[]>) | undefined;
  /** Decodings that may be begun in a minute, over all cameras. */
  perMinute: number;
}

interface Watched {
  hub: Hub;
  leave: () => void;
  /** Key frames that wait to be decoded, and what came of those before. */
  keys: AccessUnit[];
  samples: Sample[];
  decoding: boolean;
  /** How many key frames in a row came after pictures that changed. */
  changing: number;
  /** Since the last key frame that was kept: pictures between key frames, and their bytes. */
  between: { pictures: number; bytes: number };
  /** When it was last decoded. ms since 1970 */
  decodedAt: number;
  /** When the newest picture arrived, or the pulling began. ms since 1970 */
  heardAt: number;
  lostSince: number | undefined;
}

/** Between two key frames that are looked at, ms. */
const SAMPLE_MS = 3500;
const LOOK_MS = 2000;
/** A camera that sends nothing for so long is silent; one that cannot be reached is so at the next look after this. */
const SILENT_MS = 12_000;
const LOST_MS = 8000;
/** Key frames decoded in one go, or fewer once they wait for so long (ms). */
const BATCH = 2;
const WAIT_MS = 6000;
/** A picture that changes is looked at all the same so often, ms. */
const ANYWAY_MS = 60_000;
/** Between key frames, bytes a picture (and share of the key frame) below which nothing may be changing. */
const HARDLY_BYTES = 300;
const HARDLY_SHARE = 0.02;

export class PictureWatch {
  readonly #o: PictureWatchOptions;
  readonly #watched = new Map<string, Watched>();
  #cancel: Cancel = () => {};
  /** Decodings that may begin now. */
  #allowance: number;
  #filledAt: number;

  constructor(options: PictureWatchOptions) {
    this.#o = options;
    this.#allowance = options.perMinute;
    this.#filledAt = options.clock.now();
  }

  start(): void {
    const { hubs, clock } = this.#o;
    hubs.onPulled((hub, pulled) => (pulled ? this.#begin(hub) : this.#end(hub)));
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
    known?.leave();
    const watched: Watched = {
      hub,
      leave: hub.observe({ onPicture: (picture) => this.#see(watched, picture) }),
      keys: [],
      samples: [],
      decoding: false,
      changing: 0,
      between: { pictures: 0, bytes: 0 },
      decodedAt: Number.NEGATIVE_INFINITY,
      heardAt: this.#o.clock.now(),
      lostSince: undefined,
    };
    this.#watched.set(hub.cameraId, watched);
  }

  /** What was found last stands until the camera is pulled again. */
  #end(hub: Hub): void {
    const watched = this.#watched.get(hub.cameraId);
    if (watched?.hub !== hub) return;
    watched.leave();
    this.#watched.delete(hub.cameraId);
  }

  #see(watched: Watched, picture: AccessUnit): void {
    watched.heardAt = picture.arrivedAt;
    if (!picture.key) {
      watched.between.pictures++;
      watched.between.bytes += picture.bytes;
      return;
    }
    const last = watched.keys.at(-1)?.arrivedAt ?? watched.samples.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
    if (picture.arrivedAt - last < SAMPLE_MS) return;
    if (watched.keys.length === 2 * BATCH) watched.keys.shift();
    watched.keys.push(picture);
    const { pictures, bytes } = watched.between;
    watched.between = { pictures: 0, bytes: 0 };
    if (pictures > 0 && bytes / pictures > Math.max(HARDLY_BYTES, picture.bytes * HARDLY_SHARE)) watched.changing++;
    else watched.changing = 0;
  }

  /** Whether it is to be decoded now. */
  #isDue(cameraId: string, { keys, changing, decodedAt }: Watched, now: number): boolean {
    const [oldest] = keys;
    if (!oldest || (keys.length < BATCH && now - oldest.arrivedAt < WAIT_MS)) return false;
    // One that is called black or frozen is looked at until it is not.
    const suspected = this.#o.faults.of(cameraId).some((f) => f === 'black' || f === 'frozen');
    return changing < BATCH || suspected || now - decodedAt >= ANYWAY_MS;
  }

  #look(): void {
    const { clock, perMinute, decode } = this.#o;
    const now = clock.now();
    this.#allowance = Math.min(perMinute, this.#allowance + ((now - this.#filledAt) / 60_000) * perMinute);
    this.#filledAt = now;
    for (const [cameraId, watched] of this.#watched) {
      this.#line(cameraId, watched, now);
      if (!decode || watched.decoding || this.#allowance < 1 || !this.#isDue(cameraId, watched, now)) continue;
      this.#allowance--;
      watched.decodedAt = now;
      void this.#judge(cameraId, watched, decode);
    }
  }

  /** Whether anything comes at all. While it is being connected to nothing new is known. */
  #line(cameraId: string, watched: Watched, now: number): void {
    const { faults } = this.#o;
    const { phase, why } = watched.hub.state;
    const lost = phase === 'down' || phase === 'refused';
    if (phase === 'live' || phase === 'degraded') {
      watched.lostSince = undefined;
      faults.set(cameraId, 'unreachable', false);
      faults.set(cameraId, 'silent', now - watched.heardAt > SILENT_MS);
    } else if (phase === 'silent') faults.set(cameraId, 'silent', true);
    else if (lost) {
      watched.lostSince ??= now;
      if (now - watched.lostSince >= LOST_MS) faults.set(cameraId, 'unreachable', true, why);
    }
  }

  async #judge(cameraId: string, watched: Watched, decode: (keys: readonly AccessUnit[]) => Promise<Buffer[]>): Promise<void> {
    // Those of one codec: it may have changed in between.
    const { codec } = watched.keys.at(-1)!.track;
    const keys = watched.keys.splice(0).filter((k) => k.track.codec === codec);
    watched.decoding = true;
    try {
      const lumas = await decode(keys);
      for (const [i, luma] of lumas.entries()) watched.samples.push({ luma, at: keys[i]!.arrivedAt });
    } catch (error) {
      this.#o.log.debug({ err: error, camera: cameraId }, 'a picture could not be looked at');
      return;
    } finally {
      watched.decoding = false;
    }
    const newest = watched.samples.at(-1)?.at ?? 0;
    // One more than the frozen time needs, so that the span is reached.
    while (watched.samples[1] && newest - watched.samples[1].at >= FROZEN_MS) watched.samples.shift();
    const verdict = judge(watched.samples);
    if (!verdict || this.#watched.get(cameraId) !== watched) return;
    for (const fault of ['black', 'frozen'] as const)
      this.#o.faults.set(cameraId, fault, verdict.fault === fault, verdict.fault ? verdict.detail : undefined);
  }
}
