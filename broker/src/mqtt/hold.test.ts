import { CodedError } from '@shouwang/protocol';
import { expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { Bucket } from './bucket.ts';
import { heldUntil } from './hold.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('a store that recovers within the bound is waited for', async () => {
  const clock = new ManualClock();
  let tries = 0;
  const held = heldUntil(clock, 5000, async () => {
    if (++tries < 3) throw new CodedError('STORE_UNAVAILABLE');
    return 'committed';
  });
  for (let i = 0; i < 2; i++) {
    await settled();
    clock.passes(500);
  }
  expect(await held).toBe('committed');
  expect(tries).toBe(3);
  expect(clock.waiting).toBe(0);
});

it('at the bound it gives up, and tries no more', async () => {
  const clock = new ManualClock();
  let tries = 0;
  const held = heldUntil(clock, 2000, () => {
    tries++;
    return Promise.reject(new CodedError('STORE_UNAVAILABLE'));
  });
  const outcome = expect(held).rejects.toMatchObject({ code: 'TIMEOUT' });
  for (let i = 0; i < 10; i++) {
    await settled();
    clock.passes(500);
  }
  await outcome;
  expect(tries).toBeLessThanOrEqual(5);
  expect(clock.waiting).toBe(0);
});

it('a commit that never answers is given up at the bound', async () => {
  const clock = new ManualClock();
  const held = heldUntil(clock, 2000, () => new Promise(() => undefined));
  const outcome = expect(held).rejects.toMatchObject({ code: 'TIMEOUT' });
  clock.passes(2000);
  await outcome;
});

it('what no retry helps is not retried', async () => {
  const clock = new ManualClock();
  await expect(heldUntil(clock, 2000, () => Promise.reject(new CodedError('CASE_STATE')))).rejects.toMatchObject({ code: 'CASE_STATE' });
  expect(clock.waiting).toBe(0);
});

it('a bucket lets a burst through and then one token at a time', () => {
  const clock = new ManualClock();
  const bucket = new Bucket(clock, 10, 3);
  expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([0, 0, 0]);
  expect([bucket.take(), bucket.take()]).toEqual([100, 200]);
  clock.passes(1000);
  expect(bucket.take()).toBe(0);
});

it('a clock that is set back mutes nobody', () => {
  const clock = new ManualClock();
  const bucket = new Bucket(clock, 10, 3);
  clock.passes(-3_600_000);
  expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([0, 0, 0]);
});
