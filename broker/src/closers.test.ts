import { expect, it } from 'vitest';
import { Closers } from './closers.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { until } from './testing/until.ts';

function closing() {
  const clock = new ManualClock();
  const lines: string[] = [];
  const note = (_fields: object, text: string) => void lines.push(text);
  const log = { debug: note, info: note, warn: note, error: note, fatal: note } as never;
  return { clock, lines, closers: new Closers(clock, log) };
}

it('the last opened is closed first; one that fails keeps nobody open', async () => {
  const { closers, lines } = closing();
  const order: number[] = [];
  closers.push(() => void order.push(1));
  closers.push(() => Promise.reject(new Error('x')));
  closers.push(async () => void order.push(3));
  await closers.close();
  expect([order, lines]).toEqual([[3, 1], ['while closing']]);
});

it('one that hangs is left behind after its time, and the others are closed', async () => {
  const { clock, closers, lines } = closing();
  let closed = false;
  closers.push(() => {
    closed = true;
  });
  closers.push(() => new Promise(() => undefined));
  const done = closers.close();
  await until('it waits', () => clock.waiting === 1);
  expect(closed).toBe(false);
  clock.passes(5000);
  await done;
  expect([closed, lines, clock.waiting]).toEqual([true, ['did not close in time, left behind'], 0]);
});
