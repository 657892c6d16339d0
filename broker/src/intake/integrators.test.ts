/** Commands of integrators over MQTT. */
import { apiPaths, CommandReply, topics } from '@shouwang/protocol';
import { Value } from '@sinclair/typebox/value';
import { beforeAll, expect, it } from 'vitest';
import { uuid7 } from '../ids.ts';
import { atTheEnd } from '../testing/at-the-end.ts';
import { aCentre, type TestCentre } from '../testing/centre.ts';
import { anAlarm } from '../testing/messages.ts';
import type { TestClient } from '../testing/mqtt-client.ts';

const atEnd = atTheEnd();
let centre: TestCentre;
beforeAll(async () => {
  centre = await aCentre({ atEnd });
});

const command = (data: object, id = uuid7(Date.now())) => ({ ...anAlarm('x', {}, id), type: 'cn.shouwang.case.command.v1', data });
const sign = { command: 'sign', post: '110指挥中心' };

/** An integrator that hears its replies, and a fresh case of its area. */
async function withCase(name = '110', boxId = 'box-0001') {
  const [desk, box, operator] = await Promise.all([centre.connects(`integrator:${name}`), centre.box(boxId), centre.operator()]);
  await desk.subscribes(topics.integratorReply(name));
  const alarm = anAlarm(boxId);
  await box.publishes(topics.boxUp(boxId, 'alarm'), alarm);
  const { event } = await box.hears('/down/received', (e) => e.data.messageId === alarm.id);
  const caseNo = event.data.caseNo as string;
  const view = () => operator.json('GET', apiPaths.case(caseNo));
  const says = (payload: unknown) => desk.publishes(topics.caseCommand(caseNo), payload);
  return { desk, box, operator, alarm, caseNo, view, says };
}
const replies = (desk: TestClient, id: string) => desk.heard.filter((h) => h.event.data.commandId === id);
const hearsReply = async (desk: TestClient, id: string) => {
  const { event } = await desk.hears('/reply', (e) => e.data.commandId === id);
  expect([...Value.Errors(CommandReply, event)]).toEqual([]);
  return event.data;
};

it('signs a case: answered after the commit, the villager reads its post', async () => {
  const { desk, box, alarm, view, says, caseNo } = await withCase();
  const c = command(sign);
  await says(c);
  expect(await hearsReply(desk, c.id)).toEqual({ commandId: c.id, caseNo, ok: true });
  expect(await view()).toMatchObject({ state: 'signed', post: '110指挥中心' });
  await box.hears('/down/progress', (e) => e.data.alarmId === alarm.id && e.data.post === '110指挥中心');
  const note = command({ command: 'note', text: '巡逻车已出发' });
  await says(note);
  expect((await view()).history.at(-1)).toMatchObject({ event: 'noted', by: 'integrator:110', text: '巡逻车已出发' });
});

it('the same command twice is one signature and the same answer', async () => {
  const { desk, view, says } = await withCase();
  const c = command(sign);
  await says(c);
  await says(c);
  await desk.hears('/reply', () => replies(desk, c.id).length === 2);
  expect(replies(desk, c.id).map((h) => h.event.data.ok)).toEqual([true, true]);
  expect((await view()).history.filter((h: { event: string }) => h.event === 'signed')).toHaveLength(1);
});

it('the same id with another command is a conflict', async () => {
  const { desk, says } = await withCase();
  const c = command(sign);
  await says(c);
  await says(command({ command: 'note', text: 'x' }, c.id));
  await desk.hears('/reply', (e) => e.data.commandId === c.id && e.data.code === 'ID_CONFLICT');
});

it('a step that is not possible now is refused with a code, also when it is said again later', async () => {
  const { desk, operator, caseNo, says } = await withCase();
  await operator.json('POST', apiPaths.commands(caseNo), { command: 'sign' });
  const late = command(sign);
  await says(late);
  expect(await hearsReply(desk, late.id)).toMatchObject({ ok: false, code: 'CASE_STATE', message: '案件现在不能这样处理' });
});

it('a case of another area is unknown to it, and stays as it was', async () => {
  const far = await withCase('110', 'box-far');
  const c = command(sign);
  await far.says(c);
  expect(await hearsReply(far.desk, c.id)).toMatchObject({ ok: false, code: 'CASE_UNKNOWN' });
  expect((await far.view()).state).toBe('received');
});

it('one that may not command is told so', async () => {
  const { desk, says } = await withCase('12345', 'box-far');
  const c = command(sign);
  await says(c);
  expect(await hearsReply(desk, c.id)).toMatchObject({ ok: false, code: 'NOT_ALLOWED' });
});

it('a malformed command is answered where its id can be read, and the connection stays', async () => {
  const { desk, says, view } = await withCase();
  const bad = command({ command: 'close' });
  await says(bad);
  expect(await hearsReply(desk, bad.id)).toMatchObject({ ok: false, code: 'BAD_PAYLOAD' });
  await says('not json');
  await desk.publishes('sw/v1/case/no-number/command', command(sign));
  expect(desk.connected).toBe(true);
  expect((await view()).state).toBe('received');
});
