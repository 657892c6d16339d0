/**
 * ③ The box's question after a connect: what is the centre, and where does each open alarm stand. Asked again until it is answered:
 * a centre that has 10,000 boxes back at once refuses some (RATE_EXCEEDED), and what it does not say the TV cannot show.
 */
import type { Clock, Timer } from '../clock.ts';
import { backoff } from './backoff.ts';

export interface SyncDeps {
  clock: Pick<Clock, 'after'>;
  random: () => number;
  /** Publishes `up/sync`; what goes wrong is its own to log. */
  publish(): void;
  /** The centre answered: it was reached, there and back. */
  onAnswered(): void;
}

export interface Sync {
  /** Now, and then again until an answer comes. */
  ask(): void;
  /** The centre said what it is, which is the first thing that it says to a question. */
  heard(): void;
  /** The connection is gone. */
  stop(): void;
}

const AGAIN = { minMs: 10_000, maxMs: 120_000 };

export function createSync(deps: SyncDeps): Sync {
  let again: Timer | undefined;

  function stop(): void {
    again?.cancel();
    again = undefined;
  }

  function ask(attempt: number): void {
    again?.cancel();
    again = deps.clock.after(backoff(attempt, AGAIN, deps.random), () => ask(attempt + 1));
    deps.publish();
  }

  return {
    ask: () => ask(0),
    heard() {
      if (!again) return;
      stop();
      deps.onAnswered();
    },
    stop,
  };
}
