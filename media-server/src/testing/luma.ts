/** Brightness maps as the watch sees them: flat, with the noise of a sensor, with the time written into them. */
import { LUMA_HEIGHT, LUMA_WIDTH } from '../health/luma.ts';

export const POINTS = LUMA_WIDTH * LUMA_HEIGHT;
/** Repeatable noise. */
function noise(seed: number): () => number {
  let x = seed;
  return () => {
    x = (x * 1_103_515_245 + 12_345) % 2_147_483_648;
    return x / 2_147_483_648;
  };
}
export const flat = (level: number) => Buffer.alloc(POINTS, level);
export function noisy(level: number, amplitude: number, seed: number): Buffer {
  const next = noise(seed);
  return Buffer.from(Array.from({ length: POINTS }, () => Math.max(0, Math.min(255, Math.round(level + (next() - 0.5) * 2 * amplitude)))));
}
/** The second in a corner, in white: each of its bits is fifteen points. */
export function withClock(luma: Buffer, second: number): Buffer {
  const out = Buffer.from(luma);
  for (let i = 0; i < 90; i++) if ((second >> (i % 6)) & 1) out[i] = 235;
  return out;
}
