/** Questions of the TV page to the centre: cameras and grants. Never kept: an answer that comes late answers nothing. */
import { CodedError, ERRORS, type ErrorCode } from '@shouwang/protocol';
import type { Clock, Timer } from '../clock.ts';

/** More questions at once than this are refused: a page that asks in a loop must not fill the memory. */
const MAX_OPEN = 32;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: CodedError): void;
  timer: Timer;
}

export interface Asks {
  /** Waits for the answer to `requestId`. Throws TIMEOUT at once where too many wait. Rejects with TIMEOUT, OFFLINE when the connection goes, or the centre's code. */
  wait<T>(requestId: string): Promise<T>;
  answer(requestId: string, value: unknown): boolean;
  refuse(requestId: string, code: string): boolean;
  failAll(code: ErrorCode): void;
}

export function createAsks(clock: Clock, timeoutMs: number): Asks {
  const open = new Map<string, Waiting>();

  function take(id: string): Waiting | undefined {
    const waiting = open.get(id);
    waiting?.timer.cancel();
    open.delete(id);
    return waiting;
  }

  return {
    wait<T>(id: string) {
      if (open.size >= MAX_OPEN) throw new CodedError('TIMEOUT', 'too many questions at once');
      return new Promise<T>((resolve, reject) => {
        const timer = clock.after(timeoutMs, () => take(id)?.reject(new CodedError('TIMEOUT')));
        open.set(id, { resolve: resolve as (value: unknown) => void, reject, timer });
      });
    },
    answer(id, value) {
      const waiting = take(id);
      waiting?.resolve(value);
      return waiting !== undefined;
    },
    refuse(id, code) {
      const waiting = take(id);
      waiting?.reject(new CodedError(Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'INTERNAL'));
      return waiting !== undefined;
    },
    failAll(code) {
      for (const id of [...open.keys()]) take(id)?.reject(new CodedError(code));
    },
  };
}
