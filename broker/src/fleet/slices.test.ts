import { expect, it } from 'vitest';
import { FirstInOrder } from './slices.ts';

it('the first of very many are found in order, whatever order they come in', () => {
  const first = new FirstInOrder<{ id: string }>(3, (v) => v.id);
  for (let i = 0; i < 10_000; i++) first.add({ id: String((i * 7919) % 10_000).padStart(5, '0') });
  expect(first.values().map((v) => v.id)).toEqual(['00000', '00001', '00002']);
});
