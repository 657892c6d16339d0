/** What the TV link says, and never says too early. Without browsers: the same states drive the page. */
import { afterEach, expect, it } from 'vitest';
import { until } from '../harness/until.ts';
import { startWorld, type World } from '../harness/world.ts';

let world: World;
afterEach(() => world?.ends());

it('withdrawn by the caller: the case stays on the board, marked, and only a person closes it', async () => {
  world = await startWorld();
  await world.box();
  const operator = await world.operator();
  const villager = await world.connectedVillager();
  const alarm = await villager.holdsAlarmKey();
  await villager.call('withdraw', {});
  await villager.seesAlarm('withdrawn, and the centre knows', (a) => a.withdrawnAt);
  const view = (await operator.hears('withdrawn', alarm.id)).view;
  expect(view).toMatchObject({ state: 'received', withdrawnAt: expect.any(Number) });
  expect((await operator.cases()).cases.map((c) => c.caseNo)).toContain(view.caseNo);
});

it('nobody logged in: it escalates at once and the TV says both', async () => {
  world = await startWorld();
  await world.box();
  const villager = await world.connectedVillager();
  expect(villager.state?.centre.staffed).toBe(false);
  await villager.pressesSos();
  const told = await villager.seesAlarm('escalated', (a) => a.escalatedAt);
  expect(told.escalatedAt).toBeGreaterThanOrEqual(told.receivedAt ?? Number.POSITIVE_INFINITY);
});

it('signed by nobody in time: it escalates and the TV is told', async () => {
  world = await startWorld({ brokerEnv: { SHOUWANG_BROKER_DEADLINES_SIGN_S: '2' } });
  await world.box();
  const operator = await world.operator();
  const villager = await world.connectedVillager();
  const alarm = await villager.pressesSos();
  const received = await villager.seesAlarm('received', (a) => a.receivedAt);
  expect(received.escalatedAt).toBeUndefined();
  await operator.hears('escalated', alarm.id);
  const told = await villager.seesAlarm('escalated', (a) => a.escalatedAt);
  expect((told.escalatedAt ?? 0) - (told.receivedAt ?? 0)).toBeGreaterThanOrEqual(2000);
});

it('whether anybody is at the centre’s desk follows the desk', async () => {
  world = await startWorld({ brokerEnv: { SHOUWANG_BROKER_CENTRE_LEAVE_GRACE_S: '0' } });
  await world.box();
  const villager = await world.connectedVillager();
  expect(villager.state?.centre.staffed).toBe(false);
  const operator = await world.operator();
  await until('the TV knows of the desk', () => villager.state?.centre.staffed === true);
  await operator.stopsListening();
  await until('the TV knows that the desk is empty', () => villager.state?.centre.staffed === false);
});

it('no indication is ever ahead of the fact: the order of what the TV saw is the order of the hops', async () => {
  world = await startWorld();
  await world.box();
  const operator = await world.operator();
  const villager = await world.connectedVillager();
  const alarm = await villager.holdsAlarmKey();
  const { caseNo } = (await operator.hears('opened', alarm.id)).view;
  await operator.command(caseNo, { command: 'sign' });
  await operator.command(caseNo, { command: 'handle' });
  await operator.command(caseNo, { command: 'close', result: '已处理' });
  await villager.seesAlarm('closed', (a) => a.state === 'closed');
  const reached = (a: NonNullable<(typeof villager.seen)[number]['alarm']>) =>
    a.state === 'closed' ? 6 : a.state === 'handling' ? 5 : a.state === 'signed' ? 4 : a.receivedAt ? 3 : a.sentAt ? 2 : a.storedAt ? 1 : 0;
  const steps = villager.seen.flatMap((s) => (s.alarm?.id === alarm.id ? [reached(s.alarm)] : []));
  expect(
    [...steps].sort((a, b) => a - b),
    'never back',
  ).toEqual(steps);
  for (const state of villager.seen) {
    const a = state.alarm;
    if (!a) continue;
    if (a.sentAt) expect(a.storedAt, 'sent is never shown before stored').toBeDefined();
    if (a.state) expect(a.receivedAt, 'progress is never shown before received').toBeDefined();
  }
});
