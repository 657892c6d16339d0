/** Ends this process so that the launcher starts the version that is due, as soon as nothing is lost by it. */
import type { Logger } from 'pino';
import type { Clock, Timer } from '../clock.ts';

export interface EndingDeps {
  clock: Pick<Clock, 'after'>;
  log: Logger;
  /** An alarm is nowhere but in this process, or a hand is on the key. */
  busy(): boolean;
  end(): void;
}

export interface Ending {
  soon(): void;
  callOff(): void;
}

const LOOK_AGAIN_MS = 5000;

export function createEnding({ clock, log, busy, end }: EndingDeps): Ending {
  let next: Timer | undefined;

  function look(): void {
    if (busy()) next = clock.after(LOOK_AGAIN_MS, look);
    else end();
  }

  const callOff = () => next?.cancel();
  return {
    soon() {
      callOff();
      if (busy()) log.info('ends as soon as nothing is lost by it');
      look();
    },
    callOff,
  };
}
