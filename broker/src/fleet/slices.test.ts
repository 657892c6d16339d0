import { expect, it, vi } from 'vitest';
import { FirstInOrder, TellingLine } from './slices.ts';

it('the first of very many are found in order, whatever order they come in', () => {
  const first = new FirstInOrder<{ id: string }>(3, (v) => v.id);
  for (let i = 0; i < 10_000; i++) first.add({ id: String((i * 7919) % 10_000).padStart(5, '0') });
  expect(first.values().map((v) => v.id)).toEqual(['00000', '00001', '00002']);
});

it('who waits in a line is told once and in order, a few at a time, with others in between', async () => {
  const told: number[] = [];
  const line = new TellingLine<number>((n) => told.push(n));
  const seen: number[] = [];
  let looking = true;
  const look = (): void => {
    seen.push(told.length);
    if (looking) setImmediate(look);
  };
  setImmediate(look);
  for (let n = 0; n < 1000; n++) line.add(n);
  for (let n = 0; n < 1000; n++) line.add(n);
  expect(told).toEqual([]);
  await vi.waitFor(() => expect(told).toHaveLength(1000));
  line.add(1000);
  await vi.waitFor(() => expect(told).toHaveLength(1001));
  looking = false;
  expect(told).toEqual([...Array(1001).keys()]);
  const steps = seen.map((n, i) => n - (seen[i - 1] ?? 0));
  expect(Math.max(...steps)).toBeLessThanOrEqual(200);
});
