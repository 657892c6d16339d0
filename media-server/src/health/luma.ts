/** What a picture looks like to the watch: brightness of points spread over it, neither averaged nor sharpened. */
import type { AccessUnit } from '../ingest/access-unit.ts';
import type { Clock } from '../lib/clock.ts';
import { decodeKeys } from '../viewers/stills/decode-keys.ts';

export const LUMA_WIDTH = 160;
export const LUMA_HEIGHT = 90;
const LUMA_BYTES = LUMA_WIDTH * LUMA_HEIGHT;

/**
 * One brightness map (0…255, full range) for each key frame, all of one codec; of any cameras. Fewer, where ffmpeg could not read some. Throws
 * INTERNAL, TIMEOUT.
 */
export async function lumaOf(keys: readonly AccessUnit[], { ffmpeg, clock }: { ffmpeg: string; clock: Clock }): Promise<Buffer[]> {
  // Points, not means: noise is what tells a dark live picture from a black one.
  const scale = `scale=${LUMA_WIDTH}:${LUMA_HEIGHT}:flags=neighbor:out_range=full,format=gray`;
  const output = ['-fps_mode', 'passthrough', '-vf', scale, '-f', 'rawvideo'];
  // The edges of blocks say nothing of that, and smoothing them is a third of the work.
  const bytes = await decodeKeys(keys, {
    ffmpeg,
    clock,
    input: ['-skip_loop_filter', 'all', '-flags', 'low_delay'],
    output,
    maxBytes: LUMA_BYTES * keys.length,
  });
  return Array.from({ length: Math.floor(bytes.length / LUMA_BYTES) }, (_, i) => bytes.subarray(i * LUMA_BYTES, (i + 1) * LUMA_BYTES));
}

export interface LumaFacts {
  mean: number;
  /** Standard deviation. */
  spread: number;
}

/** Share of the points that may be bright in a black picture: what is written into it. */
const WRITTEN = 0.08;

/** Of all points but the brightest few. */
export function factsOf(all: Buffer): LumaFacts {
  const luma = Buffer.from(all)
    .sort()
    .subarray(0, Math.ceil(all.length * (1 - WRITTEN)));
  let sum = 0;
  let squares = 0;
  for (const v of luma) {
    sum += v;
    squares += v * v;
  }
  const mean = sum / luma.length;
  return { mean, spread: Math.sqrt(Math.max(0, squares / luma.length - mean * mean)) };
}

/** Which share of the points (0…1) differs by more than `levels`. */
export function changed(a: Buffer, b: Buffer, levels: number): number {
  let n = 0;
  for (let i = 0; i < a.length; i++) if (Math.abs(a[i]! - b[i]!) > levels) n++;
  return n / a.length;
}
