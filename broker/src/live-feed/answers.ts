/**
 * Consoles that answer the feed's signs of life. TCP notices a network that vanished only after many minutes, in which the
 * centre would count as staffed and alarms would wait for nobody. A console that has answered once has to go on.
 */
import type { Clock } from '../clock.ts';
import { uuid7 } from '../ids.ts';

export class Answers {
  readonly #clock: Clock;
  readonly #withinMs: number;
  readonly #feeds = new Map<string, { silent: () => void; cancel: () => void }>();

  constructor(clock: Clock, withinMs: number) {
    this.#clock = clock;
    this.#withinMs = withinMs;
  }

  /** A feed begins. `silent` is called once when it answered and then no longer does. */
  begins(silent: () => void): string {
    const id = uuid7(this.#clock.now());
    this.#feeds.set(id, { silent, cancel: () => undefined });
    return id;
  }

  /** It answered. An unknown feed is fine: it has just ended. */
  answered(id: string): void {
    const feed = this.#feeds.get(id);
    if (!feed) return;
    feed.cancel();
    feed.cancel = this.#clock.after(this.#withinMs, () => {
      this.#feeds.delete(id);
      feed.silent();
    });
  }

  ends(id: string): void {
    this.#feeds.get(id)?.cancel();
    this.#feeds.delete(id);
  }
}
