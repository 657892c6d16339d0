/** What the intake makes of good, strange and bad alarms. */
import { topics } from '@shouwang/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Operator } from '../harness/operator.ts';
import { WireBox } from '../harness/wire-box.ts';
import { startWorld, type World } from '../harness/world.ts';

let world: World;
let operator: Operator;
beforeAll(async () => {
  world = await startWorld({ boxes: 4 });
  operator = await world.operatorAway();
});
afterAll(() => world?.ends());

const connects = (i: number) => WireBox.connects(world.ports.mqtt, world.boxId(i), world.secrets.boxes[i] ?? '');

it('two boxes using one alarm id make two cases', async () => {
  const [one, two] = await Promise.all([connects(0), connects(1)]);
  const event = one.alarm();
  one.sends('alarm', event);
  two.sends('alarm', { ...event, source: `box/${two.boxId}` });
  const [a, b] = await Promise.all([one.isAnswered(event.id), two.isAnswered(event.id)]);
  expect(a.received?.caseNo).toBeDefined();
  expect(b.received?.caseNo).toBeDefined();
  expect(a.received?.caseNo).not.toBe(b.received?.caseNo);
  await Promise.all([one.leaves(), two.leaves()]);
});

it('the same alarm sent again is answered again and stays one case; other content under its id is a conflict', async () => {
  const box = await connects(2);
  const event = box.alarm();
  box.sends('alarm', event);
  const first = await box.isAnswered(event.id);
  box.received.clear();
  box.sends('alarm', event);
  const second = await box.isAnswered(event.id);
  expect(second.received?.caseNo).toBe(first.received?.caseNo);
  expect(second.received?.receivedAt).toBe(first.received?.receivedAt);
  box.received.clear();
  box.sends('alarm', { ...event, data: { ...event.data, gesture: 'triple' } });
  expect((await box.isAnswered(event.id)).rejected?.code).toBe('ID_CONFLICT');
  const mine = (await operator.cases()).cases.filter((c) => c.alarmId === event.id);
  expect(mine).toHaveLength(1);
  await box.leaves();
});

it.each([
  ['no JSON at all', 'not json'],
  ['a wrong schema', { specversion: '1.0', id: '0193580a-0000-7000-8000-0000000000aa', type: 'cn.shouwang.alarm.raised.v9', data: {} }],
  ['binary rubbish', Buffer.from([0, 255, 254, 1, 2, 3])],
  ['an empty payload', ''],
])('%s becomes a dead letter, the connection stays, and the next good alarm works', async (_what, payload) => {
  const box = await connects(3);
  const before = await deadLetters();
  box.sends('alarm', payload);
  const good = box.alarm();
  box.sends('alarm', good);
  expect((await box.isAnswered(good.id)).received?.caseNo).toBeDefined();
  expect(box.connected).toBe(true);
  expect(await deadLetters()).toBe(before + 1);
  await box.leaves();
});

it('an alarm on another box’s topic is refused, and makes no case there', async () => {
  const liar = await connects(3);
  const event = liar.alarm();
  liar.publishes(topics.boxUp(world.boxId(0), 'alarm'), event);
  await liar.loses();
  const honest = await connects(0);
  const good = honest.alarm();
  honest.sends('alarm', good);
  await honest.isAnswered(good.id);
  expect((await operator.cases()).cases.some((c) => c.alarmId === event.id)).toBe(false);
  await Promise.all([honest.leaves(), liar.leaves()]);
});

it('an oversized packet is cut off before it is read, and others are not disturbed', async () => {
  const [big, small] = await Promise.all([connects(1), connects(2)]);
  big.sends('alarm', 'x'.repeat(4 * 1024 * 1024));
  await big.loses();
  const good = small.alarm();
  small.sends('alarm', good);
  expect((await small.isAnswered(good.id)).received).toBeDefined();
  await Promise.all([big.leaves(), small.leaves()]);
});

it.each([
  ['a wrong secret', () => WireBox.connects(world.ports.mqtt, world.boxId(0), 'wrong')],
  ['a box that nobody enrolled', () => WireBox.connects(world.ports.mqtt, 'box-9999', world.secrets.boxes[0] ?? '')],
])('%s is refused at the door', async (_what, connect) => {
  await expect(connect()).rejects.toThrow();
});

async function deadLetters(): Promise<number> {
  const answer = await operator.get<{ deadLetters: unknown[] }>('/api/v1/dead-letters');
  return answer.deadLetters.length;
}
