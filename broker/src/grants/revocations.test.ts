/** What a media node is told of ended views when it is back: over real sockets, with a clock that the test moves. */
import { adminPaths, apiPaths } from '@shouwang/protocol';
import { expect, it } from 'vitest';
import { aCentre, SECRET, type TestCentre, VILLAGE } from '../testing/centre.ts';
import { aNode, T } from '../testing/clip-node.ts';
import { aFolder } from '../testing/folder.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { PageBox } from '../testing/page-box.ts';

const DAY = 86_400_000;
const household = { name: '王秀英', address: '平安村3组12号', phone: '13900000001', position: { lat: 25.101, lon: 105.471 } };

/** What a node that comes back is told: viewer → until when its grants were made that open nothing any more, ms. */
async function toldToNode(centre: TestCentre): Promise<Map<string, number>> {
  const { client } = await aNode(centre);
  // The last of the list.
  await client.hears('/down/revoke', (e) => e.data.viewer === 'operator:quitted');
  await client.leaves();
  const revokes = client.heard.filter((h) => h.topic.endsWith('/down/revoke'));
  return new Map(revokes.map(({ event }) => [event.data.viewer, Date.parse(event.time)]));
}

it('log-ins that ended while a node or the centre was away are told to the node; what was opened in the present one lives on', async () => {
  const folder = aFolder();
  const clock = new ManualClock(T);
  const centre = await aCentre({ folder, clock });
  const operator = await centre.operator();
  clock.passes(1000);
  await operator.asks('POST', apiPaths.logout);
  clock.passes(1000);
  expect((await toldToNode(centre)).get('operator:zhiban')).toBe(clock.now());
  await centre.operator();
  const loggedInAt = clock.now();
  clock.passes(1000);
  await centre.operator();
  expect((await toldToNode(centre)).get('operator:zhiban')).toBe(loggedInAt - 1);
  await centre.close();

  const later = new ManualClock(T + DAY);
  const again = await aCentre({ folder, clock: later });
  expect((await toldToNode(again)).get('operator:zhiban')).toBe(later.now());
});

it('a household that moved, and a box with another secret, are told to the node also after a restart of the centre, for a week', async () => {
  const folder = aFolder();
  const clock = new ManualClock(T);
  const centre = await aCentre({ folder, clock });
  const boxes = [
    { ...household, boxId: 'box-0001', area: '522401001001' },
    { ...household, boxId: 'box-0002', area: VILLAGE, secret: SECRET.toUpperCase() },
    { ...household, boxId: 'box-far', area: '522401001001', phone: '13900000002' },
  ];
  await (await centre.operator('guanli')).json('POST', adminPaths.boxes, { boxes });
  const ended = [clock.now(), clock.now(), undefined];
  clock.passes(1000);
  const of = (told: Map<string, number>) => boxes.map(({ boxId }) => told.get(`box:${boxId}`));
  expect(of(await toldToNode(centre))).toEqual(ended);
  await centre.close();

  const soon = await aCentre({ folder, clock: new ManualClock(T + DAY) });
  const told = await toldToNode(soon);
  expect(of(told)).toEqual(ended);
  expect(told.get('box:box-gone'), 'revoked').toBe(T + DAY);
  await soon.close();

  const late = await aCentre({ folder, clock: new ManualClock(T + 8 * DAY) });
  expect(of(await toldToNode(late))).toEqual([undefined, undefined, undefined]);
});

it('a box that was revoked and reinstated while a node was away does not watch on', async () => {
  const clock = new ManualClock(T);
  const centre = await aCentre({ clock });
  const admin = await centre.operator('guanli');
  await admin.json('POST', adminPaths.revokeBox('box-0001'));
  const at = clock.now();
  clock.passes(1000);
  await admin.json('POST', adminPaths.reinstateBox('box-0001'));
  expect((await toldToNode(centre)).get('box:box-0001')).toBe(at);
});

it('the first secret of a box ends nothing, and nothing is said of it; the next one does', async () => {
  const clock = new ManualClock(T);
  const centre = await aCentre({ clock, config: { http: { tvAppDir: aFolder() } } });
  const admin = await centre.operator('guanli');
  const enrols = (boxId: string, more: object = {}) =>
    admin.json('POST', adminPaths.boxes, { boxes: [{ ...household, boxId, area: VILLAGE, ...more }] });
  const activates = async (boxId: string) => {
    const { code } = await admin.json('POST', adminPaths.activation(boxId));
    expect(await new PageBox(centre.addresses.httpUrl).activates(code)).toBe(200);
  };
  const of = (told: Map<string, number>) => ['box-enrolled', 'box-activated'].map((boxId) => told.get(`box:${boxId}`));
  await enrols('box-enrolled');
  await enrols('box-enrolled', { secret: SECRET });
  await enrols('box-activated');
  await activates('box-activated');
  expect(of(await toldToNode(centre))).toEqual([undefined, undefined]);
  clock.passes(1000);
  await enrols('box-enrolled', { secret: SECRET.toUpperCase() });
  await activates('box-activated');
  expect(of(await toldToNode(centre))).toEqual([clock.now(), clock.now()]);
});

it.each([
  ['lets no view go on whose grant was made before', 60_000, 60_000],
  ['and was ahead by more than any node’s dates no revocation by that', DAY, 600_000],
])('a clock that is set back %s', async (_what, byMs, aheadMs) => {
  const clock = new ManualClock(T);
  const folder = aFolder();
  const centre = await aCentre({ folder, clock });
  const { client } = await aNode(centre);
  const admin = await centre.operator('guanli');
  await (await centre.operator()).json('POST', apiPaths.grants, { cameraId: 'gate', why: { reason: 'round' } });
  clock.passes(-byMs);
  await admin.json('POST', adminPaths.revokeBox('box-0001'));
  const { event } = await client.hears('/down/revoke', (e) => e.data.viewer === 'box:box-0001');
  const endedAt = clock.now() + aheadMs;
  expect(Date.parse(event.time)).toBe(endedAt);
  await client.leaves();
  await admin.json('POST', adminPaths.reinstateBox('box-0001'));
  await centre.close();
  const again = await aCentre({ folder, clock: new ManualClock(T) });
  expect((await toldToNode(again)).get('box:box-0001')).toBe(endedAt);
});
