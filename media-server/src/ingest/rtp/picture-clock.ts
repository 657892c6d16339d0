/**
 * When was this picture taken? By the camera's own clock where it sends one and that clock is plausible, otherwise by
 * when the picture came in, with the network's jitter taken out.
 */

import type { SenderReport } from './rtcp.ts';
import { ahead } from './rtp.ts';

/** A camera clock further than this from ours is taken to be unset or wrong. */
const PLAUSIBLE_BEHIND_MS = 10_000;
const PLAUSIBLE_AHEAD_MS = 500;
/** How fast the estimate may drift later, ms per picture: more than any crystal, less than jitter. */
const LEAK_MS = 0.1;

export class PictureClock {
  readonly #clockRate: number;
  #offset: number | undefined;
  #report: SenderReport | undefined;

  constructor(clockRate: number) {
    this.#clockRate = clockRate;
  }

  /** The sender began anew. */
  restart(): void {
    this.#offset = undefined;
    this.#report = undefined;
  }

  sawReport(report: SenderReport): void {
    this.#report = report;
  }

  /** `ticks`: the unwrapped timestamp; `timestamp`: the same on the 32-bit ring; `arrivedAt` in ms since 1970. Gives ms since 1970. */
  dates(ticks: number, timestamp: number, arrivedAt: number): number {
    const ms = (ticks * 1000) / this.#clockRate;
    const offset = arrivedAt - ms;
    // The least delayed picture so far says most about the path's own delay.
    // Later by more than any network delays: our own clock was set.
    const follows = this.#offset !== undefined && offset - this.#offset < PLAUSIBLE_BEHIND_MS;
    this.#offset = follows ? Math.min(this.#offset! + LEAK_MS, offset) : offset;
    const report = this.#report;
    if (report) {
      const taken = report.ntpMs + (ahead(report.timestamp, timestamp, 32) * 1000) / this.#clockRate;
      if (taken <= arrivedAt + PLAUSIBLE_AHEAD_MS && taken >= arrivedAt - PLAUSIBLE_BEHIND_MS)
        return Math.round(Math.min(taken, arrivedAt));
    }
    return Math.round(ms + this.#offset);
  }
}
