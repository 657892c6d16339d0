/** Hop Ⓒ as stills: JPEG of the newest key frame, encoded once for everybody who looks at the wall, every few seconds while somebody does. */
import { CodedError } from '@shouwang/protocol';
import type { Hub } from '../../hub/hub.ts';
import type { AccessUnit } from '../../ingest/access-unit.ts';
import type { Clock } from '../../lib/clock.ts';
import { Gate } from '../../lib/gate.ts';
import type { Mask } from '../../masks/mask.ts';

export interface Still {
  jpeg: Buffer;
  /** When the picture was taken, ms since 1970. */
  pictureAt: number;
}

export interface StillsOptions {
  encode: (key: AccessUnit, masks: readonly Mask[]) => Promise<Buffer>;
  clock: Clock;
  concurrency: number;
  /** One still is for everybody who asks within so many seconds. */
  everyS: number;
}

interface Cached {
  key: AccessUnit;
  at: number;
  still: Promise<Still>;
}

/** From a cold start: connecting and the next key frame. */
const FIRST_MS = 8000;
/** More stills than this waiting for ffmpeg: better to say no than to be late. */
const MAX_WAITING = 200;

export class Stills {
  readonly #o: StillsOptions;
  readonly #gate: Gate;
  /** Masked ones and others apart. */
  readonly #caches = { masked: new WeakMap<Hub, Cached>(), open: new WeakMap<Hub, Cached>() };

  constructor(options: StillsOptions) {
    this.#o = options;
    this.#gate = new Gate(options.concurrency, MAX_WAITING);
  }

  /** Pulls the camera if it is not running (the hub's linger keeps it for the next ask). Throws CAMERA_OFFLINE, CODEC_UNSUPPORTED, TIMEOUT, INTERNAL. */
  async take(hub: Hub, masks: readonly Mask[] = []): Promise<Still> {
    const cache = masks.length > 0 ? this.#caches.masked : this.#caches.open;
    const subscription = hub.subscribe({ onPicture: () => {} });
    try {
      const key = await hub.waitForKey(FIRST_MS);
      const cached = cache.get(hub);
      if (cached && (cached.key === key || Math.abs(this.#o.clock.now() - cached.at) < this.#o.everyS * 1000)) return await cached.still;
      const still = this.#encode(key, masks);
      cache.set(hub, { key, at: this.#o.clock.now(), still });
      // A failure is not worth keeping.
      still.catch(() => cache.delete(hub));
      return await still;
    } finally {
      subscription.close();
    }
  }

  async #encode(key: AccessUnit, masks: readonly Mask[]): Promise<Still> {
    const release = await this.#gate.enter();
    if (!release) throw new CodedError('TIMEOUT', 'too many stills at once');
    try {
      return { jpeg: await this.#o.encode(key, masks), pictureAt: key.pictureAt };
    } finally {
      release();
    }
  }
}
