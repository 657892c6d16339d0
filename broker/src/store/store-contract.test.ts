/** What every store promises, whatever engine is under it. */
import { join } from 'node:path';
import { CaseAnnounced, Progress, Received } from '@shouwang/protocol';
import { Value } from '@sinclair/typebox/value';
import { describe, expect, it, onTestFinished } from 'vitest';
import { aFolder } from '../testing/folder.ts';
import { anAlarm, POLICY, raising } from '../testing/messages.ts';
import { type BatchResult, Engine, type Request } from './engine.ts';
import type { OperationName } from './operations.ts';
import { OPERATIONS } from './operations.ts';

async function open(folder = aFolder(), maxPages?: number): Promise<Engine> {
  const engine = await Engine.open(OPERATIONS, { path: join(folder, 'x.sqlite'), policy: POLICY, maxPages });
  onTestFinished(() => {
    try {
      engine.close();
    } catch {
      // closed by the test
    }
  });
  return engine;
}

const ask = (name: OperationName, args?: unknown, id = 1): Request => ({ id, name, args });
async function one<T>(engine: Engine, name: OperationName, args?: unknown): Promise<T> {
  const { answers } = await engine.batch([ask(name, args)]);
  const answer = answers[0]!;
  if (!answer.ok) throw new Error(answer.code);
  return answer.value as T;
}
const codes = (r: BatchResult) => r.answers.map((a) => (a.ok ? 'ok' : a.code));
const events = (r: BatchResult) => r.announced.map((a) => a.topic.split('/').slice(-1)[0]);

describe('a group', () => {
  it('is committed together and answered in the order of asking', async () => {
    const engine = await open();
    const alarms = Array.from({ length: 20 }, () => anAlarm('b'));
    const result = await engine.batch(alarms.map((a, i) => ask('raiseAlarm', raising(`box-${i}`, a), i)));
    expect(result.answers.map((a) => a.id)).toEqual(alarms.map((_, i) => i));
    expect(codes(result)).toEqual(alarms.map(() => 'ok'));
    expect((await one<{ cases: unknown[] }>(engine, 'readBoard', { at: 0 })).cases).toHaveLength(20);
  });

  it('an operation that fails is undone alone, with its numbers', async () => {
    const engine = await open();
    const alarm = anAlarm('b');
    const result = await engine.batch([
      ask('raiseAlarm', raising('box-1', alarm), 1),
      ask('raiseAlarm', raising('box-1', alarm, { digest: 'other' }), 2),
      ask('raiseAlarm', { ...raising('box-2', anAlarm('b')), data: null }, 3),
      ask('raiseAlarm', raising('box-3', anAlarm('b')), 4),
    ]);
    expect(codes(result)).toEqual(['ok', 'ID_CONFLICT', 'INTERNAL', 'ok']);
    expect(result.announced.map((a) => a.seq)).toEqual([1, 2, 3, 4, 5, 6]);
    const rows = await one<{ n: number }[]>(engine, 'readLedger', { after: 0, limit: 10 });
    expect(rows.map((r) => r.n)).toEqual([1, 2]);
  });

  it('an unknown operation is an error of ours, not a crash', async () => {
    const engine = await open();
    expect(codes(await engine.batch([{ id: 1, name: 'constructor', args: undefined }, ask('ping', undefined, 2)]))).toEqual([
      'INTERNAL',
      'ok',
    ]);
  });
});

