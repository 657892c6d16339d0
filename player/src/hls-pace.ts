/**
 * How far behind the live edge HLS is shown, and how fast, so that it gets there. It begins at a distance that is safe, comes nearer while
 * parts arrive well before they are needed, and goes farther away as soon as they hardly do: a busy box shows an older picture, not a standing one.
 */
export interface Pace {
  /** Wanted, s behind the live edge. */
  readonly distanceS: number;
  /**
   * A part can be shown; so much of what was there before was left, s. `latencyS`: how far behind the edge the picture is now,
   * `nearestS`: what the server allows (PART-HOLD-BACK; RFC 8216bis, 4.4.3.8), `now`: ms. Gives the playback rate.
   */
  arrived(leftS: number, latencyS: number, nearestS: number, now: number): number;
  /** Nothing was left: the picture stands. */
  starved(latencyS: number): void;
}

export const START_S = 1;
const FARTHEST_S = 3;
/** Less than this left is nearly too late. */
const TIGHT_S = 0.15;
/** As much shall be left, whatever comes: at first, and more after each time that it was too near. */
const ROOMY_S = 0.3;
const ROOMIER_S = 0.1;
const MAX_ROOMY_S = 0.8;
const FARTHER_S = 0.25;
const STARVED_S = 0.5;
/** How long it is watched before it comes nearer: at first, and longer after each time that it was too near. */
const CALM_MS = 1000;
const MAX_CALM_MS = 32_000;
/** Nobody sees motion that much faster or slower. */
const FASTER = 1.1;
const SLOWER = 0.9;
/** Off by more, the rate changes, until it is off by less than a third of that. */
const OFF_S = 0.09;

export function createPace(): Pace {
  let distanceS = START_S;
  let rate = 1;
  let calmMs = CALM_MS;
  let roomyS = ROOMY_S;
  /** Since when it has been where it is to be, and the least that was left meanwhile. */
  let there: { since: number; leastS: number } | undefined;

  const farther = (byS: number) => {
    distanceS = Math.min(FARTHEST_S, distanceS + byS);
    calmMs = Math.min(MAX_CALM_MS, calmMs * 2);
    roomyS = Math.min(MAX_ROOMY_S, roomyS + ROOMIER_S);
    there = undefined;
  };

  const nearer = (leftS: number, nearestS: number, now: number) => {
    if (!there) there = { since: now, leastS: leftS };
    there.leastS = Math.min(there.leastS, leftS);
    if (now - there.since < calmMs) return;
    // Half of what there is too much, so that it does not come too near at once.
    distanceS = Math.max(nearestS, distanceS - Math.max(0, there.leastS - roomyS) / 2);
    there = undefined;
  };

  return {
    get distanceS() {
      return distanceS;
    },
    arrived(leftS, latencyS, nearestS, now) {
      const off = latencyS - distanceS;
      // One that is still on its way to where it was sent is not sent farther.
      if (leftS < TIGHT_S && off > -OFF_S) farther(FARTHER_S);
      else if (Math.abs(off) < 2 * OFF_S) nearer(leftS, nearestS, now);
      else there = undefined;
      if (distanceS < nearestS) distanceS = nearestS;
      rate = rateFor(latencyS - distanceS, rate);
      // Hurrying uses up what is left.
      return rate > 1 && leftS < TIGHT_S ? 1 : rate;
    },
    starved: (latencyS) => {
      if (latencyS - distanceS > -OFF_S) farther(STARVED_S);
    },
  };
}

function rateFor(offS: number, before: number): number {
  if (Math.abs(offS) > OFF_S) return offS > 0 ? FASTER : SLOWER;
  const goesOn = offS > 0 === before > 1 && Math.abs(offS) > OFF_S / 3;
  return goesOn ? before : 1;
}
