/**
 * What time it is, as far as the box can know. A box has no battery: it boots in 1970 and is told the time later, or never. The best
 * source is the centre itself, heard over a connection that was checked; the next is a clock that shows a time this software can live in.
 */
import type { Clock } from './clock.ts';

/** 2026-01-01: before this software was made. A box whose clock shows less was booted in 1970 and has not been told the time. */
const MADE_AFTER = 1_767_225_600_000;
/** No box runs this software fifteen years after that: such a clock is broken in the other direction. */
const MADE_LONG_AGO = MADE_AFTER + 15 * 365 * 86_400_000;

export function knowsTime(now: number): boolean {
  return now >= MADE_AFTER && now < MADE_LONG_AGO;
}

export interface KnownTime {
  /** ms since 1970; undefined while nobody has said. */
  now(): number | undefined;
  /** As the centre said it in this run of the bridge; undefined: it has not yet. */
  fromCentre(): number | undefined;
  /** The clock shows a time that can be, and the centre, where it was heard, means about the same. */
  agrees(): boolean;
  /** The centre said what time it is there. */
  heard(centreMs: number): void;
}

/** A villager does not notice less. */
const MAY_DIFFER_MS = 5 * 60_000;

/** A message under way takes as long, and nothing depends on less. */
const A_LITTLE_MS = 10_000;

/** `changed`: it is another time than was thought until now. */
export function createKnownTime(clock: Clock, changed: () => void = () => undefined): KnownTime {
  let offset: number | undefined;
  const fromCentre = () => (offset === undefined ? undefined : offset + clock.mono());
  const now = () => fromCentre() ?? (knowsTime(clock.now()) ? clock.now() : undefined);
  return {
    now,
    fromCentre,
    agrees() {
      const centre = fromCentre();
      return centre === undefined ? knowsTime(clock.now()) : Math.abs(centre - clock.now()) <= MAY_DIFFER_MS;
    },
    heard(centreMs) {
      if (!knowsTime(centreMs)) return;
      const thought = now();
      offset = centreMs - clock.mono();
      if (thought === undefined || Math.abs(centreMs - thought) > A_LITTLE_MS) changed();
    },
  };
}
