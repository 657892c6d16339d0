import { expect, test } from 'vitest';
import { Backoff } from './backoff.ts';

const waits = (random: number) => {
  const backoff = new Backoff({ firstMs: 500, maxMs: 2000, random: () => random });
  return Array.from({ length: 5 }, () => backoff.next());
};

test('waits double up to the longest', () => {
  expect(waits(1)).toEqual([500, 1000, 2000, 2000, 2000]);
});

test('those who were lost together come back apart: each waits between half of that and all of it', () => {
  expect(waits(0)).toEqual([250, 500, 1000, 1000, 1000]);
  expect(waits(0.5)).toEqual([375, 750, 1500, 1500, 1500]);
});

test('after a success the first wait is short again', () => {
  const backoff = new Backoff({ firstMs: 500, maxMs: 2000, random: () => 1 });
  backoff.next();
  backoff.next();
  backoff.reset();
  expect(backoff.next()).toBe(500);
});
