/** The registry at run time: a whole centre, real boxes, the admin API and the local socket. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { adminPaths, apiPaths, topics } from '@shouwang/protocol';
import { describe, expect, it } from 'vitest';
import { askCentre } from '../admin/client.ts';
import { aCentre, SECRET, type TestCentre, VILLAGE } from '../testing/centre.ts';
import { anAlarm } from '../testing/messages.ts';
import type { TestClient } from '../testing/mqtt-client.ts';
import type { TestOperator } from '../testing/operator.ts';
import { until } from '../testing/until.ts';

const NEW_SECRET = 'another-secret-of-more-than-32-characters-for-tests';
const household = (boxId: string, more: object = {}) => ({
  boxId,
  name: '陈大山',
  address: '平安村5组1号',
  phone: '13900000009',
  area: VILLAGE,
  ...more,
});
const enrols = (admin: TestOperator, boxes: object[], more: object = {}) => admin.json('POST', adminPaths.boxes, { boxes, ...more });
const csv = (admin: TestOperator, text: string, query = '') =>
  admin.asks('POST', adminPaths.importBoxes + query, text, { 'content-type': 'text/csv' });
const alarms = async (client: TestClient, boxId: string) => {
  const alarm = anAlarm(boxId);
  await client.subscribes(topics.boxDownAny(boxId));
  await client.publishes(topics.boxUp(boxId, 'alarm'), alarm);
  return client.hears('/down/received', (e) => e.data.messageId === alarm.id);
};
const ledgerOf = async (centre: TestCentre, kind: string) => {
  const { rows } = await (await centre.operator()).json('GET', `${apiPaths.ledger}?limit=1000`);
  return rows.filter((r: { kind: string }) => r.kind === kind).map((r: { event: string }) => JSON.parse(r.event));
};

describe('a box enrolled at run time', () => {
  it('raises an alarm without a restart, and its household is on the case', async () => {
    const centre = await aCentre();
    const admin = await centre.operator('guanli');
    expect(await enrols(admin, [household('box-new', { secret: SECRET })])).toMatchObject({ enrolled: 1, changed: 0, secrets: [] });
    const { event } = await alarms(await centre.connects('box:box-new'), 'box-new');
    const view = await admin.json('GET', apiPaths.case(event.data.caseNo));
    expect(view.household).toMatchObject({ name: '陈大山', address: '平安村5组1号' });
  });

  it('stays after a restart, also where the enrolment file says nothing of it', async () => {
    const centre = await aCentre();
    await enrols(await centre.operator('guanli'), [household('box-new', { secret: SECRET })]);
    await centre.close();
    const again = await aCentre({ folder: centre.folder });
    expect((await again.connects('box:box-new')).connected).toBe(true);
  });

  it('without a secret gets a random one, said once, or none and no way in by secret', async () => {
    const centre = await aCentre();
    const admin = await centre.operator('guanli');
    const { secrets } = await enrols(admin, [household('box-new')], { makeSecrets: true });
    expect(secrets).toMatchObject([{ boxId: 'box-new', secret: expect.stringMatching(/^[\w-]{43}$/) }]);
    expect((await centre.connects('box:box-new', { password: secrets[0].secret })).connected).toBe(true);
    await enrols(admin, [household('box-cert')]);
    await expect(centre.connects('box:box-cert', { password: '' })).rejects.toThrow();
    expect(await admin.json('GET', adminPaths.box('box-cert'))).toMatchObject({ hasSecret: false, revoked: false, online: false });
  });
});

describe('a box changed at run time', () => {
  it('keeps its secret where none is given; with a new one, whoever came with the old one is cut off', async () => {
    const centre = await aCentre();
    const admin = await centre.operator('guanli');
    const box = await centre.box();
    expect(await enrols(admin, [household('box-0001')])).toMatchObject({ enrolled: 0, changed: 1 });
    expect(box.connected).toBe(true);
    await enrols(admin, [household('box-0001', { secret: NEW_SECRET })]);
    await box.losesConnection();
    await expect(centre.connects('box:box-0001')).rejects.toThrow();
    expect((await centre.connects('box:box-0001', { password: NEW_SECRET })).connected).toBe(true);
    expect(await ledgerOf(centre, 'box.changed')).toMatchObject([
      { data: { fields: 'name,address,phone,lat,lon', by: expect.stringMatching(/^operator-/) } },
      { data: { fields: 'secret_hash' } },
    ]);
  });

  it('keeps the change over a restart with an unchanged enrolment file', async () => {
    const centre = await aCentre();
    await enrols(await centre.operator('guanli'), [household('box-0001')]);
    await centre.close();
    const again = await aCentre({ folder: centre.folder });
    expect(await (await again.operator('guanli')).json('GET', adminPaths.box('box-0001'))).toMatchObject({ name: '陈大山' });
  });

  it('the same said again changes nothing and is not on the record', async () => {
    const centre = await aCentre();
    const admin = await centre.operator('guanli');
    await enrols(admin, [household('box-new')]);
    expect(await enrols(admin, [household('box-new')])).toMatchObject({ enrolled: 0, changed: 0, unchanged: 1 });
    expect(await ledgerOf(centre, 'box.changed')).toEqual([]);
  });
});

describe('a box revoked at run time', () => {
  it('is cut off at once and refused with a recorded reason; the others go on; it is let in again when it is reinstated', async () => {
    const centre = await aCentre();
    const admin = await centre.operator('guanli');
    const [box, other] = [await centre.box(), await centre.box('box-0002')];
    expect(await admin.json('POST', adminPaths.revokeBox('box-0001'))).toMatchObject({ revoked: true });
    await box.losesConnection();
    await expect(centre.connects('box:box-0001')).rejects.toThrow();
    await until('the refusal is recorded', async () => {
      const { deadLetters } = await admin.json('GET', apiPaths.deadLetters);
      return deadLetters.some((d: { client: string; code: string }) => d.client === 'box-0001' && d.code === 'BOX_REVOKED');
    });
    await alarms(other, 'box-0002');
    await admin.json('POST', adminPaths.reinstateBox('box-0001'));
    await alarms(await centre.connects('box:box-0001'), 'box-0001');
    expect([await ledgerOf(centre, 'box.reinstated'), (await ledgerOf(centre, 'box.revoked')).length]).toMatchObject([[{}], 2]);
  });

  it('stays revoked after a restart, whatever the enrolment file says, and cannot be enrolled by the way', async () => {
    const centre = await aCentre();
    await (await centre.operator('guanli')).json('POST', adminPaths.revokeBox('box-0001'));
    await centre.close();
    const again = await aCentre({ folder: centre.folder });
    const admin = await again.operator('guanli');
    await expect(again.connects('box:box-0001')).rejects.toThrow();
    const refused = await admin.asks('POST', adminPaths.boxes, { boxes: [household('box-0001')] });
    expect([refused.status, await refused.json()]).toMatchObject([400, { refused: [{ line: 1, boxId: 'box-0001' }] }]);
  });

  it('that nobody enrolled is not found', async () => {
    const centre = await aCentre();
    await expect((await centre.operator('guanli')).json('POST', adminPaths.revokeBox('box-9999'))).rejects.toThrow('NOT_FOUND');
  });
});

describe('a list in CSV', () => {
  const header = 'boxId,name,address,phone,lat,lon,area';
  const line = (i: number) => `box-${i},户主${i},平安村${i}号,139${String(i).padStart(8, '0')},25.1,105.4,522328101201`;

  it('is applied whole or not at all, unless part of it is asked for', async () => {
    const centre = await aCentre();
    const admin = await centre.operator('guanli');
    const text = [header, line(1), 'box-2,,平安村,139,,,522328101201', line(3)].join('\n');
    const refused = await csv(admin, text);
    expect([refused.status, await refused.json()]).toMatchObject([400, { code: 'BAD_PAYLOAD', refused: [{ line: 3, boxId: 'box-2' }] }]);
    await expect(admin.json('GET', adminPaths.box('box-1'))).rejects.toThrow('NOT_FOUND');
    expect(await (await csv(admin, text, '?partial=1')).json()).toMatchObject({ enrolled: 2, refused: [{ line: 3 }] });
    expect(await admin.json('GET', adminPaths.box('box-3'))).toMatchObject({ name: '户主3', position: { lat: 25.1, lon: 105.4 } });
  });

  it('of thousands of lines goes in while alarms are taken', async () => {
    const centre = await aCentre();
    const admin = await centre.operator('guanli');
    const text = [header, ...Array.from({ length: 5000 }, (_, i) => line(i))].join('\r\n');
    const [answer] = await Promise.all([csv(admin, text), alarms(await centre.box(), 'box-0001')]);
    expect(await answer.json()).toMatchObject({ enrolled: 5000, refused: [] });
    const { boxes } = await admin.json('GET', `${adminPaths.boxes}?limit=3&after=box-4998&area=${VILLAGE}`);
    expect(boxes.map((b: { boxId: string }) => b.boxId)).toEqual(['box-4999', 'box-5', 'box-50']);
  });

  it('larger than allowed is refused', async () => {
    const admin = await (await aCentre()).operator('guanli');
    expect((await csv(admin, 'x'.repeat(9 * 1024 * 1024))).status).toBe(413);
  });
});

it('who reads the registry, with the households in it, is on the record: a list as a list, one box as a look', async () => {
  const centre = await aCentre();
  const admin = await centre.operator('guanli');
  await admin.json('GET', `${adminPaths.boxes}?area=${VILLAGE}`);
  await admin.json('GET', adminPaths.box('box-0001'));
  await askCentre(join(centre.folder, 'data', 'admin.sock'), 'GET', adminPaths.boxes);
  expect(await ledgerOf(centre, 'registry.read')).toMatchObject([
    { data: { by: expect.stringMatching(/^operator-/), area: VILLAGE, boxes: 3 } },
    { data: { by: 'local', area: '' } },
  ]);
  expect(await ledgerOf(centre, 'household.looked-up')).toMatchObject([
    { subject: expect.stringMatching(/^box-/), data: { by: expect.stringMatching(/^operator-/), why: 'registry' } },
  ]);
});

it('a box with a new secret: what the former one was watching ends', async () => {
  const centre = await aCentre();
  const node = await centre.connects('media:media-01');
  await node.subscribes(topics.mediaDownAny('media-01'));
  await enrols(await centre.operator('guanli'), [household('box-0001', { secret: NEW_SECRET })]);
  await node.hears('/down/revoke', (e) => e.data.viewer === 'box:box-0001');
});

describe('who may', () => {
  it.each([
    ['an operator', 'zhiban', 403],
    ['an auditor', 'shenji', 403],
  ])('not %s', async (_what, user, status) => {
    const somebody = await (await aCentre()).operator(user);
    expect((await somebody.asks('GET', adminPaths.boxes)).status).toBe(status);
    expect((await somebody.asks('POST', adminPaths.boxes, { boxes: [household('box-x')] })).status).toBe(status);
    expect((await csv(somebody, 'x')).status).toBe(status);
    expect((await somebody.asks('POST', adminPaths.revokeBox('box-0001'))).status).toBe(status);
  });

  it('whoever owns the data folder, through a socket that nobody else can open', async () => {
    const centre = await aCentre();
    const socket = join(centre.folder, 'data', 'admin.sock');
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    await askCentre(socket, 'POST', adminPaths.boxes, { boxes: [household('box-new', { secret: SECRET })] });
    await alarms(await centre.connects('box:box-new'), 'box-new');
    await expect(askCentre(socket, 'POST', adminPaths.importBoxes, Buffer.from('x'))).rejects.toMatchObject({ code: 'BAD_PAYLOAD' });
    expect((await ledgerOf(centre, 'box.enrolled')).at(-1)).toMatchObject({ data: { by: 'local', area: VILLAGE } });
    await centre.close();
    await expect(askCentre(socket, 'GET', adminPaths.boxes)).rejects.toMatchObject({ code: 'OFFLINE' });
  });
});
