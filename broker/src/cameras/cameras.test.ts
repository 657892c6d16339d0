/** Media nodes, cameras, grants, views: over real sockets. */
import { apiPaths, Cameras, type ConsoleCamera, GrantClaims, Grants, MediaRevoke, topics } from '@shouwang/protocol';
import { Value } from '@sinclair/typebox/value';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { uuid7 } from '../ids.ts';
import { aCentre, type TestCentre, VILLAGE } from '../testing/centre.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { anAlarm } from '../testing/messages.ts';
import type { TestOperator } from '../testing/operator.ts';
import { until } from '../testing/until.ts';
import { distanceM } from './catalogue.ts';

const MEDIA_URL = 'http://127.0.0.1:8810';
const event = (type: string, data: object) => ({ ...anAlarm('x'), type, data });
const camera = (id: string, lat: number, householdsOf = [VILLAGE]) => ({
  id,
  name: id,
  place: '平安村',
  area: VILLAGE,
  position: { lat, lon: 105.471 },
  householdsOf,
});
const CAMERAS = [
  camera('far', 25.2),
  { ...camera('gate', 25.1011), group: 'road' },
  camera('hidden', 25.101, []),
  camera('county', 25.11, ['522328']),
  { ...camera('nowhere', 0), position: undefined },
];

/** A node that said hello with its cameras. */
async function withNode(centre: TestCentre, node = 'media-01', cameras: object[] = CAMERAS, epoch = uuid7(Date.now())) {
  const client = await centre.connects(`media:${node}`);
  await client.subscribes(topics.mediaDownAny(node));
  await client.publishes(topics.mediaUp(node, 'hello'), event('cn.shouwang.media.hello.v1', { epoch, publicUrl: MEDIA_URL }));
  await client.publishes(topics.mediaUp(node, 'cameras'), event('cn.shouwang.media.cameras.v1', { cameras }));
  const view = (phase: 'started' | 'ended', viewId: string, grantId: string, more: object = {}) =>
    client.publishes(
      topics.mediaUp(node, 'view'),
      event('cn.shouwang.media.view.v1', { epoch, viewId, phase, grantId, cameraId: 'gate', at: 1000, ...more }),
    );
  return { client, epoch, view };
}
const ledger = async (operator: TestOperator, kind: string) =>
  (await operator.json('GET', `${apiPaths.ledger}?limit=1000`)).rows
    .filter((r: { kind: string }) => r.kind === kind)
    .map((r: { event: string }) => JSON.parse(r.event).data);

it('how cameras are is told to operators and households as their node says it, and not as it said before it went', async () => {
  const centre = await aCentre();
  const { client } = await withNode(centre);
  const says = (data: object) => client.publishes(topics.mediaUp('media-01', 'faults'), event('cn.shouwang.media.faults.v1', data));
  const since = 1_790_000_000_000;
  const faults = [
    { cameraId: 'gate', fault: 'black', since },
    { cameraId: 'gate', fault: 'refused', since, detail: 'wrong password' },
    { fault: 'disk-full', since },
  ];
  await says({ faults, live: ['county'] });
  const operator = await centre.operator();
  const seen = async () =>
    Object.fromEntries(
      ((await operator.json('GET', apiPaths.cameras)).cameras as ConsoleCamera[]).map(({ id, live, fault }) => [id, { live, fault }]),
    );
  await until('it is heard', async () => (await seen()).county?.live);
  expect(await seen()).toMatchObject({
    gate: { live: undefined, fault: { fault: 'refused', since, detail: 'wrong password' } },
    county: { live: true, fault: undefined },
    far: { live: undefined, fault: undefined },
  });
  const box = await centre.box();
  await box.publishes(topics.boxUp('box-0001', 'view'), event('cn.shouwang.box.view.v1', { ask: 'cameras' }));
  const answer = await box.hears('/down/cameras');
  expect([...Value.Errors(Cameras, answer.event)]).toEqual([]);
  expect(answer.event.data.cameras.find((c: { id: string }) => c.id === 'gate')).toMatchObject({ fault: 'refused' });
  await says({ faults: [], live: ['gate'] });
  await until('it is over', async () => (await seen()).gate?.live);
  expect((await seen()).gate?.fault).toBeUndefined();
  await client.leaves();
  await until('the node is away', async () => !(await seen()).gate?.live);
});

