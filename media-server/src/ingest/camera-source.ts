/** What pulls a camera, by its address. */
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { CameraSource } from './access-unit.ts';
import { isFfmpegUrl, parseFfmpegUrl } from './ffmpeg/address.ts';
import { FfmpegSource, type Recoding } from './ffmpeg/ffmpeg-source.ts';
import type { RtspTransport } from './rtsp/session.ts';
import { loggableUrl, parseRtspUrl } from './rtsp/url.ts';
import { RtspSource } from './rtsp-source.ts';

/** What `ffmpeg:` addresses are read with. */
export interface FfmpegReading {
  /** Undefined: there is none on this machine. */
  ffmpeg: string | undefined;
  protocols: readonly string[];
  recoding?: Recoding;
}

export interface CameraSourceOptions {
  url: string;
  transport?: RtspTransport | undefined;
  reading?: FfmpegReading | undefined;
  clock: Clock;
  log: Log;
}

/** Throws CONFIG_INVALID for an address that is none. */
export function makeCameraSource({ url, transport, reading, clock, log }: CameraSourceOptions): CameraSource {
  if (isFfmpegUrl(url)) return new FfmpegSource({ url, ffmpeg: undefined, ...reading, clock, log });
  return new RtspSource({ url, clock, log, ...(transport ? { transport } : {}) });
}

/** Throws CONFIG_INVALID for an address that `makeCameraSource` does not take; the message never repeats it. */
export function checkAddress(url: string, protocols: readonly string[]): void {
  if (isFfmpegUrl(url)) parseFfmpegUrl(url, protocols);
  else parseRtspUrl(url);
}

/** What may be logged of an address. */
export function loggableAddress(url: string, protocols?: readonly string[]): string {
  if (!isFfmpegUrl(url)) return loggableUrl(url);
  try {
    return parseFfmpegUrl(url, protocols).loggable;
  } catch {
    return '(not an address)';
  }
}
