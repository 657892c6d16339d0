import { join } from 'node:path';
import { expect, it } from 'vitest';
import { aFolder } from '../testing/folder.ts';
import { POLICY } from '../testing/messages.ts';
import { WorkerStore } from './store.ts';

it('what ended the thread is told to the process, never to whoever asked', async () => {
  const deaths: string[] = [];
  const log = { warn: () => undefined, error: () => undefined };
  const store = await WorkerStore.open({
    path: join(aFolder(), 'x.sqlite'),
    policy: POLICY,
    log,
    onAnnounced: () => undefined,
    onDead: (reason) => deaths.push(reason),
  });
  const asked = store.run('ping', undefined).catch((error: unknown) => error);
  await store.crash();
  expect(await asked).toMatchObject({ code: 'STORE_UNAVAILABLE', detail: undefined });
  await expect(store.run('ping', undefined)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', detail: undefined });
  expect(deaths).toHaveLength(1);
});
