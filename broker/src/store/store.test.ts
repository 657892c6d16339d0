import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { aFolder } from '../testing/folder.ts';
import { anAlarm, POLICY, raising } from '../testing/messages.ts';
import { lockDataDir } from './lock.ts';
import { WorkerStore } from './store.ts';
import type { Announced } from './tx.ts';

async function open(path = join(aFolder(), 'x.sqlite')) {
  const order: string[] = [];
  const announced: Announced[] = [];
  const deaths: string[] = [];
  const store = await WorkerStore.open({
    path,
    policy: POLICY,
    log: { warn: () => undefined, error: () => undefined },
    onAnnounced: (rows) => {
      announced.push(...rows);
      order.push('announced');
    },
    onDead: (reason) => deaths.push(reason),
  });
  onTestFinished(() => store.close());
  return { store, order, announced, deaths };
}

it('what is asked in one turn is announced in order, before the answers', async () => {
  const { store, order, announced } = await open();
  await Promise.all(
    Array.from({ length: 1000 }, (_, i) => store.run('raiseAlarm', raising(`box-${i}`, anAlarm('b'))).then(() => order.push('answer'))),
  );
  expect(announced.map((a) => a.seq)).toEqual(Array.from({ length: 3000 }, (_, i) => i + 1));
  expect(order[0]).toBe('announced');
  expect(order.filter((o) => o === 'answer')).toHaveLength(1000);
});

it('closing waits for what was asked', async () => {
  const { store } = await open();
  const asked = store.run('raiseAlarm', raising('box-1', anAlarm('b')));
  await store.close();
  expect((await asked).caseNo).toBe('20260101-0001');
  await expect(store.run('ping', undefined)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
});

it('a dead thread fails everything that waits, says so once, and answers nothing afterwards', async () => {
  const { store, deaths } = await open();
  const asked = Promise.allSettled(Array.from({ length: 200 }, (_, i) => store.run('raiseAlarm', raising(`box-${i}`, anAlarm('b')))));
  await store.crash();
  for (const settled of await asked) if (settled.status === 'rejected') expect(settled.reason).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(deaths).toHaveLength(1);
  await expect(store.run('ping', undefined)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
});

it('a file that is no database is refused with its name', async () => {
  const folder = aFolder();
  await expect(open(folder)).rejects.toThrow(folder);
});

it('a data directory serves one centre at a time', () => {
  const path = join(aFolder(), 'lock.sqlite');
  const release = lockDataDir(path);
  expect(() => lockDataDir(path)).toThrow(/CONFIG_INVALID: dataDir/);
  release();
  lockDataDir(path)();
});

it('a directory that cannot be written is named as such, not as locked', () => {
  // A folder where the file should be: no database can be opened there, whoever asks.
  const path = join(aFolder(), 'lock.db');
  mkdirSync(path);
  expect(() => lockDataDir(path)).toThrow(/CONFIG_INVALID: dataDir: expected a directory that can be written/);
});
