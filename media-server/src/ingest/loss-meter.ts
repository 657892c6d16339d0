/** Whether so much is lost on the way that pictures suffer. */
import type { SourceCounters, SourceHealth } from './access-unit.ts';

export interface LossLimits {
  /** Share of packets lost, or of pictures thrown away, over which a camera is degraded, 0 to 1. */
  degraded: number;
  /** Below this it is live again. */
  live: number;
}

/** A lost packet costs the pictures up to the next key frame, so that little is much. */
export const LOSS_LIMITS: LossLimits = { degraded: 0.02, live: 0.005 };

export class LossMeter {
  readonly #counters: Readonly<SourceCounters>;
  readonly #limits: LossLimits;
  #before: { packets: number; lost: number; broken: number };
  #degraded = false;

  constructor(counters: Readonly<SourceCounters>, limits = LOSS_LIMITS) {
    this.#counters = counters;
    this.#limits = limits;
    this.#before = { ...counters };
  }

  /** Looked at every few seconds; gives what has changed. */
  looks(): SourceHealth | undefined {
    const { packets, lost, broken } = this.#counters;
    const bad = lost - this.#before.lost + (broken - this.#before.broken);
    const sent = packets - this.#before.packets + (lost - this.#before.lost);
    this.#before = { packets, lost, broken };
    if (sent === 0) return undefined;
    const share = bad / sent;
    const degraded = share > (this.#degraded ? this.#limits.live : this.#limits.degraded);
    if (degraded === this.#degraded) return undefined;
    this.#degraded = degraded;
    return degraded ? { phase: 'degraded', detail: `${Math.round(share * 100)} % of the packets are lost or broken` } : { phase: 'live' };
  }
}
