import { topics } from '@shouwang/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Operator } from '../harness/operator.ts';
import { newId, WireBox } from '../harness/wire-box.ts';
import { startWorld, type World } from '../harness/world.ts';

let world: World;
let operator: Operator;
let box: WireBox;
beforeAll(async () => {
  world = await startWorld();
  operator = await world.operator();
  box = await WireBox.connects(world.ports.mqtt, world.boxId(0), world.secrets.boxes[0] ?? '');
});
afterAll(async () => {
  await box?.leaves();
  await world?.ends();
});

const command = (data: unknown, id = newId()) => ({
  specversion: '1.0',
  id,
  type: 'cn.shouwang.case.command.v1',
  source: 'integrator/110',
  time: new Date().toISOString(),
  datacontenttype: 'application/json',
  data,
});

it('an integrator signs a case with mosquitto_pub, hears of it with mosquitto_sub, and the box is told', async () => {
  const integrator = world.integrator();
  await integrator.subscribes(topics.caseEventAny, topics.integratorReply('110'));
  const alarm = box.alarm();
  box.sends('alarm', alarm);
  const opened = await integrator.hears('opened', (e) => e.payload.data.alarmId === alarm.id && e.payload.data.event === 'opened');
  expect(opened.topic).toBe('sw/v1/case/522328/101/201/opened');
  expect(JSON.stringify(opened.payload), 'no personal data on the wire').not.toMatch(/王秀英|139\d{8}|3组/);
  const caseNo = opened.payload.data.caseNo as string;

  const sign = command({ command: 'sign', post: '110指挥中心' });
  expect(await integrator.publishes(topics.caseCommand(caseNo), sign)).toBe(0);
  const reply = await integrator.hears('the reply', (e) => e.payload.data.commandId === sign.id);
  expect(reply.payload.data).toMatchObject({ ok: true, caseNo });
  await integrator.hears('signed', (e) => e.payload.data.event === 'signed' && e.payload.data.caseNo === caseNo);
  const view = (await operator.hears('signed', alarm.id)).view;
  expect(view).toMatchObject({ state: 'signed', post: '110指挥中心' });
  expect(box.heard.some((h) => h.topic.endsWith('/down/progress') && h.payload.data.post === '110指挥中心')).toBe(true);

  await integrator.publishes(topics.caseCommand(caseNo), command({ command: 'note', text: '巡逻车已出发' }));
  expect((await operator.hears('noted', alarm.id)).event.data).toMatchObject({ text: '巡逻车已出发', by: 'integrator:110' });
});

it('the same command twice is one signature; signing a signed case is refused with a code', async () => {
  const integrator = world.integrator();
  await integrator.subscribes(topics.integratorReply('110'));
  const alarm = box.alarm();
  box.sends('alarm', alarm);
  const { caseNo } = (await operator.hears('opened', alarm.id)).view;
  const sign = command({ command: 'sign', post: '110指挥中心' });
  await integrator.publishes(topics.caseCommand(caseNo), sign);
  await integrator.publishes(topics.caseCommand(caseNo), sign);
  const late = command({ command: 'sign', post: '12345热线' });
  await integrator.publishes(topics.caseCommand(caseNo), late);
  const refused = await integrator.hears('a refusal', (e) => e.payload.data.commandId === late.id);
  expect(refused.payload.data).toMatchObject({ ok: false, code: 'CASE_STATE' });
  const history = (await operator.case(caseNo)).history.filter((h) => h.event === 'signed');
  expect(history).toHaveLength(1);
});

it('an integrator may not speak for a box', async () => {
  const integrator = world.integrator();
  const alarm = box.alarm();
  await integrator.publishes(topics.boxUp(world.boxId(0), 'alarm'), alarm);
  const good = box.alarm();
  box.sends('alarm', good);
  await box.isAnswered(good.id);
  expect((await operator.cases()).cases.some((c) => c.alarmId === alarm.id)).toBe(false);
});
