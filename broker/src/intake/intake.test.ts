/** ④ What the centre makes of what boxes say, over real sockets. */
import { apiPaths, topics } from '@shouwang/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { atTheEnd } from '../testing/at-the-end.ts';
import { aCentre, type TestCentre, VILLAGE } from '../testing/centre.ts';
import { anAlarm, anUpdate } from '../testing/messages.ts';
import type { TestOperator } from '../testing/operator.ts';

const up = (kind: Parameters<typeof topics.boxUp>[1], boxId = 'box-0001') => topics.boxUp(boxId, kind);
const deadLetters = async (operator: TestOperator): Promise<{ code: string; topic: string; client: string; payload: string }[]> =>
  (await operator.json('GET', apiPaths.deadLetters)).deadLetters;

describe('an alarm', () => {
  it('is acknowledged after the commit, answered, and on the board with its household', async () => {
    const centre = await aCentre();
    const [box, operator] = await Promise.all([centre.box(), centre.operator()]);
    const alarm = anAlarm('box-0001', { onScreen: { cameraId: 'gate', pictureAt: 5 } });
    await box.publishes(up('alarm'), alarm);
    const { cases } = await operator.json('GET', apiPaths.cases);
    expect(cases).toHaveLength(1);
    expect(cases[0]).toMatchObject({
      alarmId: alarm.id,
      state: 'received',
      areaName: '平安村',
      household: { boxId: 'box-0001', name: '王秀英', phone: '13900000001', area: VILLAGE },
      onScreen: { cameraId: 'gate' },
      due: { step: 'sign' },
    });
    const received = await box.hears('/down/received');
    expect(received.event.data).toMatchObject({ messageId: alarm.id, alarmId: alarm.id, caseNo: cases[0].caseNo });
    await box.hears('/down/progress', (e) => e.data.state === 'received');
    expect(box.heard.map((h) => h.topic.split('/').at(-1)).indexOf('received')).toBe(0);
  });

  it('sent again is answered again and stays one case, whatever its envelope says', async () => {
    const centre = await aCentre();
    const [box, operator] = await Promise.all([centre.box(), centre.operator()]);
    const alarm = anAlarm('box-0001');
    await box.publishes(up('alarm'), alarm);
    await box.hears('/down/received');
    box.heard.length = 0;
    await box.publishes(up('alarm'), { ...alarm, time: '2027-01-01T00:00:00.000Z' });
    await box.hears('/down/received', (e) => e.data.messageId === alarm.id);
    expect((await operator.json('GET', apiPaths.cases)).cases).toHaveLength(1);
  });

  it('with other content under the same id is rejected as a conflict, and that is on the record', async () => {
    const centre = await aCentre();
    const [box, operator] = await Promise.all([centre.box(), centre.operator()]);
    const alarm = anAlarm('box-0001');
    await box.publishes(up('alarm'), alarm);
    await box.publishes(up('alarm'), anAlarm('box-0001', { gesture: 'triple' }, alarm.id));
    const { event } = await box.hears('/down/rejected');
    expect(event.data).toMatchObject({ messageId: alarm.id, alarmId: alarm.id, code: 'ID_CONFLICT', phone: '0859-555-0110' });
    expect((await deadLetters(operator))[0]).toMatchObject({ code: 'ID_CONFLICT', client: 'box:box-0001' });
    const { rows } = await operator.json('GET', apiPaths.ledger);
    expect(rows.filter((r: { kind: string }) => r.kind === 'message.conflict')).toHaveLength(1);
  });

  it('two boxes using one id make two cases', async () => {
    const centre = await aCentre();
    const [one, two, operator] = await Promise.all([centre.box(), centre.box('box-0002'), centre.operator()]);
    const alarm = anAlarm('box-0001');
    await Promise.all([one.publishes(up('alarm'), alarm), two.publishes(up('alarm', 'box-0002'), alarm)]);
    const { cases } = await operator.json('GET', apiPaths.cases);
    expect(new Set(cases.map((c: { caseNo: string }) => c.caseNo)).size).toBe(2);
  });

  it('is never retained, whoever asks for it', async () => {
    const centre = await aCentre();
    const box = await centre.box();
    await box.publishes(up('alarm'), anAlarm('box-0001'), { retain: true });
    const node = await centre.connects('media:media-01');
    expect(await node.subscribes(up('alarm'))).toEqual([128]);
    await box.publishes(topics.boxStatus('box-0001'), { online: true, at: 1, version: '1' }, { retain: true });
    expect(box.connected).toBe(true);
  });
});

