/** kill -9 of the centre, and what must still be there afterwards. */
import { topics } from '@shouwang/protocol';
import { afterEach, expect, it } from 'vitest';
import { until } from '../harness/until.ts';
import { newId, WireBox } from '../harness/wire-box.ts';
import { startWorld, type World } from '../harness/world.ts';

let world: World;
afterEach(() => world?.ends());

const BOXES = 50;
const ALARMS_EACH = 20;

it('killed in a storm of 1,000: every received alarm is a case, exactly one', { timeout: 180_000 }, async () => {
  world = await startWorld({ boxes: BOXES });
  const connectAll = () => Promise.all(world.secrets.boxes.map((secret, i) => WireBox.connects(world.ports.mqtt, world.boxId(i), secret)));
  let boxes = await connectAll();
  const alarms = boxes.flatMap((box) => Array.from({ length: ALARMS_EACH }, () => ({ boxId: box.boxId, event: box.alarm() })));
  const send = (pending: typeof alarms) => {
    for (const { boxId, event } of pending) boxes.find((b) => b.boxId === boxId)?.sends('alarm', event);
  };
  const answered = new Set<string>();
  const note = () => {
    for (const box of boxes) for (const id of box.received.keys()) answered.add(id);
    return answered.size;
  };

  send(alarms);
  await until('the storm is under way', () => note() > 50);
  await world.broker.kill();
  note();
  const before = new Set(answered);
  expect(before.size, 'the kill came before the end of the storm').toBeLessThan(alarms.length);
  await Promise.all(boxes.map((b) => b.leaves()));

  await world.broker.start();
  const operator = await world.operatorAway();
  const events = await allEvents(world);
  const openedAfterRestart = new Set(events.filter((e) => e.event === 'opened').map((e) => e.alarmId));
  expect(
    [...before].filter((id) => !openedAfterRestart.has(id)),
    'answered, but no case',
  ).toEqual([]);

  boxes = await connectAll();
  send(alarms.filter((a) => !before.has(a.event.id)));
  await until('every alarm is answered', () => note() === alarms.length, 60_000);

  const opened = (await allEvents(world)).filter((e) => e.event === 'opened');
  expect(opened).toHaveLength(alarms.length);
  expect(new Set(opened.map((e) => e.alarmId)).size).toBe(alarms.length);
  expect(new Set(opened.map((e) => e.caseNo)).size).toBe(alarms.length);
  expect((await operator.cases()).cases.length).toBeGreaterThan(0);
  await Promise.all(boxes.map((b) => b.leaves()));
});

it('killed between two steps: the case, the TV and the live feed go on where they were, without a gap', async () => {
  world = await startWorld();
  await world.box();
  const operator = await world.operator();
  const villager = await world.connectedVillager();
  const alarm = await villager.pressesSos();
  const opened = await operator.hears('opened', alarm.id);
  const { caseNo } = opened.view;
  await operator.command(caseNo, { command: 'sign' });
  await villager.seesAlarm('signed', (a) => a.state === 'signed');

  await world.broker.kill();
  await operator.feedEnds();
  await world.broker.start();
  const heardBefore = operator.heard.length;
  await operator.logsIn('zhiban', world.secrets.operator);
  await operator.listens();
  await operator.command(caseNo, { command: 'handle' });
  await villager.seesAlarm('handling', (a) => a.state === 'handling', 45_000);
  await operator.command(caseNo, { command: 'close', result: '已处理' });
  await operator.hears('closed', alarm.id);
  await villager.seesAlarm('closed', (a) => a.state === 'closed');

  const ids = operator.heard.map((h) => h.id);
  expect(new Set(ids).size, 'no event came twice').toBe(ids.length);
  expect([...ids].sort((a, b) => a - b)).toEqual(ids);
  expect(operator.heard.slice(heardBefore).map((h) => h.live.event.data.event)).toEqual(['handling', 'closed']);
  expect((await operator.case(caseNo)).history.map((h) => h.event)).toEqual(
    expect.arrayContaining(['opened', 'signed', 'handling', 'closed']),
  );
});

it('what an integrator missed while the centre was away is there by sequence number', async () => {
  world = await startWorld();
  const integrator = world.integrator();
  await integrator.subscribes(topics.caseEventAny);
  const box = await WireBox.connects(world.ports.mqtt, world.boxId(0), world.secrets.boxes[0] ?? '');
  const first = box.alarm();
  box.sends('alarm', first);
  const seen = await integrator.hears('the first alarm', (e) => e.payload.data.alarmId === first.id);
  await integrator.leaves();
  const second = box.alarm(newId());
  box.sends('alarm', second);
  await box.isAnswered(second.id);
  await world.broker.kill();
  await world.broker.start();
  const events = await allEvents(world, seen.payload.data.seq as number);
  expect(events.filter((e) => e.event === 'opened').map((e) => e.alarmId)).toEqual([second.id]);
});

/** Every event by the integrators' catch-up. */
async function allEvents(w: World, after = 0): Promise<{ seq: number; event: string; alarmId: string; caseNo: string }[]> {
  const all: { seq: number; event: string; alarmId: string; caseNo: string }[] = [];
  const authorization = `Basic ${Buffer.from(`110:${w.secrets.integrator}`).toString('base64')}`;
  for (let from = after; ; ) {
    const answer = await fetch(`${w.httpUrl}/api/v1/integrator/events?after=${from}&limit=500`, { headers: { authorization } });
    expect(answer.status).toBe(200);
    const { events } = (await answer.json()) as { events: { data: { seq: number; event: string; alarmId: string; caseNo: string } }[] };
    if (events.length === 0) return all;
    all.push(...events.map((e) => e.data));
    from = all.at(-1)?.seq ?? from;
  }
}