describe('a node', () => {
  const list = async (operator: TestOperator): Promise<{ id: string; name: string }[]> =>
    (await operator.json('GET', apiPaths.cameras)).cameras;

  it('may have 5,000 cameras with long names, and changes them as it likes', async () => {
    const centre = await aCentre();
    const many = Array.from({ length: 5000 }, (_, i) => ({ ...camera(`cam-${i}`, 25.1), name: '村'.repeat(40), place: '路'.repeat(80) }));
    const { client } = await withNode(centre, 'media-01', many);
    const operator = await centre.operator();
    await until('all are there', async () => (await list(operator)).length === 5000);
    const fewer = [{ ...many[0]!, name: '大门口' }, ...many.slice(1, 10), camera('new', 25.1)];
    await client.publishes(topics.mediaUp('media-01', 'cameras'), event('cn.shouwang.media.cameras.v1', { cameras: fewer }));
    await until('the rest is gone', async () => (await list(operator)).length === 11);
    expect((await list(operator)).find((c) => c.id === 'cam-0')?.name).toBe('大门口');
  });
});

describe('a household', () => {
  it('knows of the cameras granted to its area only, nearest first', async () => {
    const centre = await aCentre();
    await withNode(centre);
    const box = await centre.box();
    const ask = event('cn.shouwang.box.view.v1', { ask: 'cameras' });
    await box.publishes(topics.boxUp('box-0001', 'view'), ask);
    const answer = await box.hears('/down/cameras');
    expect([...Value.Errors(Cameras, answer.event)]).toEqual([]);
    expect(answer.event.data).toMatchObject({ requestId: ask.id, boxId: 'box-0001' });
    expect(answer.event.data.cameras.map((c: { id: string }) => c.id)).toEqual(['gate', 'county', 'far', 'nowhere']);
    expect(answer.event.data.cameras[0]).toEqual({ id: 'gate', name: 'gate', place: '平安村', distanceM: 11, group: 'road', online: true });
  });

  it('gets signed grants for those, and one and the same refusal for hidden cameras and none', async () => {
    const centre = await aCentre();
    await withNode(centre);
    const [box, operator] = await Promise.all([centre.box(), centre.operator()]);
    const ask = event('cn.shouwang.box.view.v1', { ask: 'grants', cameraIds: ['gate', 'hidden', 'none', 'gate'], reason: 'wall' });
    await box.publishes(topics.boxUp('box-0001', 'view'), ask);
    const answer = (await box.hears('/down/grant')).event;
    expect([...Value.Errors(Grants, answer)]).toEqual([]);
    expect(answer.data.refused).toEqual([
      { cameraId: 'hidden', code: 'CAMERA_NOT_GRANTED' },
      { cameraId: 'none', code: 'CAMERA_NOT_GRANTED' },
    ]);
    const [grant] = answer.data.grants;
    expect(answer.data.grants).toHaveLength(1);
    expect(grant).toMatchObject({ cameraId: 'gate', mediaUrl: MEDIA_URL });
    const keys = createLocalJWKSet(await operator.json('GET', apiPaths.jwks));
    const { payload, protectedHeader } = await jwtVerify(grant.token, keys, { issuer: 'shouwang-centre', audience: 'shouwang-media' });
    expect(protectedHeader.alg).toBe('EdDSA');
    expect([...Value.Errors(GrantClaims, payload)]).toEqual([]);
    expect(payload).toMatchObject({ sub: 'box:box-0001', cam: 'gate', why: 'wall' });
    expect(payload.exp! - payload.iat!).toBe(60);
    expect(grant.expiresAt).toBe(payload.exp! * 1000);
    expect(await ledger(operator, 'grant.issued')).toMatchObject([{ camera: 'gate', why: 'wall', viewer: expect.stringMatching(/^box-/) }]);
  });

  it('is told when the node is away', async () => {
    const centre = await aCentre();
    const { client } = await withNode(centre);
    const [box, operator] = await Promise.all([centre.box(), centre.operator()]);
    await client.leaves();
    await until('the camera is offline', async () =>
      (await operator.json('GET', apiPaths.cameras)).cameras.every((c: { online: boolean }) => !c.online),
    );
    await box.publishes(
      topics.boxUp('box-0001', 'view'),
      event('cn.shouwang.box.view.v1', { ask: 'grants', cameraIds: ['gate'], reason: 'watch' }),
    );
    expect((await box.hears('/down/grant')).event.data).toMatchObject({
      grants: [],
      refused: [{ cameraId: 'gate', code: 'CAMERA_OFFLINE' }],
    });
  });
});