describe('an alarm', () => {
  it('announces its event, its receipt and its progress, in this order, and each is valid', async () => {
    const engine = await open();
    const result = await engine.batch([ask('raiseAlarm', raising('box-1', anAlarm('b')))]);
    expect(events(result)).toEqual(['opened', 'received', 'progress']);
    const schemas = [CaseAnnounced, Received, Progress];
    for (const [i, a] of result.announced.entries())
      expect([...Value.Errors(schemas[i]!, JSON.parse(a.payload))].map((e) => `${e.path} ${e.message}`)).toEqual([]);
    expect(result.announced[0]!.topic).toBe('sw/v1/case/522328/101/201/opened');
  });

  it('nobody at the centre: escalated in the same commit, and the progress says so', async () => {
    const engine = await open();
    const result = await engine.batch([ask('raiseAlarm', raising('box-1', anAlarm('b'), { staffed: false }))]);
    expect(events(result)).toEqual(['opened', 'escalated', 'received', 'progress']);
    expect(JSON.parse(result.announced[3]!.payload).data).toMatchObject({ revision: 2, escalatedAt: 1_767_225_600_000 });
  });

  it('said again is one case, answered again with the first receipt', async () => {
    const engine = await open();
    const alarm = anAlarm('b');
    const first = await engine.batch([ask('raiseAlarm', raising('box-1', alarm))]);
    const again = await engine.batch([ask('raiseAlarm', raising('box-1', alarm, { at: 1_767_225_699_000 }))]);
    expect(events(again)).toEqual(['received']);
    const receipt = (r: BatchResult) => JSON.parse(r.announced.find((a) => a.topic.endsWith('received'))!.payload).data;
    expect(receipt(again)).toEqual(receipt(first));
    expect((await one<{ cases: unknown[] }>(engine, 'readBoard', { at: 0 })).cases).toHaveLength(1);
  });

  it('the same id of two boxes makes two cases', async () => {
    const engine = await open();
    const alarm = anAlarm('b');
    const result = await engine.batch([ask('raiseAlarm', raising('box-1', alarm), 1), ask('raiseAlarm', raising('box-2', alarm), 2)]);
    const numbers = result.answers.map((a) => (a.ok ? (a.value as { caseNo: string }).caseNo : ''));
    expect(new Set(numbers).size).toBe(2);
  });

  it('numbers begin anew each day and never repeat', async () => {
    const engine = await open();
    const number = async (box: string, day: string) =>
      (await one<{ caseNo: string }>(engine, 'raiseAlarm', { ...raising(box, anAlarm('b')), day })).caseNo;
    expect(await number('a', '20260101')).toBe('20260101-0001');
    expect(await number('b', '20260101')).toBe('20260101-0002');
    expect(await number('c', '20260102')).toBe('20260102-0001');
  });

  it('leaves no personal data and no box id in the ledger', async () => {
    const engine = await open();
    await one(engine, 'raiseAlarm', raising('box-wang', anAlarm('b')));
    const [row] = await one<{ event: string }[]>(engine, 'readLedger', { after: 0, limit: 1 });
    expect(row!.event).not.toContain('box-wang');
    expect(row!.event).toMatch(/"by":"box-[A-Za-z0-9_-]{12}"/);
  });
});

describe('after a restart', () => {
  it('everything is there and all numbers go on', async () => {
    const folder = aFolder();
    const first = await open(folder);
    await one(first, 'raiseAlarm', raising('box-1', anAlarm('b')));
    first.close();
    const second = await open(folder);
    const result = await second.batch([ask('raiseAlarm', raising('box-2', anAlarm('b')))]);
    expect(result.announced.map((a) => a.seq)).toEqual([4, 5, 6]);
    const rows = await one<{ n: number }[]>(second, 'readLedger', { after: 0, limit: 10 });
    expect(rows.map((r) => r.n)).toEqual([1, 2]);
  });

  it('announcement numbers go on although old rows were pruned', async () => {
    const folder = aFolder();
    const first = await open(folder);
    await one(first, 'raiseAlarm', raising('box-1', anAlarm('b')));
    await one(first, 'markPublished', { seq: 3 });
    await one(first, 'prune', { at: 1_767_225_600_000 + 8 * 86_400_000 });
    expect(await one<unknown[]>(first, 'readAnnouncements', { after: 0, limit: 10 })).toHaveLength(1);
    first.close();
    const result = await (await open(folder)).batch([ask('raiseAlarm', raising('box-2', anAlarm('b')))]);
    expect(result.announced[0]!.seq).toBe(4);
  });
});

describe('a full disk', () => {
  it('fails whole groups with STORE_UNAVAILABLE, loses nothing that was answered, and recovers', async () => {
    const folder = aFolder();
    const engine = await open(folder, 120);
    let answered = 0;
    let result: BatchResult;
    do {
      result = await engine.batch(
        Array.from({ length: 10 }, (_, i) => ask('raiseAlarm', raising(`box-${answered}-${i}`, anAlarm('b')), i)),
      );
      if (result.answers[0]!.ok) answered += 10;
    } while (result.answers[0]!.ok);
    expect(codes(result)).toEqual(Array.from({ length: 10 }, () => 'STORE_UNAVAILABLE'));
    expect(result.announced).toEqual([]);
    // Perhaps one more fits where ten did not; then nothing does.
    while ((await engine.batch([ask('raiseAlarm', raising(`single-${answered}`, anAlarm('b')))])).answers[0]!.ok) answered++;
    engine.close();

    const roomy = await open(folder);
    expect((await one<{ cases: unknown[] }>(roomy, 'readBoard', { at: 0 })).cases).toHaveLength(answered);
    expect(codes(await roomy.batch([ask('raiseAlarm', raising('later', anAlarm('b')))]))).toEqual(['ok']);
  });
});