describe('what follows an alarm', () => {
  it('withdraw, detail and rating are each answered and change the case once', async () => {
    const centre = await aCentre();
    const [box, operator] = await Promise.all([centre.box(), centre.operator()]);
    const alarm = anAlarm('box-0001');
    await box.publishes(up('alarm'), alarm);
    const withdraw = anUpdate.withdraw(alarm.id);
    const detail = anUpdate.detail(alarm.id, { about: 'fire', pressedAgain: true });
    for (const [kind, message] of [
      ['withdraw', withdraw],
      ['detail', detail],
      ['withdraw', withdraw],
      ['detail', detail],
    ] as const)
      await box.publishes(up(kind), message);
    for (const id of [withdraw.id, detail.id]) {
      const { event } = await box.hears('/down/received', (e) => e.data.messageId === id);
      expect(event.data).toMatchObject({ alarmId: alarm.id });
    }
    const { cases } = await operator.json('GET', apiPaths.cases);
    expect(cases[0]).toMatchObject({ state: 'received', about: 'fire', presses: 2, withdrawnAt: expect.any(Number) });
    const { history } = await operator.json('GET', apiPaths.case(cases[0].caseNo));
    expect(history.map((h: { event: string }) => h.event)).toEqual(['opened', 'escalated', 'withdrawn', 'strengthened', 'detailed']);
  });

  it('"unsolved" brings a closed case back, and the box is told', async () => {
    const centre = await aCentre();
    const [box, operator] = await Promise.all([centre.box(), centre.operator()]);
    const alarm = anAlarm('box-0001');
    await box.publishes(up('alarm'), alarm);
    const { caseNo } = (await operator.json('GET', apiPaths.cases)).cases[0];
    for (const command of [{ command: 'sign' }, { command: 'handle' }, { command: 'close', result: '已处理' }])
      await operator.json('POST', apiPaths.commands(caseNo), command);
    await box.hears('/down/progress', (e) => e.data.state === 'closed' && e.data.result === '已处理' && e.data.post === '综治中心值班员');
    await box.publishes(up('rating'), anUpdate.rating(alarm.id, 'unsolved'));
    const told = await box.hears('/down/progress', (e) => e.data.reopened === 1);
    expect(told.event.data).toMatchObject({ state: 'handling', rating: 'unsolved' });
    const { history } = await operator.json('GET', apiPaths.case(caseNo));
    expect(history.map((h: { event: string }) => h.event).slice(-2)).toEqual(['rated', 'reopened']);
  });

  it.each([
    [
      'a rating of an alarm that nobody raised',
      () => anUpdate.rating('0193580a-0000-7000-8000-00000000ffff', 'satisfied'),
      'rating',
      'ALARM_UNKNOWN',
    ],
    [
      'a rating with a word we do not know',
      () => anUpdate.rating('0193580a-0000-7000-8000-00000000ffff', 'superb'),
      'rating',
      'BAD_PAYLOAD',
    ],
  ] as const)('%s is rejected with a code', async (_what, make, kind, code) => {
    const centre = await aCentre();
    const box = await centre.box();
    const message = make();
    await box.publishes(up(kind), message);
    const { event } = await box.hears('/down/rejected');
    expect(event.data).toMatchObject({ messageId: message.id, code });
  });

  it('another box cannot withdraw it', async () => {
    const centre = await aCentre();
    const [one, two, operator] = await Promise.all([centre.box(), centre.box('box-0002'), centre.operator()]);
    const alarm = anAlarm('box-0001');
    await one.publishes(up('alarm'), alarm);
    await two.publishes(up('withdraw', 'box-0002'), anUpdate.withdraw(alarm.id));
    const { cases } = await operator.json('GET', apiPaths.cases);
    expect(cases[0].withdrawnAt).toBeUndefined();
    expect(two.heard).toEqual([]);
  });
});

describe('sync', () => {
  it('tells what the centre is and where every alarm of this box stands, asked for or not', async () => {
    const centre = await aCentre();
    const [box, other] = await Promise.all([centre.box(), centre.box('box-0002')]);
    const alarm = anAlarm('box-0001');
    await box.publishes(up('alarm'), alarm);
    await other.publishes(up('alarm', 'box-0002'), anAlarm('box-0002'));
    await box.leaves();
    const again = await centre.box();
    await again.publishes(up('sync'), {
      ...anAlarm('box-0001'),
      type: 'cn.shouwang.box.sync.v1',
      data: { open: ['0193580a-0000-7000-8000-00000000ffff'], version: '1' },
    });
    const notice = await again.hears('/down/notice');
    expect(notice.event.data).toEqual({ name: '平安镇综治中心', phone: '0859-555-0110', staffed: false });
    const progress = await again.hears('/down/progress');
    expect(progress.event.data).toMatchObject({ alarmId: alarm.id, state: 'received' });
    expect(again.heard.filter((h) => h.topic.endsWith('/progress'))).toHaveLength(1);
  });
});

