/** What a box without a daemon may ask about its own alarms. */
import { apiPaths, boxPaths, type Progress, REPORTS_AT_MOST } from '@shouwang/protocol';
import { isValid } from '@shouwang/protocol/validators';
import { expect, it } from 'vitest';
import { aCentre, SECRET, type TestCentre } from '../testing/centre.ts';
import { aFolder } from '../testing/folder.ts';
import { anAlarm, anUpdate } from '../testing/messages.ts';
import { PageBox } from '../testing/page-box.ts';

const aServingCentre = (mqtt: Record<string, unknown> = {}) => aCentre({ config: { http: { tvAppDir: aFolder(), boxPollS: 0.2 }, mqtt } });
const boxOf = (centre: TestCentre, boxId = 'box-0001', secret = SECRET) => new PageBox(centre.addresses.httpUrl, { boxId, secret });

async function listOf(box: PageBox): Promise<Progress['data'][]> {
  const list: unknown = await (await box.asks('GET', boxPaths.reports)).json();
  if (!isValid('BoxReports', list)) throw new Error(JSON.stringify(list));
  return list.reports;
}

async function raises(box: PageBox, data: Parameters<typeof anAlarm>[1] = {}): Promise<{ id: string; caseNo: string }> {
  const alarm = anAlarm(box.boxId, data);
  const { answer } = await box.says('alarm', alarm);
  return { id: alarm.id, caseNo: answer.data.caseNo };
}

it('are its own last ten, the newest first', async () => {
  const centre = await aServingCentre();
  const [box, neighbour] = [boxOf(centre), boxOf(centre, 'box-0002')];
  expect(await listOf(box)).toEqual([]);
  const ids: string[] = [];
  for (let n = 0; n < REPORTS_AT_MOST + 2; n++) ids.unshift((await raises(box)).id);
  const other = await raises(neighbour);
  expect((await listOf(box)).map((r) => r.alarmId)).toEqual(ids.slice(0, REPORTS_AT_MOST));
  expect((await listOf(neighbour)).map((r) => r.alarmId)).toEqual([other.id]);
});

it('say what `down/progress` says, and no more', async () => {
  const centre = await aServingCentre();
  const [box, operator] = [boxOf(centre), await centre.operator()];
  await box.polls();
  const { id, caseNo } = await raises(box, { onScreen: { cameraId: 'gate', pictureAt: Date.now() } });
  await box.says('detail', anUpdate.detail(id, { about: 'medical' }));
  for (const command of [
    { command: 'sign' },
    { command: 'handle' },
    { command: 'note', text: '独居' },
    { command: 'close', result: '已处理' },
  ])
    await operator.json('POST', apiPaths.commands(caseNo), command);
  await box.says('rating', anUpdate.rating(id, 'fair'));
  await box.polls();
  const told = box.heard.filter((m) => m.type === 'cn.shouwang.alarm.progress.v1').at(-1).data;
  expect(told).toMatchObject({ state: 'closed', rating: 'fair', result: '已处理' });
  expect(await listOf(box)).toEqual([told]);
});

it('never have a silent one among them, open or closed', async () => {
  const centre = await aServingCentre();
  const [box, operator] = [boxOf(centre), await centre.operator()];
  const loud = await raises(box);
  const silent = await raises(box, { gesture: 'silent', silent: true, withdrawWindowS: 0 });
  const only = async () => expect((await listOf(box)).map((r) => r.alarmId)).toEqual([loud.id]);
  await only();
  for (const command of [{ command: 'sign' }, { command: 'close', result: '已出警' }])
    await operator.json('POST', apiPaths.commands(silent.caseNo), command);
  await only();
});

it('an older one that was not solved is open again', async () => {
  const centre = await aServingCentre();
  const [box, operator] = [boxOf(centre), await centre.operator()];
  const older = await raises(box);
  const newer = await raises(box);
  for (const { caseNo } of [older, newer])
    for (const command of [{ command: 'sign' }, { command: 'close', result: '已处理' }])
      await operator.json('POST', apiPaths.commands(caseNo), command);
  await box.says('rating', anUpdate.rating(older.id, 'satisfied'));
  await box.says('rating', anUpdate.rating(older.id, 'unsolved'));
  expect(await listOf(box)).toMatchObject([
    { alarmId: newer.id, state: 'closed', reopened: 0 },
    { alarmId: older.id, state: 'handling', reopened: 1 },
  ]);
});

it('go to nobody else: a wrong secret, a box that nobody enrolled, a revoked one', async () => {
  const centre = await aServingCentre();
  const answers = [];
  for (const [boxId, secret] of [
    ['box-0001', 'x'],
    ['box-none', SECRET],
    ['box-gone', SECRET],
  ]) {
    const answer = await boxOf(centre, boxId, secret).asks('GET', boxPaths.reports);
    answers.push([answer.status, ((await answer.json()) as { code: string }).code]);
  }
  expect(answers).toEqual([
    [401, 'BAD_CREDENTIALS'],
    [401, 'BAD_CREDENTIALS'],
    [403, 'BOX_REVOKED'],
  ]);
});

it('asked for too fast are refused, on the record, and the box’s alarm gets through', async () => {
  const centre = await aServingCentre({ boxRate: 0.1, boxBurst: 2 });
  const [box, auditor] = [boxOf(centre), await centre.operator('shenji')];
  const answers: number[] = [];
  for (let n = 0; n < 4; n++) answers.push((await box.asks('GET', boxPaths.reports)).status);
  expect(answers).toEqual([200, 200, 429, 429]);
  expect((await boxOf(centre, 'box-0002').asks('GET', boxPaths.reports)).status).toBe(200);
  expect((await box.says('alarm', anAlarm('box-0001'))).status).toBe(200);
  const { deadLetters } = await auditor.json('GET', apiPaths.deadLetters);
  expect(deadLetters[0]).toMatchObject({ code: 'RATE_EXCEEDED', client: 'box:box-0001', topic: boxPaths.reports });
});