describe('an operator', () => {
  it('gets no grant for a case that was closed more than a day ago', async () => {
    const clock = new ManualClock();
    const centre = await aCentre({ clock });
    await withNode(centre);
    const [operator, box] = await Promise.all([centre.operator(), centre.box()]);
    await box.publishes(topics.boxUp('box-0001', 'alarm'), anAlarm('box-0001'));
    const { caseNo } = (await operator.json('GET', apiPaths.cases)).cases[0];
    for (const command of [{ command: 'sign' }, { command: 'close', result: '已处理' }])
      await operator.json('POST', apiPaths.commands(caseNo), command);
    const asks = async () => (await centre.operator()).json('POST', apiPaths.grants, { cameraId: 'gate', why: { caseNo } });
    clock.passes(23 * 3_600_000);
    expect(await asks()).toMatchObject({ cameraId: 'gate' });
    clock.passes(2 * 3_600_000);
    await expect(asks()).rejects.toThrow('CASE_STATE');
  });

  it('gets a grant for any camera with a case or a reason, and sees the camera of the caller’s screen first', async () => {
    const centre = await aCentre();
    await withNode(centre);
    const [operator, box] = await Promise.all([centre.operator(), centre.box()]);
    await box.publishes(topics.boxUp('box-0001', 'alarm'), anAlarm('box-0001', { onScreen: { cameraId: 'far', pictureAt: 1 } }));
    const { caseNo } = (await operator.json('GET', apiPaths.cases)).cases[0];
    const detail = await operator.json('GET', apiPaths.case(caseNo));
    expect(detail.cameras.map((c: { id: string }) => c.id)).toEqual(['far', 'hidden', 'gate', 'county', 'nowhere']);
    expect(detail.cameras[0]).not.toHaveProperty('node');
    const ask = (cameraId: string, why: object) => operator.json('POST', apiPaths.grants, { cameraId, why });
    expect(await ask('hidden', { caseNo })).toMatchObject({ cameraId: 'hidden', mediaUrl: MEDIA_URL });
    expect(await ask('gate', { reason: 'round' })).toMatchObject({ cameraId: 'gate' });
    await expect(ask('none', { reason: 'round' })).rejects.toThrow('CAMERA_UNKNOWN');
    await expect(ask('gate', { caseNo: '20260101-9999' })).rejects.toThrow('CASE_UNKNOWN');
    await expect(ask('gate', { reason: 'curiosity' })).rejects.toThrow('BAD_PAYLOAD');
    expect((await ledger(operator, 'grant.issued')).map((g: { why: string }) => g.why)).toEqual([`case:${caseNo}`, 'round']);
  });

  it('who logs out everywhere, or whose log-in runs out, has running views ended', async () => {
    const clock = new ManualClock();
    const centre = await aCentre({ clock });
    const { client } = await withNode(centre);
    const isOperator = (e: { data: { viewer: string } }) => e.data.viewer === 'operator:zhiban';
    // A node that comes is told who is not logged in.
    await client.hears('/down/revoke', isOperator);
    client.heard.length = 0;
    const [here, there] = await Promise.all([centre.operator(), centre.operator()]);
    await here.asks('POST', apiPaths.logout);
    expect(client.heard.filter((h) => isOperator(h.event))).toEqual([]);
    await there.asks('POST', apiPaths.logout);
    const revoke = await client.hears('/down/revoke', isOperator);
    expect([...Value.Errors(MediaRevoke, revoke.event)]).toEqual([]);

    client.heard.length = 0;
    await centre.operator();
    clock.passes(12 * 3_600_000);
    await until('the log-in ran out', () => {
      clock.passes(60_000);
      return client.heard.some((h) => isOperator(h.event));
    });
  });

  it('a node that comes back is told which boxes were revoked', async () => {
    const centre = await aCentre();
    const { client } = await withNode(centre);
    await client.hears('/down/revoke', (e) => e.data.viewer === 'box:box-gone');
  });

  it('the console’s policy lets it reach a node that said hello, also after a restart', async () => {
    const centre = await aCentre();
    await withNode(centre);
    const page = await (await centre.operator()).asks('GET', '/console/x.js');
    expect(page.headers.get('content-security-policy')).toContain(MEDIA_URL);
  });
});

