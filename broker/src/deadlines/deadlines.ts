/**
 * The clock on the signature: what nobody signed in time goes one level up. Nothing is remembered here: when to look
 * next comes from the database, at start and after each look.
 */
import { type Clock, LONGEST_DELAY_MS } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';

/** Between two looks: a storm's deadlines pass within moments of each other. */
const LOOK_EVERY_MS = 100;
/** After a failed look. */
const TRY_AGAIN_MS = 1000;

export class Deadlines {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #signMs: number;
  #at: number | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(options: { store: Store; clock: Clock; log: Log; signMs: number }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#signMs = options.signMs;
  }

  /** Looks now: what became due while the centre was away, and when the next one is. */
  async start(): Promise<void> {
    await this.#look();
  }

  /** An alarm was committed at `at`. */
  alarmCommitted(at: number): void {
    this.#set(at + this.#signMs);
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  #set(at: number): void {
    if (this.#closed || (this.#at !== undefined && this.#at <= at)) return;
    this.#cancel?.();
    this.#at = at;
    const now = this.#clock.now();
    // A clock that was set back must not make the pause longer than it is.
    const pause = Math.min(LOOK_EVERY_MS, this.#lookedAt + LOOK_EVERY_MS - now);
    const delay = Math.min(LONGEST_DELAY_MS, Math.max(0, at - now, pause));
    this.#cancel = this.#clock.after(delay, () => void this.#look());
  }

  async #look(): Promise<void> {
    this.#at = undefined;
    this.#cancel = undefined;
    if (this.#closed) return;
    this.#lookedAt = this.#clock.now();
    try {
      const { escalated, nextAt } = await this.#store.run('escalateDue', { at: this.#lookedAt });
      if (escalated > 0) this.#log.warn({ escalated }, 'not signed in time, escalated');
      if (nextAt !== undefined) this.#set(nextAt);
    } catch (error) {
      this.#log.error({ err: error }, 'deadlines could not be looked at');
      this.#set(this.#clock.now() + TRY_AGAIN_MS);
    }
  }
}
