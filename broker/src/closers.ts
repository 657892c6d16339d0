/** What was opened is closed in reverse, each part within a bounded time: one that hangs keeps nobody else open. */
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';

const EACH_WITHIN_MS = 5000;

type Close = () => void | Promise<void>;

export class Closers {
  readonly #clock: Clock;
  readonly #log: Log;
  /** Last opened last. */
  readonly #closers: Close[] = [];

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  push(close: Close): void {
    this.#closers.push(close);
  }

  /** Closes everything. Never throws; what fails or hangs is logged and left behind. */
  async close(): Promise<void> {
    for (let close = this.#closers.pop(); close; close = this.#closers.pop()) {
      try {
        if (!(await this.#inTime(close))) this.#log.error({ part: String(close) }, 'did not close in time, left behind');
      } catch (error) {
        this.#log.warn({ err: error }, 'while closing');
      }
    }
  }

  async #inTime(close: Close): Promise<boolean> {
    let stop: () => void = () => undefined;
    const late = new Promise<false>((resolve) => {
      stop = this.#clock.after(EACH_WITHIN_MS, () => resolve(false));
    });
    const done = Promise.resolve(close()).then(() => true as const);
    try {
      return await Promise.race([done, late]);
    } finally {
      stop();
    }
  }
}
