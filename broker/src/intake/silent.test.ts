/** A silent alarm is a case like any other at the centre, and nothing anywhere else. */
import { apiPaths, topics } from '@shouwang/protocol';
import { expect, it } from 'vitest';
import { uuid7 } from '../ids.ts';
import { aCentre, SECRET, type TestCentre } from '../testing/centre.ts';
import { anAlarm, anUpdate } from '../testing/messages.ts';
import type { TestClient } from '../testing/mqtt-client.ts';

const up = (kind: Parameters<typeof topics.boxUp>[1]) => topics.boxUp('box-0001', kind);
const silently = () => anAlarm('box-0001', { gesture: 'silent', silent: true, withdrawWindowS: 0 });
const kinds = (box: TestClient) => box.heard.map((h) => h.topic.split('/').at(-1));
const fenced = async (box: TestClient) => {
  // Whatever else was on its way comes before the answer to this.
  await box.publishes(up('sync'), { ...anAlarm('box-0001'), type: 'cn.shouwang.box.sync.v1', data: { open: [], version: '1' } });
  await box.hears('/down/notice');
};

it('its box hears that it is received, and then nothing: no progress, no sync, not even when it asks', async () => {
  const centre = await aCentre();
  const [box, operator] = await Promise.all([centre.box(), centre.operator()]);
  const alarm = silently();
  await box.publishes(up('alarm'), alarm);
  await box.hears('/down/received', (e) => e.data.messageId === alarm.id);
  const { cases } = await operator.json('GET', apiPaths.cases);
  expect(cases[0]).toMatchObject({ silent: true, gesture: 'silent', quietUntil: cases[0].receivedAt, escalatedAt: expect.any(Number) });
  for (const command of [{ command: 'sign' }, { command: 'handle' }, { command: 'close', result: '已出警' }])
    await operator.json('POST', apiPaths.commands(cases[0].caseNo), command);
  await box.publishes(up('sync'), { ...silently(), type: 'cn.shouwang.box.sync.v1', data: { open: [alarm.id], version: '1' } });
  await box.hears('/down/notice');
  expect(kinds(box)).toEqual(['received', 'notice']);
  expect((await operator.json('GET', apiPaths.case(cases[0].caseNo))).state).toBe('closed');
});

it.each(['withdraw', 'detail', 'rating'] as const)('a %s from its box is refused and recorded, and says nothing of why', async (kind) => {
  const centre = await aCentre();
  const [box, operator] = await Promise.all([centre.box(), centre.operator()]);
  const alarm = silently();
  await box.publishes(up('alarm'), alarm);
  const message = {
    withdraw: anUpdate.withdraw,
    detail: (id: string) => anUpdate.detail(id, { about: 'fire' }),
    rating: (id: string) => anUpdate.rating(id, 'satisfied'),
  }[kind](alarm.id);
  await box.publishes(up(kind), message);
  const { event } = await box.hears('/down/rejected');
  expect(event.data).toMatchObject({ messageId: message.id, code: 'NOT_ALLOWED', message: '没有这个权限' });
  expect((await operator.json('GET', apiPaths.deadLetters)).deadLetters[0]).toMatchObject({ code: 'NOT_ALLOWED', topic: up(kind) });
  const { cases } = await operator.json('GET', apiPaths.cases);
  expect(cases[0]).toMatchObject({ state: 'received', revision: 2 });
});

it('while a loud alarm is open it is a case of its own, and the loud one stays as it was', async () => {
  const centre = await aCentre();
  const [box, operator] = await Promise.all([centre.box(), centre.operator()]);
  await box.publishes(up('alarm'), anAlarm('box-0001'));
  await box.publishes(up('alarm'), silently());
  const { cases } = await operator.json('GET', apiPaths.cases);
  expect(cases.map((c: { silent?: true; presses: number }) => [c.silent, c.presses])).toEqual([
    [true, 1],
    [undefined, 1],
  ]);
  await fenced(box);
  expect(kinds(box)).toEqual(['received', 'progress', 'received', 'notice', 'progress']);
});

