/** What was refused can be looked at whole and tried again. */
import { adminPaths, apiPaths, type DeadLetter, topics } from '@shouwang/protocol';
import { describe, expect, it } from 'vitest';
import { Engine } from '../store/engine.ts';
import { OPERATIONS } from '../store/operations.ts';
import { aCentre, type TestCentre } from '../testing/centre.ts';
import { aFolder } from '../testing/folder.ts';
import { anAlarm, anUpdate, POLICY } from '../testing/messages.ts';
import type { TestOperator } from '../testing/operator.ts';
import { until } from '../testing/until.ts';

const newest = async (operator: TestOperator): Promise<DeadLetter> => (await operator.json('GET', apiPaths.deadLetters)).deadLetters[0];
const replayed = (admin: TestOperator, id: number) => admin.json('POST', apiPaths.replayDeadLetter(id));
const ledgerOf = async (operator: TestOperator, kind: string) => {
  const { rows } = await operator.json('GET', `${apiPaths.ledger}?limit=1000`);
  return rows.filter((r: { kind: string }) => r.kind === kind).map((r: { event: string }) => JSON.parse(r.event));
};

/** A centre that refused an alarm because its box was revoked while the message was on its way. */
async function withARefusedAlarm(): Promise<{
  centre: TestCentre;
  admin: TestOperator;
  alarm: ReturnType<typeof anAlarm>;
  letter: DeadLetter;
}> {
  const centre = await aCentre();
  const admin = await centre.operator('guanli');
  const box = await centre.box();
  const alarm = anAlarm('box-0001');
  // The door is closed by the same step that the intake looks at: only a connection that stands gets this far.
  await admin.json('POST', adminPaths.revokeBox('box-0002'));
  await box.publishes(topics.boxUp('box-0001', 'detail'), anUpdate.detail(alarm.id, { about: 'fire', surprise: 1 }));
  return { centre, admin, alarm, letter: await newest(admin) };
}

describe('inspecting', () => {
  it('shows the whole payload, byte for byte, to an admin only, and that is on the record', async () => {
    const centre = await aCentre();
    const admin = await centre.operator('guanli');
    const box = await centre.box();
    const payload = Buffer.concat([Buffer.from('不是JSON'.repeat(2000)), Buffer.from([0, 255, 254])]);
    await box.publishes(topics.boxUp('box-0001', 'alarm'), payload);
    const letter = await newest(admin);
    expect(letter).toMatchObject({ code: 'BAD_JSON', bytes: payload.length, count: 1 });
    expect(letter.payload.length).toBeLessThanOrEqual(2000);
    const { bodyBase64 } = await admin.json('GET', apiPaths.deadLetter(letter.id));
    expect(Buffer.from(bodyBase64, 'base64').equals(payload)).toBe(true);
    expect(await ledgerOf(admin, 'dead-letter.read')).toMatchObject([
      { subject: `dead-letter:${letter.id}`, data: { by: expect.stringMatching(/^operator-/) } },
    ]);
    for (const user of ['zhiban', 'shenji']) {
      const other = await centre.operator(user);
      await expect(other.json('GET', apiPaths.deadLetter(letter.id))).rejects.toThrow('NOT_ALLOWED');
      await expect(other.json('POST', apiPaths.replayDeadLetter(letter.id))).rejects.toThrow('NOT_ALLOWED');
    }
  });

  it.each(['0', 'x', '99999999'])('number %s is not found', async (id) => {
    const admin = await (await aCentre()).operator('guanli');
    await expect(admin.json('GET', apiPaths.deadLetter(id))).rejects.toThrow('NOT_FOUND');
    await expect(admin.json('POST', apiPaths.replayDeadLetter(id))).rejects.toThrow('NOT_FOUND');
  });
});

