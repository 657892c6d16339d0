/** What is said about an alarm before it comes waits for it; nothing is lost, nothing is done twice. */
import { join } from 'node:path';
import { apiPaths, topics } from '@shouwang/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { uuid7 } from '../ids.ts';
import { Engine } from '../store/engine.ts';
import { OPERATIONS, type OperationName } from '../store/operations.ts';
import { aCentre } from '../testing/centre.ts';
import { aFolder } from '../testing/folder.ts';
import { anAlarm, anUpdate, POLICY, raising, VILLAGE } from '../testing/messages.ts';
import { EARLY_OF_ONE_BOX } from './early-updates.ts';

const up = (kind: Parameters<typeof topics.boxUp>[1]) => topics.boxUp('box-0001', kind);
const T = 1_767_225_600_000;

describe('over the wire', () => {
  it('a withdrawal and a detail that come first are part of the case, and each is answered once the alarm is there', async () => {
    const centre = await aCentre();
    const [box, operator] = await Promise.all([centre.box(), centre.operator()]);
    const alarm = anAlarm('box-0001');
    const detail = anUpdate.detail(alarm.id, { about: 'fire' });
    const withdraw = anUpdate.withdraw(alarm.id);
    for (const [kind, message] of [
      ['detail', detail],
      ['withdraw', withdraw],
      ['withdraw', withdraw],
    ] as const)
      await box.publishes(up(kind), message);
    expect(box.heard).toEqual([]);
    await box.publishes(up('alarm'), alarm);
    await box.hears('/down/progress', (e) => e.data.withdrawnAt !== undefined);
    const received = box.heard.filter((h) => h.topic.endsWith('/received')).map((h) => h.event.data.messageId);
    expect(received).toEqual([alarm.id, detail.id, withdraw.id]);
    const { cases } = await operator.json('GET', apiPaths.cases);
    expect(cases).toHaveLength(1);
    expect(cases[0]).toMatchObject({ about: 'fire', withdrawnAt: expect.any(Number) });
    // The box had not heard the answers and says everything again.
    for (const [kind, message] of [
      ['withdraw', withdraw],
      ['detail', detail],
      ['alarm', alarm],
    ] as const)
      await box.publishes(up(kind), message);
    const { history } = await operator.json('GET', apiPaths.case(cases[0].caseNo));
    expect(history.map((h: { event: string }) => h.event)).toEqual(['opened', 'escalated', 'detailed', 'withdrawn']);
  });

  it('the clock’s skew is measured before the alarm and kept with the case', async () => {
    const centre = await aCentre();
    const [box, operator] = await Promise.all([centre.box(), centre.operator()]);
    await box.publishes(up('sync'), {
      ...anAlarm('box-0001'),
      time: new Date(Date.now() - 7_200_000).toISOString(),
      type: 'cn.shouwang.box.sync.v1',
      data: { open: [], version: '1' },
    });
    await box.publishes(up('alarm'), anAlarm('box-0001'));
    const skew = () => operator.json('GET', apiPaths.cases).then((b) => b.cases[0].clockSkewMs as number);
    expect(Math.round((await skew()) / 60_000)).toBe(-120);
    await box.publishes(topics.boxStatus('box-0001'), { online: true, at: 5, version: '1' }, { retain: true });
    await box.publishes(up('alarm'), anAlarm('box-0001'));
    expect(await skew()).toBeLessThan(-1_000_000_000_000);
  });
});

