/**
 * Black or frozen? Judged over several key frames, so that a single dark or equal one says nothing. Pure.
 *
 * Black: but for a few bright points (the time is often written into the picture) dark (mean below `BLACK_MEAN` of 255), flat
 * (spread below `BLACK_SPREAD`), and without the noise of a sensor that lives. A yard at night is dark and has noise or edges: it
 * is not black.
 * Frozen: over `FROZEN_MS`, hardly a point differs between any picture and the first. A yard where nothing moves has noise, and
 * most cameras write the time into the picture.
 */
import { changed, factsOf, type LumaFacts } from './luma.ts';

export interface Sample {
  luma: Buffer;
  /** When its picture arrived, ms since 1970. */
  at: number;
}

export type Verdict = { fault: 'black' | 'frozen'; detail: string } | { fault: undefined } | undefined;

const BLACK_MEAN = 24;
const BLACK_SPREAD = 3;
/** Levels of brightness that coding alone may add or take away. */
const NOISE_LEVELS = 2;
/** Share of points that differ by more than that: less of them, and the sensor does not live. */
const LIVE_NOISE = 0.02;
const FROZEN_SHARE = 0.0005;
/** So long it must have been dark, ms; two looks at key frames that come every 4 s, and what they come too early. */
const BLACK_MS = 7500;
/** So long nothing may have changed, ms; key frames of which the next but one comes after 10 s and a little earlier count. */
export const FROZEN_MS = 9500;
/** Two looks are enough where no more came in so long, ms. Between two that are farther apart anything may have been. */
const PAIR_MS = 30_000;
/** With so many it does not matter how far apart they are. */
export const ENOUGH = 3;

const isDark = ({ mean, spread }: LumaFacts) => mean < BLACK_MEAN && spread < BLACK_SPREAD;

const isEqual = (a: Sample, b: Sample) => changed(a.luma, b.luma, NOISE_LEVELS) < FROZEN_SHARE;

const hardlyMoves = (a: Sample, b: Sample) => changed(a.luma, b.luma, NOISE_LEVELS) < LIVE_NOISE;

/** Whether the camera was surely neither black nor frozen when it took the last but one: that was not dark, and something changed after it. */
export function livedBefore(samples: readonly Sample[]): boolean {
  const [before, newest] = samples.slice(-2);
  if (!before || !newest) return false;
  return !isDark(factsOf(before.luma)) && !isEqual(before, newest);
}

/** Whether the newest may be the beginning of a fault, or one of which no more is known yet: the next will tell. */
export function isDoubtful(samples: readonly Sample[]): boolean {
  const [newest, before] = samples.toReversed();
  if (!newest) return false;
  if (before && isEqual(before, newest)) return true;
  if (!isDark(factsOf(newest.luma))) return false;
  return !before || !isDark(factsOf(before.luma)) || hardlyMoves(before, newest);
}

/** Of the newest samples, oldest first; undefined: too few to say. */
export function judge(samples: readonly Sample[]): Verdict {
  const black = over(samples, BLACK_MS);
  if (black?.every((s) => isDark(factsOf(s.luma)) && hardlyMoves(black[0]!, s)))
    return { fault: 'black', detail: `亮度 ${Math.round(factsOf(black.at(-1)!.luma).mean)}` };
  const frozen = over(samples, FROZEN_MS);
  if (frozen?.every((s) => isEqual(frozen[0]!, s)))
    return { fault: 'frozen', detail: `${Math.round((frozen.at(-1)!.at - frozen[0]!.at) / 1000)} 秒没有变化` };
  return black && samples.slice(0, -1).some((s) => !isEqual(s, samples.at(-1)!)) ? { fault: undefined } : undefined;
}

/** The newest that span so much time, and are enough. */
function over(samples: readonly Sample[], ms: number): readonly Sample[] | undefined {
  const newest = samples.at(-1);
  const first = samples.findLastIndex((s) => newest!.at - s.at >= ms);
  if (!newest || first < 0) return undefined;
  if (samples.length - first >= ENOUGH || newest.at - samples[first]!.at <= PAIR_MS) return samples.slice(first);
  return samples.length >= ENOUGH ? samples.slice(-ENOUGH) : undefined;
}
