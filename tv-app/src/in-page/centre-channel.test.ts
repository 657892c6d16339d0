import { afterEach, expect, it, vi } from 'vitest';
import { askCentre } from './centre-channel.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it('a request that hangs in a browser without time-outs is given up, or nothing would go out after it', async () => {
  vi.useFakeTimers();
  let aborted = false;
  vi.stubGlobal(
    'XMLHttpRequest',
    class {
      open() {}
      setRequestHeader() {}
      send() {}
      abort() {
        aborted = true;
      }
    },
  );
  const asking = expect(askCentre({ method: 'GET', path: '/', timeoutMs: 25_000 })).rejects.toMatchObject({ code: 'TIMEOUT' });
  await vi.advanceTimersByTimeAsync(26_000);
  await asking;
  expect(aborted).toBe(true);
});
