/** Holds an answer until the commit, for a bounded time; meanwhile a store in trouble is tried again. */
import { asCoded, CodedError, ERRORS } from '@shouwang/protocol';
import type { Clock } from '../clock.ts';

const TRY_AGAIN_MS = 500;

/**
 * Resolves with what `attempt` gives. A retryable failure is tried again until `boundMs` have passed. Rejects with
 * TIMEOUT at the bound, or with the failure that no retry helps. `attempt` must be idempotent.
 */
export function heldUntil<T>(clock: Clock, boundMs: number, attempt: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let settled = false;
    let stopRetry: (() => void) | undefined;
    const finish = (run: () => void): void => {
      if (settled) return;
      settled = true;
      stopBound();
      stopRetry?.();
      run();
    };
    const stopBound = clock.after(boundMs, () => finish(() => reject(new CodedError('TIMEOUT', 'not committed in time'))));
    const tryOnce = (): void => {
      attempt().then(
        (value) => finish(() => resolve(value)),
        (error: unknown) => {
          const coded = asCoded(error);
          if (!ERRORS[coded.code].retry || coded.code === 'INTERNAL') return finish(() => reject(coded));
          if (!settled) stopRetry = clock.after(TRY_AGAIN_MS, tryOnce);
        },
      );
    };
    tryOnce();
  });
}