describe('what cannot be accepted', () => {
  const atEnd = atTheEnd();
  let centre: TestCentre;
  beforeAll(async () => {
    centre = await aCentre({ atEnd });
  });

  it.each<[string, string | Buffer, string]>([
    ['no JSON', 'not json', 'BAD_JSON'],
    ['an empty payload', '', 'BAD_JSON'],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), 'BAD_JSON'],
    ['another schema', JSON.stringify({ specversion: '1.0', id: 'x', data: {} }), 'BAD_PAYLOAD'],
    ['JSON that is no object', 'null', 'BAD_PAYLOAD'],
    ['deeply nested JSON', '['.repeat(5000) + ']'.repeat(5000), 'BAD_PAYLOAD'],
    ['an attempt on prototypes', '{"__proto__":{"id":"x"},"constructor":1}', 'BAD_PAYLOAD'],
  ])('%s becomes a dead letter, is acknowledged, and the next good alarm works on the same connection', async (_what, payload, code) => {
    const [box, operator] = await Promise.all([centre.box(), centre.operator()]);
    await box.publishes(up('alarm'), payload);
    expect((await deadLetters(operator))[0]).toMatchObject({ code, topic: up('alarm'), client: 'box:box-0001' });
    const good = anAlarm('box-0001');
    await box.publishes(up('alarm'), good);
    await box.hears('/down/received', (e) => e.data.messageId === good.id);
    expect(box.heard.some((h) => h.topic.endsWith('/rejected'))).toBe(false);
  });

  it('a message with a readable id gets its rejection', async () => {
    const box = await centre.box();
    const bad = anAlarm('box-0001', { withdrawWindowS: 99 });
    await box.publishes(up('alarm'), bad);
    const { event } = await box.hears('/down/rejected');
    expect(event.data).toEqual({
      messageId: bad.id,
      alarmId: bad.id,
      code: 'BAD_PAYLOAD',
      message: '内容不符合格式',
      phone: '0859-555-0110',
    });
  });

  it('a kind that only a newer box knows is acknowledged and kept as a dead letter', async () => {
    const [box, operator] = await Promise.all([centre.box(), centre.operator()]);
    await box.publishes('sw/v1/box/box-0001/up/telemetry', { x: 1 });
    expect((await deadLetters(operator))[0]).toMatchObject({ code: 'UNKNOWN_TOPIC' });
    expect(box.connected).toBe(true);
  });

  it.each([
    ['another box’s topic', 'box:box-0002', up('alarm')],
    ['what only the centre says', 'box:box-0002', topics.boxDown('box-0001', 'received')],
    ['its own answers', 'box:box-0002', topics.boxDown('box-0002', 'received')],
    ['case events', 'integrator:110', topics.caseEvent(VILLAGE, 'closed')],
    ['a media node', 'box:box-0002', topics.mediaUp('media-01', 'cameras')],
    ['the broker’s own topics', 'box:box-0002', '$SYS/x/heartbeat'],
    ['a topic of nobody', 'box:box-0002', 'hello'],
  ])('whoever speaks on %s is recorded, cut off, and heard by nobody', async (_what, userName, topic) => {
    const [victim, operator] = await Promise.all([centre.box(), centre.operator()]);
    const integrator = await centre.connects('integrator:110', { clientId: '110-listener' });
    await integrator.subscribes(topics.caseEventAny);
    const liar = await centre.connects(userName);
    await expect(liar.publishes(topic, anAlarm('box-0001'))).rejects.toThrow();
    await liar.losesConnection();
    expect((await deadLetters(operator))[0]).toMatchObject({ code: 'NOT_YOUR_TOPIC', topic, client: userName });
    const good = anAlarm('box-0001');
    await victim.publishes(up('alarm'), good);
    await victim.hears('/down/received', (e) => e.data.messageId === good.id);
    await integrator.hears('/opened', (e) => e.data.alarmId === good.id);
    expect(victim.heard.filter((h) => h.topic.endsWith('/received'))).toHaveLength(1);
    expect(integrator.heard.some((h) => h.topic.endsWith('/closed'))).toBe(false);
  });
});