describe('views', () => {
  it('start and end are in the ledger once, with a pseudonym, however often they are said', async () => {
    const centre = await aCentre();
    const { view } = await withNode(centre);
    const operator = await centre.operator();
    const { token } = await operator.json('POST', apiPaths.grants, { cameraId: 'gate', why: { reason: 'round' } });
    const { jti } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
    const viewId = uuid7(Date.now());
    for (let i = 0; i < 2; i++) await view('started', viewId, jti);
    for (let i = 0; i < 2; i++) await view('ended', viewId, jti, { at: 5000, why: 'expired' });
    const [started, ended] = await Promise.all([ledger(operator, 'view.started'), ledger(operator, 'view.ended')]);
    expect(started).toMatchObject([
      { camera: 'gate', grant: jti, startedAt: 1000, why: 'round', viewer: expect.stringMatching(/^operator-/) },
    ]);
    expect(ended).toMatchObject([{ endedAt: 5000, ended: 'expired', viewer: started[0].viewer }]);
  });

  it('a node that starts anew has ended its earlier views', async () => {
    const centre = await aCentre();
    const first = await withNode(centre);
    const operator = await centre.operator();
    const viewId = uuid7(Date.now());
    await first.view('started', viewId, uuid7(Date.now()));
    // The same life connects again: its view goes on.
    await withNode(centre, 'media-01', CAMERAS, first.epoch);
    expect(await ledger(operator, 'view.ended')).toEqual([]);
    await withNode(centre);
    expect(await ledger(operator, 'view.ended')).toMatchObject([{ camera: 'gate', why: 'stopped', exact: false }]);
  });
});

describe('catalogues', () => {
  it('a camera that its node no longer has is withdrawn; an id of another node is refused and recorded', async () => {
    const centre = await aCentre();
    await withNode(centre);
    await withNode(centre, 'media-02', [camera('gate', 1), camera('own', 25.3)]);
    await withNode(centre, 'media-01', [camera('gate', 25.1011)]);
    const operator = await centre.operator();
    const { cameras } = await operator.json('GET', apiPaths.cameras);
    expect(cameras.map((c: { id: string }) => c.id).sort()).toEqual(['gate', 'own']);
    expect(cameras.find((c: { id: string }) => c.id === 'gate').position.lat).toBe(25.1011);
    const { deadLetters } = await operator.json('GET', apiPaths.deadLetters);
    expect(deadLetters[0]).toMatchObject({ client: 'media:media-02', code: 'BAD_PAYLOAD', reason: expect.stringContaining('gate') });
  });
});

it('distances are metres as the crow flies', () => {
  const paris = { lat: 48.8566, lon: 2.3522 };
  const london = { lat: 51.5074, lon: -0.1278 };
  expect(distanceM(paris, london)! / 1000).toBeCloseTo(343.6, 0);
  expect(distanceM(paris, undefined)).toBeUndefined();
});
