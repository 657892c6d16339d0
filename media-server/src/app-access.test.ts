import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mediaPaths, type ViewerSession } from '@shouwang/protocol';
import { describe, expect, test, vi } from 'vitest';
import { TestCentre } from './testing/centre.ts';
import { pictures } from './testing/h264-video.ts';
import { GOP, runningNode } from './testing/running-node.ts';

const n = runningNode();
const { exchange, session, get, code, plays, variantOf, started, sources } = n;

describe('no grant, no picture', () => {
  test.each([
    ['a still', 'GET', mediaPaths.still('gate')],
    ['HLS', 'GET', mediaPaths.hls('gate')],
    ['a playlist', 'GET', '/v1/cameras/gate/hls/e/index.m3u8'],
    ['a segment', 'GET', '/v1/cameras/gate/hls/e/seg-0.m4s'],
    ['a part', 'GET', '/v1/cameras/gate/hls/e/part-0.0.m4s'],
    ['WHEP', 'POST', mediaPaths.whep('gate')],
    ['ending WHEP', 'DELETE', `${mediaPaths.whep('gate')}/x`],
    ['renewing', 'POST', mediaPaths.renew],
    ['ending', 'DELETE', mediaPaths.currentSession],
  ])('%s is refused without a session, with a wrong one, and with another camera’s', async (what, method, path) => {
    const request = (secret?: string) => get(path, secret, { method });
    expect(await code(request())).toBe('401 SESSION_MISSING');
    expect(await code(request('made-up'))).toBe('401 SESSION_INVALID');
    if (what !== 'renewing' && what !== 'ending') expect(await code(request(await session('lane')))).toBe('403 CAMERA_NOT_GRANTED');
    expect([...sources.values()].every((s) => s.starts === 0)).toBe(true);
  });

  test('a grant that expired, was used, was forged, is for an unknown camera, or is none, opens nothing', async () => {
    const used = await n.centre.grant();
    expect((await exchange(used)).status).toBe(201);
    expect(await code(exchange(used))).toBe('401 GRANT_USED');
    expect(await code(exchange(await n.centre.grant({ now: Date.now() - 120_000 })))).toBe('401 GRANT_EXPIRED');
    expect(await code(exchange(await (await TestCentre.make('k1')).grant()))).toBe('401 GRANT_INVALID');
    expect(await code(exchange(await n.centre.grant({ cam: 'nowhere' })))).toBe('404 CAMERA_UNKNOWN');
    expect(await code(exchange('x'.repeat(5000)))).toBe('401 GRANT_INVALID');
    expect(await code(exchange(42))).toBe('401 GRANT_INVALID');
    expect(await code(get(mediaPaths.sessions, undefined, { method: 'POST' }))).toBe('401 GRANT_INVALID');
  });
});

describe('a session', () => {
  test('is renewed and ended over HTTP', async () => {
    const answer = await exchange(await n.centre.grant());
    const { session: secret, ...rest } = (await answer.json()) as ViewerSession;
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(rest).toEqual({ cameraId: 'gate', viewer: 'b1', expiresAt: expect.any(Number), renewEveryS: 20 });
    const renewed = (await (await get(mediaPaths.renew, secret, { method: 'POST' })).json()) as { expiresAt: number };
    expect(renewed.expiresAt).toBeGreaterThanOrEqual(rest.expiresAt);
    expect((await get(mediaPaths.currentSession, secret, { method: 'DELETE' })).status).toBe(204);
    expect(await code(get(mediaPaths.renew, secret, { method: 'POST' }))).toBe('401 SESSION_INVALID');
  });

  test('is written down when it starts and ends, without its secret', async () => {
    const secret = await session();
    await get(mediaPaths.currentSession, secret, { method: 'DELETE' });
    const text = readFileSync(join(n.dir, 'views.jsonl'), 'utf8');
    expect(
      text
        .trim()
        .split('\n')
        .map((l) => JSON.parse(l).view.data.phase),
    ).toEqual(['started', 'ended']);
    expect(text).not.toContain(secret);
  });

  test('that ends takes its HLS with it, and the camera is let go', async () => {
    const secret = await session();
    const opening = get(mediaPaths.hls('gate'), secret);
    await started('gate');
    plays('gate');
    expect((await opening).status).toBe(200);
    await get(mediaPaths.currentSession, secret, { method: 'DELETE' });
    await vi.waitFor(() => expect(sources.get('gate')!.running).toBe(false));
  });
});

