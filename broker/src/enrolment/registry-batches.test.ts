/** A long list is many short transactions: alarms in between are not kept waiting. */
import { CodedError } from '@shouwang/protocol';
import { expect, it } from 'vitest';
import type { Store } from '../store/store.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import type { BoxEntry } from './directory.ts';
import { Registry } from './registry.ts';

const LINES = 1000;
const asked = Array.from({ length: LINES }, (_, i) => ({
  line: i + 2,
  value: { boxId: `box-${i}`, name: '王', address: '平安村', phone: '139', area: '522328101201' },
}));
const options = { by: 'local', partial: false, makeSecrets: true };

/** A registry in front of a store that fails from its `failsAt`th transaction on. */
function aRegistry(failsAt = Number.POSITIVE_INFINITY) {
  const sizes: number[] = [];
  const boxes = new Map<string, BoxEntry>();
  const run = async (_name: string, a: { boxes: unknown[] }): Promise<void> => {
    if (sizes.length >= failsAt) throw new CodedError('STORE_UNAVAILABLE');
    sizes.push(a.boxes.length);
  };
  const nothing = () => undefined;
  const store = { run: run as unknown as Store['run'] };
  const tells = { cut: nothing, endViews: nothing, moved: nothing };
  const registry = new Registry({ store, directory: { boxes }, clock: new ManualClock(), revocationDate: () => 0, ...tells });
  return { registry, sizes, boxes };
}

it('no transaction of a long list has more than a few hundred boxes', async () => {
  const { registry, sizes, boxes } = aRegistry();
  const outcome = await registry.enrol(asked, [], options);
  expect(outcome).toMatchObject({ applied: true, done: { enrolled: LINES, refused: [] } });
  expect(Math.max(...sizes)).toBeLessThanOrEqual(250);
  expect(boxes.size).toBe(LINES);
});

it('a store that fails on the way: what is written is said with its secrets, the rest by line', async () => {
  const { registry, boxes } = aRegistry(2);
  const outcome = await registry.enrol(asked, [], options);
  if (!outcome.applied) throw new Error('nothing was applied');
  const { enrolled, secrets, refused } = outcome.done;
  expect([enrolled, secrets.length, boxes.size, enrolled + refused.length]).toEqual([500, 500, 500, LINES]);
  expect(refused[0]).toMatchObject({ line: 502, boxId: 'box-500', reason: expect.stringContaining('STORE_UNAVAILABLE') });
});

it('a store that takes nothing: nothing is applied', async () => {
  const { registry, boxes } = aRegistry(0);
  await expect(registry.enrol(asked, [], options)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(boxes.size).toBe(0);
});
