/**
 * A camera's timestamps → a line that never wraps, and the true time of each picture. Timestamps that jump, stand still, run
 * backwards or run at a wrong rate are not believed: the line then goes on by the time of arrival.
 */
import { PictureClock } from './picture-clock.ts';
import type { SenderReport } from './rtcp.ts';
import { ahead } from './rtp.ts';

export interface Moment {
  /** 90 kHz; goes back only where pictures are reordered. */
  ticks: number;
  /** ms since 1970. */
  pictureAt: number;
}

interface RateMark {
  /** Of the timestamps, unwrapped. */
  raw: number;
  arrivedAt: number;
}

/** Further back than any reordering. */
const MAX_BACK_S = 1;
/** Further ahead of the arrival than any network makes up for. */
const MAX_AHEAD_S = 3;
/** B pictures: among so many one is the latest so far (H.264, A.3.1: max_dec_frame_buffering is 16 at most). */
const MAX_REORDERED = 17;
/** Steps that were wrong, among so many pictures, before the timestamps count for nothing, and for how many pictures they then do. */
const WRONG_STEPS = 3;
const WATCHED = 100;
const DISTRUSTED = 500;
/** The rate is looked at so often; wrong twice in a row, and over both together, it is not a burst, nor a stall and what was held back by it. */
const RATE_WINDOW_MS = 5000;
const RATE_TOLERANCE = 0.25;

export class Timeline {
  readonly #rate: number;
  readonly #clock: PictureClock;
  #last: { timestamp: number; line: number; arrivedAt: number } | undefined;
  #latest = Number.NEGATIVE_INFINITY;
  #sinceLatest = 0;
  #wrong = 0;
  #seen = 0;
  #distrusted = 0;
  /** The timestamps unwrapped, believed or not. */
  #raw = 0;
  #rateFrom: RateMark | undefined;
  /** Where the window before began, if its rate was wrong. */
  #wrongFrom: RateMark | undefined;

  /** `clockRate` of the timestamps, Hz. */
  constructor(clockRate: number) {
    this.#rate = clockRate;
    this.#clock = new PictureClock(clockRate);
  }

  /** The sender began anew. */
  restart(): void {
    this.#last = undefined;
    this.#latest = Number.NEGATIVE_INFINITY;
    this.#sinceLatest = 0;
    this.#distrusted = 0;
    this.#rateFrom = undefined;
    this.#wrongFrom = undefined;
    this.#clock.restart();
  }

  sawReport(report: SenderReport): void {
    this.#clock.sawReport(report);
  }

  /** What the camera's own clock said at a timestamp, ms since 1970; undefined where it has not told, or tells nonsense. */
  cameraTime(timestamp: number): number | undefined {
    return this.#distrusted > 0 ? undefined : this.#clock.cameraTime(timestamp);
  }

  /** The next picture in the order of coming. `arrivedAt`: ms since 1970. */
  takes(timestamp: number, arrivedAt: number): Moment {
    const line = this.#place(timestamp, arrivedAt);
    this.#last = { timestamp, line, arrivedAt };
    this.#sinceLatest = line > this.#latest ? 0 : this.#sinceLatest + 1;
    this.#latest = Math.max(this.#latest, line);
    this.#watchRate(arrivedAt);
    return { ticks: (line * 90_000) / this.#rate, pictureAt: this.#clock.dates(line, timestamp, arrivedAt) };
  }

  #place(timestamp: number, arrivedAt: number): number {
    const last = this.#last;
    if (!last) return timestamp;
    if (++this.#seen >= WATCHED) {
      this.#seen = 0;
      this.#wrong = 0;
    }
    const passed = Math.round((Math.max(0, arrivedAt - last.arrivedAt) * this.#rate) / 1000);
    const step = ahead(last.timestamp, timestamp, 32);
    this.#raw += step;
    const line = last.line + step;
    const backwards = this.#sinceLatest >= MAX_REORDERED;
    const jumps = step === 0 || step > passed + MAX_AHEAD_S * this.#rate || line < this.#latest - MAX_BACK_S * this.#rate;
    if (backwards || (jumps && ++this.#wrong >= WRONG_STEPS)) this.#distrusted = DISTRUSTED;
    if (!jumps && this.#distrusted === 0) return line;
    // Neither reports nor delays of before hold for what comes.
    this.#clock.restart();
    this.#distrusted = Math.max(0, this.#distrusted - 1);
    this.#sinceLatest = 0;
    return this.#latest + Math.max(1, passed);
  }

  #watchRate(arrivedAt: number): void {
    const from = this.#rateFrom;
    const passed = arrivedAt - (from?.arrivedAt ?? 0);
    if (from && passed >= 0 && passed < RATE_WINDOW_MS) return;
    const wrongBefore = this.#wrongFrom;
    this.#rateFrom = { raw: this.#raw, arrivedAt };
    this.#wrongFrom = undefined;
    if (!from || passed < 0 || passed > 3 * RATE_WINDOW_MS || !this.#runsWrongSince(from, arrivedAt)) return;
    this.#wrongFrom = from;
    if (this.#distrusted > 0 || (wrongBefore && this.#runsWrongSince(wrongBefore, arrivedAt))) this.#distrusted = DISTRUSTED;
  }

  #runsWrongSince({ raw, arrivedAt }: RateMark, now: number): boolean {
    const ratio = ((this.#raw - raw) * 1000) / this.#rate / (now - arrivedAt);
    return Math.abs(ratio - 1) > RATE_TOLERANCE;
  }
}
