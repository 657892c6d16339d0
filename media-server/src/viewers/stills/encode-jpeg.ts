/** One key frame → one JPEG. */
import type { AccessUnit } from '../../ingest/access-unit.ts';
import type { Clock } from '../../lib/clock.ts';
import { type Mask, maskFilters } from '../../masks/mask.ts';
import { decodeKeys } from './decode-keys.ts';

export interface JpegOptions {
  ffmpeg: string;
  maxWidth: number;
  /** Black boxes over it. */
  masks?: readonly Mask[];
  clock: Clock;
}

const MAX_JPEG = 16 * 1024 * 1024;

/** Throws INTERNAL (ffmpeg failed; the cause has its words) or TIMEOUT. */
export function encodeJpeg(key: AccessUnit, { ffmpeg, maxWidth, masks = [], clock }: JpegOptions): Promise<Buffer> {
  const filters = [...maskFilters(masks), `scale='min(${maxWidth},iw)':-2`];
  const output = ['-frames:v', '1', '-vf', filters.join(','), '-q:v', '4', '-f', 'mjpeg'];
  return decodeKeys([key], { ffmpeg, clock, output, maxBytes: MAX_JPEG });
}
