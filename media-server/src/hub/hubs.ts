/** All hubs of the node, by camera. */
import { CodedError } from '@shouwang/protocol';
import type { Camera } from '../config.ts';
import type { CameraSource } from '../ingest/access-unit.ts';
import { loggableUrl } from '../ingest/rtsp/url.ts';
import { RtspSource } from '../ingest/rtsp-source.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { Hub } from './hub.ts';

export interface HubsOptions {
  cameras: readonly Camera[];
  clock: Clock;
  log: Log;
  lingerMs: number;
  /** Tests put their own cameras here. */
  makeSource?: (camera: Camera) => CameraSource;
}

export class Hubs {
  readonly #hubs = new Map<string, Hub>();

  constructor({ cameras, clock, log, lingerMs, makeSource }: HubsOptions) {
    for (const camera of cameras) {
      const cameraLog = log.child({ camera: camera.id, url: loggableUrl(camera.url) });
      const source = makeSource?.(camera) ?? new RtspSource({ url: camera.url, clock, log: cameraLog });
      this.#hubs.set(camera.id, new Hub({ cameraId: camera.id, source, clock, log: cameraLog, lingerMs }));
    }
  }

  /** Throws CAMERA_UNKNOWN. */
  get(cameraId: string): Hub {
    const hub = this.#hubs.get(cameraId);
    if (!hub) throw new CodedError('CAMERA_UNKNOWN');
    return hub;
  }

  all(): Hub[] {
    return [...this.#hubs.values()];
  }

  async close(): Promise<void> {
    await Promise.all(this.all().map((h) => h.close()));
  }
}
