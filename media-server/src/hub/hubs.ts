/**
 * All hubs of the node, by camera and quality. There is a hub only for what is pulled or held by somebody: a list of
 * thousands of cameras costs nothing but the list.
 */
import { CodedError } from '@shouwang/protocol';
import type { Camera } from '../config.ts';
import type { CameraSource } from '../ingest/access-unit.ts';
import { type FfmpegReading, loggableAddress, makeCameraSource } from '../ingest/camera-source.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { Hub, type Quality } from './hub.ts';

export interface HubsOptions {
  cameras: readonly Camera[];
  clock: Clock;
  log: Log;
  lingerMs: number;
  /** For `ffmpeg:` addresses. */
  reading?: FfmpegReading;
  /** Tests put their own cameras here. */
  makeSource?: (camera: Camera, quality: Quality) => CameraSource;
}

export class Hubs {
  readonly #o: HubsOptions;
  readonly #cameras: ReadonlyMap<string, Camera>;
  readonly #pulled = new Set<Hub>();
  readonly #listeners: ((hub: Hub, pulled: boolean) => void)[] = [];
  /** A hub that somebody still holds must be the one that the next one gets, or the camera would be pulled twice. */
  readonly #known = new Map<string, WeakRef<Hub>>();
  readonly #gone = new FinalizationRegistry<string>((key) => {
    if (!this.#known.get(key)?.deref()) this.#known.delete(key);
  });

  constructor(options: HubsOptions) {
    this.#o = options;
    this.#cameras = new Map(options.cameras.map((c) => [c.id, c]));
  }

  /** How many cameras are in the list. */
  get configured(): number {
    return this.#cameras.size;
  }

  /** Whether the list has it; costs nothing. */
  has(cameraId: string): boolean {
    return this.#cameras.has(cameraId);
  }

  /** `sub` is the main stream where the camera has no other. Throws CAMERA_UNKNOWN. */
  get(cameraId: string, quality: Quality = 'main'): Hub {
    const camera = this.#cameras.get(cameraId);
    if (!camera) throw new CodedError('CAMERA_UNKNOWN');
    const sub = quality === 'sub' && camera.subUrl !== undefined;
    const key = sub ? `${cameraId}/sub` : cameraId;
    return this.#known.get(key)?.deref() ?? this.#make(key, camera, sub ? 'sub' : 'main');
  }

  /** Those that are pulled now. */
  all(): Hub[] {
    return [...this.#pulled].filter((h) => h.state.phase !== 'idle');
  }

  /** Is told of each hub that is pulled now, that begins to pull, and that has stopped. */
  onPulled(listener: (hub: Hub, pulled: boolean) => void): void {
    this.#listeners.push(listener);
    for (const hub of this.#pulled) listener(hub, true);
  }

  async close(): Promise<void> {
    const hubs = [...this.#known.values()].map((ref) => ref.deref());
    await Promise.all(hubs.map((h) => h?.close()));
  }

  #make(key: string, camera: Camera, quality: Quality): Hub {
    const { clock, lingerMs, makeSource, reading } = this.#o;
    const url = quality === 'sub' ? camera.subUrl! : camera.url;
    const log = this.#o.log.child({ camera: camera.id, quality, url: loggableAddress(url, reading?.protocols) });
    const source = makeSource?.(camera, quality) ?? makeCameraSource({ url, transport: camera.rtspTransport, reading, clock, log });
    const onPulled = (hub: Hub, pulled: boolean) => {
      if (pulled) this.#pulled.add(hub);
      else this.#pulled.delete(hub);
      for (const listener of this.#listeners) listener(hub, pulled);
    };
    const hub = new Hub({ cameraId: camera.id, quality, source, clock, log, lingerMs, onPulled });
    this.#known.set(key, new WeakRef(hub));
    this.#gone.register(hub, key);
    return hub;
  }
}
