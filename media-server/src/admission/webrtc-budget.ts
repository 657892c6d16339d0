/** Whether one more viewer goes by WebRTC, and on which worker: a budget of bits for the node, and no worker overworked. */
import { CodedError } from '@shouwang/protocol';

export interface Place {
  up: boolean;
  /** How busy it was when last asked, % of a core. */
  percent: number;
  /** It is behind with what it has. */
  late: boolean;
}

export interface BudgetOptions {
  /** Mbit/s in all. */
  maxMbit: number;
  /** A worker that is busier is given nobody more. */
  maxWorkerPercent: number;
}

/** What one Mbit/s costs a worker, % of a core (docs/benchmarks.md): for viewers who came since it was last asked. */
const PERCENT_PER_MBIT = 0.3;

export class WebRtcBudget<P extends Place> {
  readonly #o: BudgetOptions;

  constructor(options: BudgetOptions) {
    this.#o = options;
  }

  /**
   * The worker for a viewer of `mbit` who wants a camera that `home` has already: that one while it is not the busier by much, so that
   * the camera is not copied from worker to worker without need. `load`: Mbit/s that go out of a worker now.
   * Throws WHEP_REFUSED where none runs, WEBRTC_FULL where the budget is spent or all are busy.
   */
  place(places: readonly P[], load: (place: P) => number, mbit: number, home: P | undefined): P {
    const running = places.filter((p) => p.up);
    if (running.length === 0) throw new CodedError('WHEP_REFUSED');
    const all = places.reduce((sum, p) => sum + load(p), 0);
    if (all + mbit > this.#o.maxMbit) throw new CodedError('WEBRTC_FULL', 'webrtc.maxMbit');
    const busy = (p: P) => Math.max(p.percent, load(p) * PERCENT_PER_MBIT);
    const free = running.filter((p) => !p.late && busy(p) + mbit * PERCENT_PER_MBIT <= this.#o.maxWorkerPercent);
    const least = free.reduce<P | undefined>((best, p) => (best && load(best) <= load(p) ? best : p), undefined);
    if (!least) throw new CodedError('WEBRTC_FULL', 'every worker is busy');
    return home && free.includes(home) && load(home) <= load(least) + this.#o.maxMbit / 4 ? home : least;
  }
}