it('a second one while the first is open strengthens it: one case, both answered, also when said again', async () => {
  const centre = await aCentre();
  const [box, operator] = await Promise.all([centre.box(), centre.operator()]);
  const [first, second] = [silently(), silently()];
  for (const alarm of [first, second, second, first]) await box.publishes(up('alarm'), alarm);
  await fenced(box);
  const { cases } = await operator.json('GET', apiPaths.cases);
  expect(cases).toHaveLength(1);
  expect(cases[0]).toMatchObject({ presses: 2, silent: true });
  const receipts = box.heard.filter((h) => h.topic.endsWith('/received')).map((h) => [h.event.data.messageId, h.event.data.alarmId]);
  expect(receipts).toEqual([first, second, second, first].map((a) => [a.id, a.id]));
});

it('a box that names the gesture and forgets the mark is believed all the same', async () => {
  const centre = await aCentre();
  const [box, operator] = await Promise.all([centre.box(), centre.operator()]);
  await box.publishes(up('alarm'), anAlarm('box-0001', { gesture: 'silent' }));
  await fenced(box);
  expect(kinds(box)).toEqual(['received', 'notice']);
  expect((await operator.json('GET', apiPaths.cases)).cases[0].silent).toBe(true);
});

async function desks(centre: TestCentre) {
  const [may, mayNot, box] = await Promise.all([centre.connects('integrator:122'), centre.connects('integrator:110'), centre.box()]);
  for (const [desk, name] of [
    [may, '122'],
    [mayNot, '110'],
  ] as const)
    await desk.subscribes(topics.caseEventAny, topics.integratorReply(name));
  const silent = silently();
  await box.publishes(up('alarm'), silent);
  const loud = anAlarm('box-0001');
  await box.publishes(up('alarm'), loud);
  const { event } = await may.hears('/opened', (e) => e.data.alarmId === silent.id);
  await mayNot.hears('/opened', (e) => e.data.alarmId === loud.id);
  return { may, mayNot, box, silent, loud, caseNo: event.data.caseNo as string, event };
}

it('integrators hear of it by MQTT only where they may, and then it says that it is silent', async () => {
  const { mayNot, silent, event } = await desks(await aCentre());
  expect(event.data.silent).toBe(true);
  // The loud case came later and was heard.
  expect(mayNot.heard.filter((h) => h.event.data.alarmId === silent.id)).toEqual([]);
});

it('the catch-up and the look-up by HTTP know nothing of it either', async () => {
  const centre = await aCentre();
  const { silent, caseNo } = await desks(centre);
  const asks = (name: string, path: string) =>
    fetch(centre.addresses.httpUrl + path, { headers: { authorization: `Basic ${Buffer.from(`${name}:${SECRET}`).toString('base64')}` } });
  const events = async (name: string) =>
    ((await (await asks(name, apiPaths.integratorEvents)).json()) as { events: { data: { alarmId: string; silent?: true } }[] }).events;
  expect((await events('110')).filter((e) => e.data.alarmId === silent.id)).toEqual([]);
  expect((await events('110')).length).toBeGreaterThan(0);
  expect((await events('122')).filter((e) => e.data.alarmId === silent.id).every((e) => e.data.silent)).toBe(true);
  expect((await asks('110', apiPaths.integratorCase(caseNo))).status).toBe(404);
  expect(await (await asks('122', apiPaths.integratorCase(caseNo))).json()).toMatchObject({ silent: true });
});

it('and a command on it answers as if there were no such case', async () => {
  const { may, mayNot, caseNo } = await desks(await aCentre());
  const command = () => ({
    ...anAlarm('x', {}, uuid7(Date.now())),
    type: 'cn.shouwang.case.command.v1',
    data: { command: 'sign', post: '119指挥中心' },
  });
  const [refused, taken] = [command(), command()];
  await mayNot.publishes(topics.caseCommand(caseNo), refused);
  expect((await mayNot.hears('/reply', (e) => e.data.commandId === refused.id)).event.data).toMatchObject({
    ok: false,
    code: 'CASE_UNKNOWN',
  });
  await may.publishes(topics.caseCommand(caseNo), taken);
  expect((await may.hears('/reply', (e) => e.data.commandId === taken.id)).event.data).toMatchObject({ ok: true });
});
