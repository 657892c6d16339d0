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
export const BLACK_SAMPLES = 3;
/** So long nothing may have changed. */
export const FROZEN_MS = 15_000;

const isDark = ({ mean, spread }: LumaFacts) => mean < BLACK_MEAN && spread < BLACK_SPREAD;

/** Whether the camera was surely neither black nor frozen when it took the last but one: that was not dark, and something changed after it. */
export function livedBefore(samples: readonly Sample[]): boolean {
  const [before, newest] = samples.slice(-2);
  if (!before || !newest) return false;
  return !isDark(factsOf(before.luma)) && changed(before.luma, newest.luma, NOISE_LEVELS) >= FROZEN_SHARE;
}

/** Of the newest samples, oldest first; undefined: too few to say. */
export function judge(samples: readonly Sample[]): Verdict {
  const newest = samples.at(-1);
  if (!newest || samples.length < BLACK_SAMPLES) return undefined;
  const recent = samples.slice(-BLACK_SAMPLES);
  const facts = recent.map((s) => factsOf(s.luma));
  const dark = facts.every(isDark);
  const still = recent.slice(1).every((s) => changed(recent[0]!.luma, s.luma, NOISE_LEVELS) < LIVE_NOISE);
  if (dark && still) return { fault: 'black', detail: `亮度 ${Math.round(facts.at(-1)!.mean)}` };
  const oldest = samples[0]!;
  const equal = samples.slice(1).every((s) => changed(oldest.luma, s.luma, NOISE_LEVELS) < FROZEN_SHARE);
  if (!equal) return { fault: undefined };
  return newest.at - oldest.at < FROZEN_MS
    ? undefined
    : { fault: 'frozen', detail: `${Math.round((newest.at - oldest.at) / 1000)} 秒没有变化` };
}
