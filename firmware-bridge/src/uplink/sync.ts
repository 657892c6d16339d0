/**
 * ③ The box's question after a connect: what is the centre, and where does each open alarm stand. Asked again until it is answered:
 * a centre that has 10,000 boxes back at once refuses some (RATE_EXCEEDED), and what it does not say the TV cannot show.
 */
import type { Clock, Timer } from '../clock.ts';
import { backoff } from './backoff.ts';

export interface SyncDeps {
  clock: Pick<Clock, 'after'>;
  random: () => number;
  /** Publishes `up/sync`; what goes wrong is its own to log. Returns the alarms that the answer is to speak of. */
  publish(): readonly string[];
  /** The centre answered: it was reached, there and back. */
  onAnswered(): void;
}

export interface Sync {
  /** Now, and then again until an answer comes. */
  ask(): void;
  /** The centre said what it is: the first thing that it says to a question, but it says so unasked too, when somebody comes to it or leaves. */
  heard(): void;
  /** The centre said where this alarm stands. */
  told(alarmId: string): void;
  /** The connection is gone. */
  stop(): void;
}

const AGAIN = { minMs: 10_000, maxMs: 120_000 };
/** A centre that said what it is and nothing of an alarm is asked so often again: it may have lost it. */
const ONCE_MORE = 3;

export function createSync(deps: SyncDeps): Sync {
  let again: Timer | undefined;
  /** The centre said what it is. */
  let greeted = false;
  let missing = new Set<string>();
  let left = 0;

  function stop(): void {
    again?.cancel();
    again = undefined;
  }

  function ask(attempt: number): void {
    again?.cancel();
    again = deps.clock.after(backoff(attempt, AGAIN, deps.random), () => {
      if (greeted && left-- === 0) stop();
      else ask(attempt + 1);
    });
    missing = new Set(deps.publish());
  }

  function stopIfTold(): void {
    if (greeted && missing.size === 0) stop();
  }

  return {
    ask() {
      greeted = false;
      left = ONCE_MORE;
      ask(0);
    },
    heard() {
      if (!again || greeted) return;
      greeted = true;
      stopIfTold();
      deps.onAnswered();
    },
    told(alarmId) {
      if (missing.delete(alarmId)) stopIfTold();
    },
    stop,
  };
}
