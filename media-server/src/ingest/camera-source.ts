/** What pulls a camera, by its address. */
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { CameraSource } from './access-unit.ts';
import type { RtspTransport } from './rtsp/session.ts';
import { RtspSource } from './rtsp-source.ts';

export interface CameraSourceOptions {
  url: string;
  transport?: RtspTransport | undefined;
  clock: Clock;
  log: Log;
}

/** Throws CONFIG_INVALID for an address that is none. */
export function makeCameraSource({ url, transport, clock, log }: CameraSourceOptions): CameraSource {
  return new RtspSource({ url, clock, log, ...(transport ? { transport } : {}) });
}