describe('every refusal', () => {
  const refusals = () =>
    readFileSync(join(n.dir, 'views.jsonl'), 'utf8')
      .split('\n')
      .filter((l) => l.includes('media.refusal'))
      .map((l) => JSON.parse(l).refusal.data as Record<string, unknown>);

  test('is written down with its code, the grant where it is known, and nothing of a secret', async () => {
    const grant = await n.centre.grant();
    const { session: secret } = (await (await exchange(grant)).json()) as ViewerSession;
    const old = await n.centre.grant({ now: Date.now() - 120_000 });
    await exchange(grant);
    await exchange(old);
    await exchange(`${grant}x`);
    await exchange(await n.centre.grant({ now: Date.now() + 60_000 }));
    await get(mediaPaths.still('gate'));
    await get(mediaPaths.still('lane'), secret);
    await get(mediaPaths.hls('gate'), 'made-up');
    await get(mediaPaths.currentSession, secret, { method: 'DELETE' });
    await get(mediaPaths.whep('gate'), secret, { method: 'POST' });
    expect(refusals().map((r) => [r.code, r.what, r.cameraId, r.grantId !== undefined])).toEqual([
      ['GRANT_USED', 'session', 'gate', true],
      ['GRANT_EXPIRED', 'session', 'gate', true],
      ['GRANT_INVALID', 'session', undefined, false],
      ['GRANT_INVALID', 'session', 'gate', true],
      ['SESSION_MISSING', 'still', 'gate', false],
      ['CAMERA_NOT_GRANTED', 'still', 'lane', true],
      ['SESSION_INVALID', 'hls', 'gate', false],
      ['SESSION_INVALID', 'whep', 'gate', true],
    ]);
    expect(refusals()[3]!.detail).toContain('not valid yet');
    const text = readFileSync(join(n.dir, 'views.jsonl'), 'utf8');
    for (const token of [secret, grant, old]) expect(text).not.toContain(token.split('.').at(-1));
  });

  test('is written down also where no grant at all was shown', async () => {
    await exchange(undefined);
    await get(mediaPaths.sessions, undefined, { method: 'POST' });
    await get(mediaPaths.renew, undefined, { method: 'POST' });
    expect(refusals().map((r) => [r.code, r.what])).toEqual([
      ['GRANT_INVALID', 'session'],
      ['SESSION_MISSING', 'other'],
    ]);
  });

  test('of a camera that is none does not put the made-up name on record', async () => {
    await get('/v1/cameras/%E7%8E%8B/still.jpg');
    expect(refusals()).toMatchObject([{ code: 'SESSION_MISSING' }]);
    expect(refusals()[0]).not.toHaveProperty('cameraId');
  });
});

test('a view’s end says how many bytes it was given', async () => {
  const secret = await session();
  const opening = get(mediaPaths.still('gate'), secret);
  await started('gate');
  plays('gate', 'I');
  const { length } = Buffer.from(await (await opening).arrayBuffer());
  await get(mediaPaths.currentSession, secret, { method: 'DELETE' });
  expect(readFileSync(join(n.dir, 'views.jsonl'), 'utf8')).toContain(`"why":"closed","bytes":${length}}`);
});

test('what a view is only told of is none of its bytes', async () => {
  const secret = await session();
  const opening = get(mediaPaths.still('gate'), secret, { method: 'HEAD' });
  await started('gate');
  plays('gate', 'I');
  const answer = await opening;
  expect([answer.status, Number(answer.headers.get('content-length')) > 0]).toEqual([200, true]);
  await get(mediaPaths.currentSession, secret, { method: 'DELETE' });
  expect(readFileSync(join(n.dir, 'views.jsonl'), 'utf8')).toContain('"why":"closed","bytes":0}');
});

test('a session that ends while its still is being made gets none', async () => {
  const secret = await session();
  const still = get(mediaPaths.still('gate'), secret);
  await started('gate');
  expect((await get(mediaPaths.currentSession, secret, { method: 'DELETE' })).status).toBe(204);
  plays('gate', 'I');
  expect(await code(still)).toBe('401 SESSION_INVALID');
});

test('a session that ends while its playlist waits gets none, although others go on watching', async () => {
  const [leaves, stays] = [await session(), await session()];
  const first = get(mediaPaths.hls('gate'), stays);
  await started('gate');
  plays('gate');
  const pathname = await variantOf(await first);
  const waits = get(`${pathname}?_HLS_msn=4&_HLS_part=1`, leaves);
  await vi.waitFor(async () => expect((await (await fetch(`${n.url}/health`)).json()).viewers.hls).toBe(2));
  await get(mediaPaths.currentSession, leaves, { method: 'DELETE' });
  sources.get('gate')!.sends(...pictures(GOP.repeat(4)).slice(102));
  expect(await code(waits)).toBe('401 SESSION_INVALID');
});
