/**
 * When was this picture taken? By the camera's own clock where it sends one and that clock is plausible, otherwise by
 * when the picture came in, with the network's jitter taken out.
 */

import type { SenderReport } from './rtcp.ts';
import { ahead } from './rtp.ts';

/** A camera clock further than this from ours is taken to be unset or wrong. */
const PLAUSIBLE_BEHIND_MS = 10_000;
const PLAUSIBLE_AHEAD_MS = 500;
/** The least delayed picture of so long says what the path's own delay is: clocks drift, and paths change. */
const WINDOW_MS = 10_000;

export class PictureClock {
  readonly #clockRate: number;
  /** Least arrival minus camera's time, of the window before and of this one. */
  #before = Number.POSITIVE_INFINITY;
  #least = Number.POSITIVE_INFINITY;
  #windowAt = Number.NEGATIVE_INFINITY;
  #report: SenderReport | undefined;

  constructor(clockRate: number) {
    this.#clockRate = clockRate;
  }

  /** The sender began anew, or its timestamps do not go on from before. */
  restart(): void {
    this.#before = Number.POSITIVE_INFINITY;
    this.#least = Number.POSITIVE_INFINITY;
    this.#windowAt = Number.NEGATIVE_INFINITY;
    this.#report = undefined;
  }

  sawReport(report: SenderReport): void {
    this.#report = report;
  }

  /** What the camera's own clock said at a timestamp, ms since 1970; undefined where it has not told. */
  cameraTime(timestamp: number): number | undefined {
    const report = this.#report;
    return report && report.ntpMs + (ahead(report.timestamp, timestamp, 32) * 1000) / this.#clockRate;
  }

  /** `ticks`: the unwrapped timestamp; `timestamp`: the same on the 32-bit ring; `arrivedAt` in ms since 1970. Gives ms since 1970. */
  dates(ticks: number, timestamp: number, arrivedAt: number): number {
    const ms = (ticks * 1000) / this.#clockRate;
    const offset = arrivedAt - ms;
    // Later by more than any network delays: our own clock was set.
    if (offset - Math.min(this.#before, this.#least) > PLAUSIBLE_BEHIND_MS) {
      this.#before = Number.POSITIVE_INFINITY;
      this.#least = Number.POSITIVE_INFINITY;
    }
    if (!(Math.abs(arrivedAt - this.#windowAt) < WINDOW_MS)) {
      this.#windowAt = arrivedAt;
      this.#before = this.#least;
      this.#least = Number.POSITIVE_INFINITY;
    }
    this.#least = Math.min(this.#least, offset);
    const taken = this.cameraTime(timestamp);
    if (taken !== undefined && taken <= arrivedAt + PLAUSIBLE_AHEAD_MS && taken >= arrivedAt - PLAUSIBLE_BEHIND_MS)
      return Math.round(Math.min(taken, arrivedAt));
    return Math.round(ms + Math.min(this.#before, this.#least));
  }
}
