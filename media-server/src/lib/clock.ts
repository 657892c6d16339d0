/** Time as the service sees it. Injected everywhere, so that tests decide when time passes. */

/** Calls off a timer; calling it again, or after the timer fired, does nothing. */
export type Cancel = () => void;

export interface Clock {
  /** ms since 1970, UTC. */
  now(): number;
  /** Calls `run` once after `ms`. */
  after(ms: number, run: () => void): Cancel;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Calls `run` every `ms` until it is called off. */
export function every(clock: Clock, ms: number, run: () => void): Cancel {
  let cancel = clock.after(ms, tick);
  function tick(): void {
    cancel = clock.after(ms, tick);
    run();
  }
  return () => cancel();
}

/** Rejects with what `late()` returns unless `promise` settles within `ms`. The promise itself goes on; its late failure is swallowed. */
export function within<T>(clock: Clock, ms: number, promise: Promise<T>, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => reject(late()));
    promise.then(
      (value) => {
        cancel();
        resolve(value);
      },
      (error) => {
        cancel();
        reject(error);
      },
    );
  });
}
