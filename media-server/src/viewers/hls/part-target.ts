/** EXT-X-PART-INF:PART-TARGET of a stream, which may not change while it lives, and so must not hang on one picture (RFC 8216bis, 4.4.3.7). */
import type { AccessUnit } from '../../ingest/access-unit.ts';

/** So many tell the pace of a camera. No playlist can be begun with fewer: it takes three parts. */
export const PACE_PICTURES = 4;
/** Parts but the last of a segment last at least this share of the target, and a little more than 0.85 (4.4.4.9). */
export const FULL_PART = 0.87;
/** The target of a camera that does not reach that, over the pictures that go into it: its pace is not exact. */
const LEEWAY = 1.15;
/** Several pictures that would fill a part but for so little fill it: a clock that counts in ms is no other pace. */
const EXACT = 1.03;

/** Ticks; as `wanted`, but for a camera whose pictures are so few that no part would come near it. */
export function partTarget(pictures: readonly AccessUnit[], wanted: number): number {
  const pace = paceOf(pictures);
  if (pace === undefined) return wanted;
  const count = Math.max(1, Math.floor((wanted * EXACT) / pace));
  const filled = count * pace;
  const fits = filled <= wanted || (count > 1 && filled <= wanted * EXACT);
  return filled >= wanted * FULL_PART && fits ? wanted : filled * LEEWAY;
}

/** The middle one of the distances from picture to picture: one that is early, late, or lost on the way does not count. */
function paceOf(pictures: readonly AccessUnit[]): number | undefined {
  const { run } = pictures.at(-1)?.track ?? {};
  const ticks = pictures
    .filter((p) => p.track.run === run)
    .map((p) => p.ticks)
    .sort((a, b) => a - b);
  const distances = ticks
    .slice(1)
    .map((t, i) => t - ticks[i]!)
    .filter((d) => d > 0)
    .sort((a, b) => a - b);
  return distances[(distances.length - 1) >> 1];
}
