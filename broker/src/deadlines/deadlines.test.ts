import { apiPaths, topics } from '@shouwang/protocol';
import { expect, it } from 'vitest';
import { aCentre, type TestCentre } from '../testing/centre.ts';
import { aFolder } from '../testing/folder.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { anAlarm } from '../testing/messages.ts';
import { until } from '../testing/until.ts';

const AT = 1_767_225_600_000;
const alarmTopic = topics.boxUp('box-0001', 'alarm');

/** Somebody is at the desk, so that nothing is escalated at once. */
async function staffed(centre: TestCentre) {
  const operator = await centre.operator();
  await operator.listens();
  return operator;
}

it('signed by nobody in 30 s: escalated, not a second before', async () => {
  const clock = new ManualClock(AT);
  const centre = await aCentre({ clock });
  const [operator, box] = await Promise.all([staffed(centre), centre.box()]);
  await box.publishes(alarmTopic, anAlarm('box-0001'));
  clock.passes(29_999);
  // A round trip through the store shows that nothing else was under way.
  const { cases } = await operator.json('GET', apiPaths.cases);
  expect(cases[0]).toMatchObject({ due: { step: 'sign', at: AT + 30_000 } });
  expect(cases[0].escalatedAt).toBeUndefined();
  clock.passes(1);
  const live = await operator.hears('escalated');
  expect(live.event.data).toMatchObject({ by: 'clock', at: AT + 30_000, state: 'received' });
  await box.hears('/down/progress', (e) => e.data.escalatedAt === AT + 30_000);
});

it('signed in time: not escalated, and each of several has its own clock', async () => {
  const clock = new ManualClock(AT);
  const centre = await aCentre({ clock });
  const [operator, box] = await Promise.all([staffed(centre), centre.box()]);
  await box.publishes(alarmTopic, anAlarm('box-0001'));
  clock.passes(10_000);
  await box.publishes(alarmTopic, anAlarm('box-0001'));
  const { cases } = await operator.json('GET', apiPaths.cases);
  const [second, first] = cases;
  await operator.json('POST', apiPaths.commands(first.caseNo), { command: 'sign' });
  clock.passes(20_000);
  await operator.json('GET', apiPaths.cases);
  clock.passes(10_000);
  const live = await operator.hears('escalated');
  expect(live.event.data).toMatchObject({ caseNo: second.caseNo, at: AT + 40_000 });
  expect(operator.heard.filter((h) => h.live.event.data.event === 'escalated')).toHaveLength(1);
});

it('nobody at the centre: escalated at once, in the same commit', async () => {
  const centre = await aCentre();
  const box = await centre.box();
  const alarm = anAlarm('box-0001');
  await box.publishes(alarmTopic, alarm);
  const told = await box.hears('/down/progress', (e) => e.data.alarmId === alarm.id);
  expect(told.event.data).toMatchObject({ revision: 2, escalatedAt: expect.any(Number) });
});

it('what became due while the centre was away is escalated when it is back, the rest in its time', async () => {
  const folder = aFolder();
  const clock = new ManualClock(AT);
  const first = await aCentre({ folder, clock });
  const [operator, box] = await Promise.all([staffed(first), first.box()]);
  await box.publishes(alarmTopic, anAlarm('box-0001'));
  clock.passes(20_000);
  await box.publishes(alarmTopic, anAlarm('box-0001'));
  await operator.leaves();
  await first.close();

  clock.passes(15_000);
  const second = await aCentre({ folder, clock });
  const again = await second.operator();
  const escalated = async () =>
    (await again.json('GET', apiPaths.cases)).cases.map((c: { escalatedAt?: number }) => c.escalatedAt).filter(Boolean).length;
  expect(await escalated()).toBe(1);
  clock.passes(15_000);
  await until('the second one', async () => (await escalated()) === 2);
});

it('a storm that nobody signs is escalated whole', async () => {
  const clock = new ManualClock(AT);
  const centre = await aCentre({ clock, config: { mqtt: { boxAlarmBurst: 450 } } });
  const [operator, box] = await Promise.all([staffed(centre), centre.box()]);
  await Promise.all(Array.from({ length: 450 }, () => box.publishes(alarmTopic, anAlarm('box-0001'))));
  clock.passes(30_000);
  await until('all are escalated', () => {
    clock.passes(100);
    return operator.heard.filter((h) => h.live.event.data.event === 'escalated').length === 450;
  });
});
