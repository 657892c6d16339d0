/** A test alarm tries the whole way and pages nobody. */

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { apiPaths, topics } from '@shouwang/protocol';
import { expect, it } from 'vitest';
import { aCentre, type TestCentre } from '../testing/centre.ts';
import { anAlarm, aTest } from '../testing/messages.ts';

const up = (kind: 'test' | 'alarm') => topics.boxUp('box-0001', kind);

function rows(centre: TestCentre): unknown[] {
  const database = new DatabaseSync(join(centre.folder, 'data', 'shouwang.db'), { readOnly: true });
  try {
    return database
      .prepare('select box_id, id, by, at from box_tests')
      .all()
      .map((r) => ({ ...r }));
  } finally {
    database.close();
  }
}

it('is answered after the commit without a case number, remembered, and nobody hears of it', async () => {
  const centre = await aCentre();
  const [box, operator, desk] = await Promise.all([centre.box(), centre.operator(), centre.connects('integrator:110')]);
  await desk.subscribes(topics.caseEventAny);
  const test = aTest('box-0001');
  await box.publishes(up('test'), test);
  expect(rows(centre)).toEqual([{ box_id: 'box-0001', id: test.id, by: 'person', at: test.data.at }]);
  const { event } = await box.hears('/down/received');
  expect(event.data).toEqual({ messageId: test.id, alarmId: test.id, receivedAt: expect.any(Number) });
  expect((await operator.json('GET', apiPaths.cases)).cases).toEqual([]);
  const { rows: ledger } = await operator.json('GET', apiPaths.ledger);
  expect(ledger.filter((r: { kind: string }) => /alarm|case|test/.test(r.kind))).toEqual([]);
  // An alarm after it shows that nothing else was on its way.
  await box.publishes(up('alarm'), anAlarm('box-0001'));
  await desk.hears('/opened');
  expect(desk.heard[0]!.topic).toMatch(/opened$/);
});

it('said again is answered again and remembered once; with other content it is a conflict', async () => {
  const centre = await aCentre();
  const box = await centre.box();
  const test = aTest('box-0001');
  for (let i = 0; i < 2; i++) await box.publishes(up('test'), test);
  await box.publishes(up('test'), aTest('box-0001', 'self', test.id));
  expect((await box.hears('/down/rejected')).event.data).toMatchObject({ messageId: test.id, code: 'ID_CONFLICT' });
  expect(box.heard.filter((h) => h.topic.endsWith('/received'))).toHaveLength(2);
  expect(rows(centre)).toHaveLength(1);
});

it('the id of an alarm is not taken for a test', async () => {
  const centre = await aCentre();
  const box = await centre.box();
  const alarm = anAlarm('box-0001');
  await box.publishes(up('alarm'), alarm);
  await box.publishes(up('test'), aTest('box-0001', 'self', alarm.id));
  expect((await box.hears('/down/rejected')).event.data.code).toBe('ID_CONFLICT');
});

it('only so many of one box are kept, the newest', async () => {
  const centre = await aCentre({ config: { mqtt: { boxBurst: 1000 } } });
  const box = await centre.box();
  const tests = Array.from({ length: 103 }, () => aTest('box-0001', 'self'));
  for (const test of tests) await box.publishes(up('test'), test);
  const kept = (rows(centre) as { id: string }[]).map((r) => r.id);
  expect(kept).toHaveLength(100);
  expect(kept).toContain(tests.at(-1)!.id);
});
