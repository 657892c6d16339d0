import { join } from 'node:path';
import { topics } from '@shouwang/protocol';
import { expect, it, onTestFinished } from 'vitest';
import { WorkerStore } from '../store/store.ts';
import type { Announced } from '../store/tx.ts';
import { aCentre } from '../testing/centre.ts';
import { aFolder } from '../testing/folder.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { anAlarm, POLICY, raising } from '../testing/messages.ts';
import { until } from '../testing/until.ts';
import { Publisher } from './publisher.ts';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined, fatal: () => undefined };

async function aStore(path: string, onAnnounced: (rows: Announced[]) => void = () => undefined): Promise<WorkerStore> {
  const store = await WorkerStore.open({ path, policy: POLICY, log: quiet, onAnnounced, onDead: () => undefined });
  onTestFinished(() => store.close());
  return store;
}

/** A publisher whose deliveries the test completes. */
function aPublisher(store: WorkerStore, clock = new ManualClock()) {
  const said: { topic: string; payload: string; done: () => void }[] = [];
  const publisher = new Publisher({
    store,
    clock,
    log: quiet,
    publish: (topic, payload, done) => said.push({ topic, payload, done }),
  });
  return { publisher, said, clock };
}
const kinds = (said: { topic: string }[]) => said.map((s) => s.topic.split('/').at(-1));

it('what was committed and never said is said after a restart, in order, with the ids it was made with', async () => {
  const path = join(aFolder(), 'x.sqlite');
  const committed: Announced[] = [];
  // The last run: it committed, and died before it said anything.
  const before = await aStore(path, (rows) => committed.push(...rows));
  await before.run('raiseAlarm', raising('box-1', anAlarm('b')));
  await before.run('raiseAlarm', raising('box-2', anAlarm('b')));
  await before.close();

  const { publisher, said } = aPublisher(await aStore(path));
  expect(await publisher.replay()).toBe(6);
  expect(said.map((s) => s.payload)).toEqual(committed.map((c) => c.payload));
  expect(kinds(said)).toEqual(['opened', 'received', 'progress', 'opened', 'received', 'progress']);
});

it('what was said is not said again; what was under way is', async () => {
  const path = join(aFolder(), 'x.sqlite');
  const store = await aStore(path);
  await store.run('raiseAlarm', raising('box-1', anAlarm('b')));
  const first = aPublisher(store);
  await first.publisher.replay();
  // The third is written before the second: the mark may not jump over it.
  first.said[0]!.done();
  first.said[2]!.done();
  await first.publisher.close();
  expect((await store.run('readMarks', undefined)).published).toBe(1);
  await store.close();

  const second = aPublisher(await aStore(path));
  await second.publisher.replay();
  expect(kinds(second.said)).toEqual(['received', 'progress']);
});

it('the mark follows by itself, and a failing store does not stop the publishing', async () => {
  const store = await aStore(join(aFolder(), 'x.sqlite'));
  const { publisher, said, clock } = aPublisher(store);
  await publisher.replay();
  publisher.push([1, 2, 3].map((seq) => ({ seq, kind: 'box', topic: `t/${seq}`, payload: '{}' })));
  for (const s of said) s.done();
  clock.passes(250);
  await until('the mark', async () => (await store.run('readMarks', undefined)).published === 3);
  await store.close();
  publisher.push([{ seq: 4, kind: 'box', topic: 't/4', payload: '{}' }]);
  said[3]!.done();
  clock.passes(250);
  expect(said).toHaveLength(4);
});

it('an integrator that comes back after the crash hears what was never said, once, and others only what is theirs', async () => {
  const folder = aFolder();
  const path = join(folder, 'data', 'shouwang.db');
  await (await aCentre({ folder })).close();
  const crashed = await aStore(path);
  const alarm = anAlarm('b');
  await crashed.run('raiseAlarm', raising('box-0001', alarm));
  await crashed.close();

  const centre = await aCentre({ folder });
  const far = await centre.connects('integrator:12345');
  await far.subscribes(topics.caseEventAny);
  const near = await centre.connects('integrator:110', { clientId: '110-a' });
  await near.subscribes(topics.caseEventAny);
  const heard = await near.hears('/opened', (e) => e.data.alarmId === alarm.id);
  expect(heard.event.data.seq).toBe(1);

  // A later message shows that nothing else is on its way.
  const again = await centre.connects('integrator:110', { clientId: '110-b' });
  await again.subscribes(topics.caseEventAny);
  const box = await centre.box();
  await box.publishes(topics.boxUp('box-0001', 'alarm'), anAlarm('box-0001'));
  await again.hears('/escalated');
  expect(again.heard.filter((h) => h.event.data.seq === 1)).toEqual([]);
  expect(far.heard).toEqual([]);
});
