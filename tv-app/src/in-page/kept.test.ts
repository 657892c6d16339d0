import { expect, it } from 'vitest';
import { openKept } from './kept.ts';
import { newId } from './new-id.ts';

function storage(change: Partial<Storage> = {}) {
  const kept: Record<string, string> = {};
  const setItem = (k: string, v: string) => {
    kept[k] = v;
  };
  return { getItem: (k: string) => kept[k] ?? null, setItem, ...change };
}

it('what was written is there for the next page', () => {
  const box = storage();
  expect(openKept(box).write('a', { n: 1 })).toBe(true);
  expect(openKept(box).read('a')).toEqual({ n: 1 });
});

it.each([
  ['none', undefined],
  [
    'one that throws',
    storage({
      setItem: () => {
        throw new Error('forbidden');
      },
    }),
  ],
  ['one that only pretends', storage({ setItem: () => {} })],
])('storage: %s is memory, and says so', (_what, broken) => {
  const kept = openKept(broken);
  expect(kept.durable).toBe(false);
  expect(kept.write('a', 1)).toBe(false);
  expect(kept.read('a')).toBe(1);
});

it('storage that fills up later: the write fails, the value is still at hand', () => {
  let full = false;
  const box = storage();
  const kept = openKept({ getItem: box.getItem, setItem: (k, v) => (full ? undefined : box.setItem(k, v)) });
  full = true;
  expect(kept.write('a', 2)).toBe(false);
  expect(kept.read('a')).toBe(2);
});

it('nonsense that somebody else left there is nothing', () => {
  expect(openKept(storage({ getItem: () => '{"half' })).read('a')).toBeUndefined();
});

it('ids are UUIDv7 of their instant, without strong randomness too', () => {
  const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  expect(newId(0)).toMatch(shape);
  const strong = globalThis.crypto;
  Object.defineProperty(globalThis, 'crypto', { value: undefined, configurable: true });
  try {
    const ids = Array.from({ length: 500 }, () => newId(1_790_000_000_000));
    for (const id of ids) expect(id).toMatch(shape);
    expect(new Set(ids).size).toBe(500);
  } finally {
    Object.defineProperty(globalThis, 'crypto', { value: strong, configurable: true });
  }
});
