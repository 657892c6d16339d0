/** The faults that the bridge sees by itself: flash, outbox, keys. */
import type { Clock, Timer } from '../clock.ts';
import type { Faults } from './register.ts';

export interface WatchDeps {
  clock: Clock;
  faults: Faults;
  /** Whether the flash takes what is written. */
  flashHealthy(): boolean;
  /** Unanswered messages. */
  waiting(): number;
  /** The most that the outbox holds. */
  maxEntries: number;
  /** Whether the alarm key can be seen. */
  keysSeen(): boolean;
}

export interface Watch {
  /** Something may be different: looks again. */
  look(): void;
  /** The outbox dropped a message. */
  evicted(): void;
  close(): void;
}

/** Input devices come and go while a box starts or a receiver is plugged in anew: so long without any is a fault. */
const KEYS_SETTLE_MS = 10_000;

export function watchFaults(deps: WatchDeps): Watch {
  const { clock, faults } = deps;
  let keys: Timer | undefined;

  function lookAtKeys(): void {
    if (deps.keysSeen()) {
      keys?.cancel();
      keys = undefined;
      faults.clear('keys');
    } else keys ??= clock.after(KEYS_SETTLE_MS, () => faults.begin('keys'));
  }

  return {
    look() {
      if (deps.flashHealthy()) faults.clear('flash');
      else faults.begin('flash');
      // Half empty, not merely one below the limit: the next message would drop one again.
      if (deps.waiting() * 2 <= deps.maxEntries) faults.clear('outbox-full');
      lookAtKeys();
    },
    evicted: () => faults.begin('outbox-full'),
    close() {
      keys?.cancel();
    },
  };
}