describe('in the store', () => {
  async function aStore() {
    const engine = await Engine.open(OPERATIONS, { path: join(aFolder(), 'x.sqlite'), policy: POLICY });
    onTestFinished(() => engine.close());
    const ask = async (name: OperationName, args: unknown) => {
      const { answers, announced } = await engine.batch([{ id: 1, name, args }]);
      const answer = answers[0]!;
      return { code: answer.ok ? 'ok' : answer.code, value: answer.ok ? answer.value : undefined, announced };
    };
    return { ask };
  }
  const updating = (alarmId: string, more: object = {}) => {
    const message = anUpdate.withdraw(alarmId);
    return {
      boxId: 'box-1',
      area: VILLAGE,
      id: message.id,
      digest: 'd',
      payload: JSON.stringify(message),
      at: T,
      kind: 'withdraw',
      alarmId,
      command: { do: 'withdraw' },
      ...more,
    };
  };

  it('what waited in vain is a dead letter and refused, once, and is then no part of an alarm that comes still later', async () => {
    const { ask } = await aStore();
    const alarm = anAlarm('box-1');
    const update = updating(alarm.id);
    expect(await ask('updateAlarm', update)).toMatchObject({ code: 'ok', value: undefined, announced: [] });
    expect((await ask('expireEarly', { before: T - 1, at: T + 5, phone: '1' })).value).toBe(0);
    const given = await ask('expireEarly', { before: T, at: T + 5, phone: '1' });
    expect(given.value).toBe(1);
    expect(JSON.parse(given.announced[0]!.payload).data).toMatchObject({ messageId: update.id, alarmId: alarm.id, code: 'ALARM_UNKNOWN' });
    expect((await ask('readDeadLetters', { limit: 9 })).value).toMatchObject([{ code: 'ALARM_UNKNOWN', client: 'box:box-1' }]);
    expect((await ask('expireEarly', { before: T + 9, at: T + 9, phone: '1' })).value).toBe(0);
    const opened = await ask('raiseAlarm', raising('box-1', alarm));
    expect(opened.announced.map((a) => a.topic.split('/').at(-1))).toEqual(['opened', 'received', 'progress']);
  });

  it('the same id with other content is a conflict also while it waits', async () => {
    const { ask } = await aStore();
    const update = updating(uuid7(T));
    await ask('updateAlarm', update);
    expect((await ask('updateAlarm', { ...update, digest: 'other' })).code).toBe('ID_CONFLICT');
    expect((await ask('updateAlarm', update)).code).toBe('ok');
  });

  it('an id that was used again meanwhile, even the alarm’s own, keeps no alarm out: the update is refused', async () => {
    const { ask } = await aStore();
    const [alarm, other] = [anAlarm('box-1'), anAlarm('box-1')];
    await ask('updateAlarm', updating(alarm.id, { id: alarm.id }));
    await ask('updateAlarm', updating(alarm.id, { id: other.id }));
    await ask('raiseAlarm', raising('box-1', other));
    const opened = await ask('raiseAlarm', raising('box-1', alarm));
    expect(opened.code).toBe('ok');
    expect(opened.announced.map((a) => a.topic.split('/').at(-1))).toEqual(['opened', 'received', 'progress', 'rejected', 'rejected']);
    expect((await ask('readDeadLetters', { limit: 9 })).value).toMatchObject([{ code: 'ID_CONFLICT' }, { code: 'ID_CONFLICT' }]);
  });

  it('waits for the alarm of its own box only', async () => {
    const { ask } = await aStore();
    const alarm = anAlarm('box-1');
    await ask('updateAlarm', updating(alarm.id));
    const other = await ask('raiseAlarm', raising('box-2', alarm));
    expect(other.announced.map((a) => a.topic.split('/').at(-1))).toEqual(['opened', 'received', 'progress']);
  });

  it('of one box only so many wait, and that disturbs no other box', async () => {
    const { ask } = await aStore();
    for (let i = 0; i < EARLY_OF_ONE_BOX; i++) await ask('updateAlarm', updating(uuid7(T)));
    expect((await ask('updateAlarm', updating(uuid7(T)))).code).toBe('ALARM_UNKNOWN');
    expect((await ask('updateAlarm', updating(uuid7(T), { boxId: 'box-2' }))).code).toBe('ok');
  });

  it('a silent alarm takes no update that came first: refused and recorded, the case is as it was', async () => {
    const { ask } = await aStore();
    const alarm = anAlarm('box-1', { silent: true, gesture: 'silent' });
    await ask('updateAlarm', updating(alarm.id));
    const opened = await ask('raiseAlarm', raising('box-1', alarm));
    expect(opened.announced.map((a) => a.topic.split('/').at(-1))).toEqual(['opened', 'received', 'rejected']);
    expect((await ask('readDeadLetters', { limit: 9 })).value).toMatchObject([{ code: 'NOT_ALLOWED' }]);
    expect((await ask('readBoard', { at: T })).value).toMatchObject({ cases: [{ revision: 1, silent: true }] });
  });
});
