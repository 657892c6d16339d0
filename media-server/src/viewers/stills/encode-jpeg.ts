/** One key frame → one JPEG. */
import type { AccessUnit } from '../../ingest/access-unit.ts';
import type { Clock } from '../../lib/clock.ts';
import { decodeKeys } from './decode-keys.ts';

export interface JpegOptions {
  ffmpeg: string;
  maxWidth: number;
  clock: Clock;
}

const MAX_JPEG = 16 * 1024 * 1024;

/** Throws INTERNAL (ffmpeg failed; the cause has its words) or TIMEOUT. */
export function encodeJpeg(key: AccessUnit, { ffmpeg, maxWidth, clock }: JpegOptions): Promise<Buffer> {
  const output = ['-frames:v', '1', '-vf', `scale='min(${maxWidth},iw)':-2`, '-q:v', '4', '-f', 'mjpeg'];
  return decodeKeys([key], { ffmpeg, clock, output, maxBytes: MAX_JPEG });
}