describe('replaying', () => {
  it('a message that is still wrong says so, changes nothing and may be tried again', async () => {
    const { admin, letter } = await withARefusedAlarm();
    expect(await replayed(admin, letter.id)).toMatchObject({ outcome: 'BAD_PAYLOAD', replayedBy: 'operator:guanli' });
    expect(await replayed(admin, letter.id)).toMatchObject({ outcome: 'BAD_PAYLOAD' });
    const { deadLetters } = await admin.json('GET', apiPaths.deadLetters);
    expect(deadLetters).toMatchObject([{ id: letter.id, outcome: 'BAD_PAYLOAD', replayedBy: 'operator:guanli' }]);
    expect(await ledgerOf(admin, 'dead-letter.replayed')).toMatchObject([{ data: { outcome: 'BAD_PAYLOAD' } }, {}]);
  });

  it('an alarm that was refused becomes a case once, as from the same box, and the box hears of it', async () => {
    const centre = await aCentre({ config: { mqtt: { boxAlarmRate: 0.5, boxAlarmBurst: 1 } } });
    const admin = await centre.operator('guanli');
    const box = await centre.box();
    // Seven at once with room for one and five more within 10 s: the last is refused as too fast.
    const alarms = Array.from({ length: 7 }, () => anAlarm('box-0001'));
    for (const alarm of alarms) void box.publishes(topics.boxUp('box-0001', 'alarm'), alarm).catch(() => undefined);
    const letter = await until('one is refused', () => newest(admin));
    expect(letter).toMatchObject({ code: 'RATE_EXCEEDED', client: 'box:box-0001' });
    const { id: alarmId } = JSON.parse(letter.payload);
    const outcomes = await Promise.all([replayed(admin, letter.id), replayed(admin, letter.id)]);
    expect(outcomes.map((o) => o.outcome)).toEqual(['accepted', 'accepted']);
    const { event } = await box.hears('/down/received', (e) => e.data.messageId === alarmId);
    expect(await replayed(admin, letter.id)).toMatchObject({ outcome: 'accepted', replayedAt: outcomes[0].replayedAt });
    const { cases } = await admin.json('GET', apiPaths.cases);
    expect(cases.filter((c: { alarmId: string }) => c.alarmId === alarmId)).toMatchObject([{ caseNo: event.data.caseNo }]);
    expect(await ledgerOf(admin, 'dead-letter.replayed')).toHaveLength(1);
  });

  it('of a box that is revoked is refused', async () => {
    const { admin, letter } = await withARefusedAlarm();
    await admin.json('POST', adminPaths.revokeBox('box-0001'));
    expect(await replayed(admin, letter.id)).toMatchObject({ outcome: 'BOX_REVOKED' });
  });

  it('what used somebody else’s topic stays refused', async () => {
    const centre = await aCentre();
    const admin = await centre.operator('guanli');
    const box = await centre.connects('box:box-0001');
    await expect(box.publishes(topics.boxUp('box-0002', 'alarm'), anAlarm('box-0002'))).rejects.toThrow();
    expect(await replayed(admin, (await newest(admin)).id)).toMatchObject({ outcome: 'NOT_YOUR_TOPIC' });
    expect((await admin.json('GET', apiPaths.cases)).cases).toEqual([]);
  });

  it('a refused connection, a state and an empty payload cannot be replayed', async () => {
    const centre = await aCentre();
    const admin = await centre.operator('guanli');
    await expect(centre.connects('box:box-9999')).rejects.toThrow();
    const connect = await until('it is recorded', () => newest(admin));
    const box = await centre.box();
    await box.publishes(topics.boxStatus('box-0001'), 'x');
    const state = await newest(admin);
    await box.publishes(topics.boxUp('box-0001', 'alarm'), '');
    const empty = await newest(admin);
    expect(new Set([connect.id, state.id, empty.id]).size).toBe(3);
    for (const { id } of [connect, state, empty]) await expect(replayed(admin, id)).rejects.toThrow('NOT_REPLAYABLE');
  });
});

it('whole payloads are kept up to a bound in all and of one client; the rows stay', async () => {
  const engine = await Engine.open(OPERATIONS, { path: `${aFolder()}/x.sqlite`, policy: POLICY });
  let id = 0;
  const ask = (name: string, args: object) => ({ id: ++id, name, args });
  const payload = Buffer.alloc(60_000, 'x');
  const refusal = { at: 1, topic: 'sw/v1/box/x/up/alarm', client: 'box:noisy', code: 'BAD_JSON', reason: 'x', payload };
  await engine.batch([ask('refuse', { refusal: { ...refusal, client: 'box:quiet' } })]);
  await engine.batch(Array.from({ length: 399 }, () => ask('refuse', { refusal })));
  const { answers } = await engine.batch([ask('readDeadLetters', { limit: 1000 })]);
  const rows = (answers[0] as { value: DeadLetter[] }).value;
  const whole = rows.filter((r) => r.bytes > 0);
  expect(rows).toHaveLength(400);
  expect(whole.length * payload.length).toBeLessThanOrEqual(8 * 1024 * 1024 + payload.length);
  expect(whole.length).toBeGreaterThan(100);
  expect(whole.map((r) => r.client)).toContain('box:quiet');
  engine.close();
});
