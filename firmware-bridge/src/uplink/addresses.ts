/**
 * ③ Which address of the centre is used. The first is preferred; where it fails the next has its turn, round and round. Connected at
 * another, the box looks now and then whether the first is back, and returns when it was there twice in a row and no alarm waits. A
 * return that does not last makes the next look later: no flapping.
 */
import type { Logger } from 'pino';
import type { Clock, Timer } from '../clock.ts';
import type { Dialler } from './dial.ts';

export interface AddressesDeps {
  /** The preferred one first. */
  urls: readonly string[];
  dialler: Dialler;
  clock: Clock;
  random: () => number;
  log: Logger;
  /** How long connected elsewhere before the first address is looked at. */
  returnAfterMs: number;
  /** An alarm waits for its answer: now is not the time to change lines. */
  busy(): boolean;
}

export interface Addresses {
  readonly count: number;
  readonly current: string;
  /** The current one could not be used: the next has its turn. */
  failed(): void;
  /** Connected at the current one. `goBack` is called when the first one shall be used again. */
  up(goBack: () => void): void;
  /** No longer connected. */
  down(): void;
}

/** The first address was there so many times in a row. */
const SEEN = 2;
const LONGEST_MS = 3_600_000;

export function createAddresses(deps: AddressesDeps): Addresses {
  const { urls, clock, log } = deps;
  let at = 0;
  let timer: Timer | undefined;
  let waitMs = deps.returnAfterMs;
  let returned = false;

  function look(seen: number, goBack: () => void): void {
    timer = clock.after(seen === 0 ? waitMs * (0.5 + deps.random() / 2) : deps.returnAfterMs / 10, () => {
      const mine = timer;
      const probe = deps.dialler.dial(urls[0]!);
      probe.line.then(
        (line) => {
          line.destroy();
          if (timer !== mine) return;
          if (seen + 1 < SEEN || deps.busy()) return look(Math.min(seen + 1, SEEN - 1), goBack);
          log.info({ url: urls[0] }, 'the preferred address is back');
          at = 0;
          returned = true;
          goBack();
        },
        () => {
          if (timer === mine) look(0, goBack);
        },
      );
    });
  }

  return {
    count: urls.length,
    get current() {
      return urls[at]!;
    },
    failed() {
      this.down();
      if (at === 0 && returned) waitMs = Math.min(LONGEST_MS, waitMs * 2);
      returned = false;
      at = (at + 1) % urls.length;
    },
    up(goBack) {
      timer?.cancel();
      timer = undefined;
      if (at !== 0) look(0, goBack);
    },
    down() {
      timer?.cancel();
      timer = undefined;
    },
  };
}
