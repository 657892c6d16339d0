/** Asks the centre for the last alarms of this box, after each break of its news: what changes later comes with the news. */
import { type BoxReports, boxPaths } from '@shouwang/protocol';
import type { Cancel, Clock } from '../clock.ts';
import { Backoff } from '../services/backoff.ts';
import type { Account, AskCentre } from './centre-channel.ts';

/** When a centre comes back, thousands of boxes ask: the list waits a little, alarms do not. */
const SPREAD_MS = 5_000;
const ANSWER_MS = 25_000;

export interface ReportListDeps {
  ask: AskCentre;
  account: Account;
  clock: Clock;
  random(): number;
  onList(list: BoxReports): void;
}

export class ReportList {
  private readonly deps: ReportListDeps;
  private readonly backoff: Backoff;
  private cancel: Cancel = () => {};
  /** Counts the wishes: the answer to an earlier one is older than the break after it. */
  private wish = 0;

  constructor(deps: ReportListDeps) {
    this.deps = deps;
    this.backoff = new Backoff(5_000, 300_000, deps.random);
  }

  /** What was known may be old. */
  wanted(): void {
    this.wish++;
    this.backoff.reset();
    this.askIn(SPREAD_MS * this.deps.random());
  }

  close(): void {
    this.wish++;
    this.cancel();
  }

  private askIn(ms: number): void {
    this.cancel();
    this.cancel = this.deps.clock.after(ms, () => this.askNow().catch(() => {}));
  }

  private async askNow(): Promise<void> {
    const { ask, account, onList } = this.deps;
    const { wish } = this;
    try {
      const list = (await ask({ method: 'GET', path: boxPaths.reports, account, timeoutMs: ANSWER_MS })).body as BoxReports | undefined;
      if (wish !== this.wish) return;
      // An answer that is not the centre's (a proxy's, a portal's) is none.
      if (Array.isArray(list?.reports)) onList(list);
      else this.askIn(this.backoff.next());
    } catch {
      if (wish === this.wish) this.askIn(this.backoff.next());
    }
  }
}
