/** Whoever makes much noise does not push the others' traces out of the record. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Engine } from '../store/engine.ts';
import { OPERATIONS } from '../store/operations.ts';
import type { Store } from '../store/store.ts';
import { aFolder } from '../testing/folder.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { POLICY } from '../testing/messages.ts';
import type { Refusal } from './refusal-operations.ts';
import { RefusedConnects } from './refused-connects.ts';

const silent = () => undefined;
const refusal = (client: string, topic = 'sw/v1/box/x/up/alarm'): Refusal => ({
  at: 1,
  topic,
  client,
  code: 'BAD_JSON',
  reason: 'x',
  payload: undefined,
});

it.each([
  ['one client', (_i: number) => refusal('box:noisy')],
  ['connections under ever new names', (i: number) => refusal(`name-${i}`, 'CONNECT')],
])('%s', async (_who, noise) => {
  const engine = await Engine.open(OPERATIONS, { path: join(aFolder(), 'x.sqlite'), policy: POLICY });
  let id = 0;
  const ask = (name: string, args: object) => ({ id: ++id, name, args });
  await engine.batch([ask('refuse', { refusal: refusal('box:quiet') })]);
  for (let done = 0; done < 12_000; done += 500)
    await engine.batch(Array.from({ length: 500 }, (_, i) => ask('refuse', { refusal: noise(done + i) })));
  const { answers } = await engine.batch([ask('readDeadLetters', { limit: 20_000 })]);
  engine.close();
  const answer = answers[0]!;
  const clients = answer.ok ? (answer.value as { client: string }[]).map((d) => d.client) : [];
  expect(clients).toContain('box:quiet');
  expect(clients.length).toBeLessThan(2000);
});

it('of many refused connections a minute so many are recorded, then how many were not', () => {
  const clock = new ManualClock();
  const recorded: Refusal[] = [];
  const store = { run: async (_name: string, a: { refusal: Refusal }) => void recorded.push(a.refusal) } as unknown as Store;
  const lines: object[] = [];
  const log = { warn: (fields: object) => lines.push(fields), debug: silent, info: silent, error: silent, fatal: silent } as never;
  const door = new RefusedConnects(store, clock, log);
  const knock = (i: number) => door.record({ client: `name-${i}`, code: 'BOX_UNKNOWN', reason: 'not enrolled' });
  for (let i = 0; i < 5000; i++) knock(i);
  expect(recorded).toHaveLength(100);
  clock.passes(60_000);
  knock(5000);
  expect(recorded).toHaveLength(101);
  expect(lines).toContainEqual({ unrecorded: 4900 });
});
