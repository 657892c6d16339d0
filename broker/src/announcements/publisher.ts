/**
 * Says outside what was committed, in the order of the numbers. What a crash kept from being said is said again at the
 * next start: at least once, each with the id it was made with.
 */
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { Announced } from '../store/tx.ts';

export interface PublisherOptions {
  store: Store;
  clock: Clock;
  log: Log;
  /** Hands one message to MQTT; `done` once it was written to every subscriber. */
  publish(topic: string, payload: string, done: () => void): void;
}

const PAGE = 1000;
/** The mark is written at most this often; a crash in between only repeats messages. */
const MARK_EVERY_MS = 250;
/** Integrators that come back within this time after a start hear again what the crash kept from them. */
const REPLAY_FOR_MS = 10 * 60 * 1000;
const REPLAY_AT_MOST = 10_000;

export class Publisher {
  readonly #o: PublisherOptions;
  /** Announced and not yet handed over, in order: number and whether it is done. */
  readonly #open: { seq: number; done: boolean }[] = [];
  #firstOpen = 0;
  #marked = 0;
  #handed = 0;
  #cancelMark: (() => void) | undefined;
  #replayed: Announced[] = [];
  #replayUntil = 0;

  constructor(options: PublisherOptions) {
    this.#o = options;
  }

  /** Says what the last run committed and did not say. Before anybody can connect. Returns how many. */
  async replay(): Promise<number> {
    const { published, last } = await this.#o.store.run('readMarks', undefined);
    this.#marked = published;
    this.#handed = published;
    let count = 0;
    for (let after = published; after < last; ) {
      const rows = await this.#o.store.run('readAnnouncements', { after, limit: PAGE });
      if (rows.length === 0) break;
      this.push(rows);
      for (const row of rows) if (row.kind === 'case' && this.#replayed.length < REPLAY_AT_MOST) this.#replayed.push(row);
      count += rows.length;
      after = rows.at(-1)!.seq;
    }
    this.#replayUntil = this.#o.clock.now() + REPLAY_FOR_MS;
    if (count > 0) this.#o.log.info({ count }, 'announcements of the last run said again');
    return count;
  }

  /** Says rows, which come in order. */
  push(rows: Announced[]): void {
    for (const row of rows) {
      const entry = { seq: row.seq, done: false };
      this.#open.push(entry);
      this.#o.publish(row.topic, row.payload, () => {
        entry.done = true;
        this.#advance();
      });
    }
  }

  /**
   * At the replay nobody was connected yet. An integrator that subscribes soon after the start hears those events again;
   * others may hear them twice, with the same ids.
   */
  sayReplayedAgain(matches: (row: Announced) => boolean): void {
    if (this.#replayed.length === 0) return;
    if (this.#o.clock.now() > this.#replayUntil) {
      this.#replayed = [];
      return;
    }
    for (const row of this.#replayed) if (matches(row)) this.#o.publish(row.topic, row.payload, () => undefined);
  }

  /** Writes the last mark. */
  async close(): Promise<void> {
    this.#cancelMark?.();
    this.#cancelMark = undefined;
    await this.#mark();
  }

  #advance(): void {
    while (this.#open[this.#firstOpen]?.done) this.#handed = this.#open[this.#firstOpen++]!.seq;
    // Cut off in big pieces: taking single entries from the front of a long list is slow.
    if (this.#firstOpen > PAGE || this.#firstOpen === this.#open.length) {
      this.#open.splice(0, this.#firstOpen);
      this.#firstOpen = 0;
    }
    if (this.#handed > this.#marked && !this.#cancelMark)
      this.#cancelMark = this.#o.clock.after(MARK_EVERY_MS, () => {
        this.#cancelMark = undefined;
        void this.#mark();
      });
  }

  async #mark(): Promise<void> {
    const seq = this.#handed;
    if (seq <= this.#marked) return;
    try {
      await this.#o.store.run('markPublished', { seq });
      this.#marked = Math.max(this.#marked, seq);
    } catch {
      // The next one tries again; until then a restart would repeat messages, which is allowed.
    }
  }
}
