import { expect, it } from 'vitest';
import type { Store } from '../store/store.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { Sessions } from './sessions.ts';

it('who comes back with a log-in that ran out is still told of as gone, so that running views are ended', async () => {
  const clock = new ManualClock();
  const sessions = new Sessions({ run: async () => undefined } as unknown as Store, clock, 1000);
  const token = await sessions.open('zhiban');
  clock.passes(1001);
  expect(sessions.userOf(token)).toBeUndefined();
  expect(sessions.forgetExpired()).toEqual(['zhiban']);
  expect(sessions.forgetExpired()).toEqual([]);
});
