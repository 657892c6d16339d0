import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodedError, type ErrorBody, mediaPaths, type ViewerSession } from '@shouwang/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type App, createApp } from './app.ts';
import { loadConfig } from './config.ts';
import { silentLog } from './lib/log.ts';
import { TestCentre } from './testing/centre.ts';
import { FakeSource } from './testing/fake-source.ts';
import { pictures, track } from './testing/h264-video.ts';
import { RtspPeer } from './testing/rtsp-peer.ts';

const PAGE = 'http://127.0.0.1:8820';
const GOP = `I${'P'.repeat(49)}`;

let dir: string;
let centre: TestCentre;
let keys: Server;
let app: App;
let url: string;
let sources: Map<string, FakeSource>;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'shouwang-media-'));
  centre = await TestCentre.make();
  keys = createServer((_request, answer) => answer.end(JSON.stringify(centre.jwks)));
  await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
  sources = new Map();
  await start();
});

afterEach(async () => {
  await app.close();
  await new Promise((resolve) => keys.close(resolve));
  rmSync(dir, { recursive: true, force: true });
});

/** `rtsp`: cameras that are really pulled; else they are in the test's hand. */
async function start({ rtsp, lingerS = 0 }: { rtsp?: string; lingerS?: number } = {}): Promise<void> {
  const camera = (id: string) => ({
    id,
    name: id,
    place: 'p',
    area: '522328101201',
    householdsOf: [],
    url: rtsp ?? `rtsp://127.0.0.1/${id}`,
  });
  const config = loadConfig({
    name: 'test',
    readText: () => '',
    text: JSON.stringify({
      cameras: [camera('gate'), camera('lane')],
      dataDir: dir,
      http: { port: 0 },
      webrtc: { port: 0, maxMbit: 0 },
      hub: { lingerS },
      centre: { jwksUrl: `http://127.0.0.1:${(keys.address() as AddressInfo).port}/jwks.json` },
    }),
  });
  const makeSource = ({ id }: { id: string }) => {
    const source = new FakeSource();
    sources.set(id, source);
    return source;
  };
  app = createApp(config, { log: silentLog, ...(rtsp ? {} : { makeSource }) });
  url = (await app.start()).http;
}

async function exchange(grant: unknown): Promise<Response> {
  return fetch(url + mediaPaths.sessions, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ grant }),
  });
}

async function session(cam = 'gate'): Promise<string> {
  return ((await (await exchange(await centre.grant({ cam }))).json()) as ViewerSession).session;
}

function get(path: string, secret?: string, init: RequestInit = {}): Promise<Response> {
  return fetch(url + path, { ...init, headers: { ...(secret ? { authorization: `Bearer ${secret}` } : {}), ...init.headers } });
}

async function code(answer: Response | Promise<Response>): Promise<string> {
  const a = await answer;
  return `${a.status} ${((await a.json()) as ErrorBody).code}`;
}

function plays(id: string, pattern = `${GOP}${GOP}IP`): void {
  sources.get(id)!.answers(track());
  sources.get(id)!.sends(...pictures(pattern));
}

/** The path of the first variant of a multivariant playlist. */
async function variantOf(answer: Response): Promise<string> {
  const uri = (await answer.text()).split('\n').find((line) => line !== '' && !line.startsWith('#'));
  return new URL(uri ?? '', answer.url).pathname;
}

const started = (id: string) => vi.waitFor(() => expect(sources.get(id)!.running).toBe(true));

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
    const used = await centre.grant();
    expect((await exchange(used)).status).toBe(201);
    expect(await code(exchange(used))).toBe('401 GRANT_USED');
    expect(await code(exchange(await centre.grant({ now: Date.now() - 120_000 })))).toBe('401 GRANT_EXPIRED');
    expect(await code(exchange(await (await TestCentre.make('k1')).grant()))).toBe('401 GRANT_INVALID');
    expect(await code(exchange(await centre.grant({ cam: 'nowhere' })))).toBe('404 CAMERA_UNKNOWN');
    expect(await code(exchange('x'.repeat(5000)))).toBe('401 GRANT_INVALID');
    expect(await code(exchange(42))).toBe('400 BAD_PAYLOAD');
  });
});

describe('a session', () => {
  test('is renewed and ended over HTTP', async () => {
    const answer = await exchange(await centre.grant());
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
    const text = readFileSync(join(dir, 'views.jsonl'), 'utf8');
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

describe('pictures', () => {
  test('a still has its time', async () => {
    const opening = get(mediaPaths.still('gate'), await session());
    await started('gate');
    plays('gate', 'I');
    const answer = await opening;
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('image/jpeg');
    expect(Number(answer.headers.get('x-picture-time'))).toBe(1_790_000_000_000);
    expect(
      Buffer.from(await answer.arrayBuffer())
        .subarray(0, 2)
        .toString('hex'),
    ).toBe('ffd8');
  });

  test('HLS leads to the running epoch, whose files belong together', async () => {
    const secret = await session();
    const opening = get(mediaPaths.hls('gate'), secret);
    await started('gate');
    plays('gate');
    const variant = await variantOf(await opening);
    expect(variant).toMatch(/\/hls\/[0-9a-f-]{36}\/index\.m3u8$/);
    const base = new URL('.', url + variant).pathname;
    const text = await (await get(variant, secret)).text();
    const names = [...text.matchAll(/^seg.*$|URI="(init.*?)"/gm)].map((m) => m[1] ?? m[0]);
    for (const name of names) {
      const file = await get(base + name, secret);
      expect(file.status).toBe(200);
      expect(file.headers.get('content-type')).toMatch(/^video\//);
    }
    expect(await code(get(`${base}seg-99.m4s`, secret))).toBe('404 NOT_FOUND');
    expect(await code(get(`${base}../../still.jpg/..%2f`, secret))).toBe('404 NOT_FOUND');
    expect(await code(get(`${base}index.m3u8?_HLS_msn=x`, secret))).toBe('400 BAD_PAYLOAD');
    expect(await code(get(base.replace(/[0-9a-f]{4}\/$/, '0000/') + names[0], secret))).toBe('404 NOT_FOUND');
  });

  test('a camera that cannot be reached is a 503 with its code, at once', async () => {
    for (const [cam, path] of [
      ['gate', mediaPaths.still('gate')],
      ['lane', mediaPaths.hls('lane')],
    ] as const) {
      const opening = get(path, await session(cam));
      await started(cam);
      sources.get(cam)!.fails(new CodedError('CAMERA_OFFLINE', 'the camera cannot be reached'));
      expect(await code(opening)).toBe('503 CAMERA_OFFLINE');
    }
  });

  test('WHEP is refused while there is no budget for it, and says that HLS is the way', async () => {
    const sdp = { 'content-type': 'application/sdp' };
    const offer = `v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=video 9 UDP/TLS/RTP/SAVPF 108\r\na=recvonly\r\na=rtpmap:108 H264/90000\r\na=fmtp:108 packetization-mode=1\r\na=fingerprint:sha-256 AA\r\na=setup:actpass\r\n`;
    const post = async (body: string, headers: Record<string, string> = sdp) =>
      code(get(mediaPaths.whep('gate'), await session(), { method: 'POST', headers, body }));
    expect(await post(offer)).toBe('503 WHEP_REFUSED');
    expect(await post('nonsense')).toBe('400 BAD_PAYLOAD');
    expect(await post('{}', { 'content-type': 'application/json' })).toBe('415 MEDIA_TYPE');
    expect(await post(offer, { ...sdp, accept: 'text/html' })).toBe('406 NOT_ACCEPTABLE');
    expect(await post('v'.repeat(100_000))).toBe('413 TOO_LARGE');
  });
});

describe('WHEP over HTTP', () => {
  test('says what it takes, to whoever asks; a GET has nothing to give', async () => {
    const options = await get(mediaPaths.whep('gate'), undefined, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('accept-post')]).toEqual([200, 'application/sdp']);
    const resource = await get(`${mediaPaths.whep('gate')}/x`, undefined, { method: 'OPTIONS' });
    expect(resource.headers.get('accept-patch')).toBe('application/trickle-ice-sdpfrag');
    expect((await get(mediaPaths.whep('gate'), await session())).status).toBe(204);
    expect(await code(get(`${mediaPaths.whep('gate')}/x`, await session()))).toBe('404 NOT_FOUND');
    const put = await get(mediaPaths.whep('gate'), await session(), { method: 'PUT' });
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, POST, OPTIONS']);
  });

  test('lets a page read what it needs', async () => {
    const answer = await get(mediaPaths.whep('gate'), undefined, { method: 'POST', headers: { origin: PAGE } });
    const exposed = answer.headers.get('access-control-expose-headers')!.toLowerCase();
    for (const name of ['location', 'etag', 'link', 'retry-after']) expect(exposed).toContain(name);
    const preflight = await get(`${mediaPaths.whep('gate')}/x`, undefined, {
      method: 'OPTIONS',
      headers: { origin: PAGE, 'access-control-request-method': 'PATCH', 'access-control-request-headers': 'if-match' },
    });
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PATCH');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('If-Match');
  });
});

describe('every refusal', () => {
  const refusals = () =>
    readFileSync(join(dir, 'views.jsonl'), 'utf8')
      .split('\n')
      .filter((l) => l.includes('media.refusal'))
      .map((l) => JSON.parse(l).refusal.data as Record<string, unknown>);

  test('is written down with its code, the grant where it is known, and nothing of a secret', async () => {
    const grant = await centre.grant();
    const { session: secret } = (await (await exchange(grant)).json()) as ViewerSession;
    const old = await centre.grant({ now: Date.now() - 120_000 });
    await exchange(grant);
    await exchange(old);
    await exchange(`${grant}x`);
    await get(mediaPaths.still('gate'));
    await get(mediaPaths.still('lane'), secret);
    await get(mediaPaths.hls('gate'), 'made-up');
    await get(mediaPaths.currentSession, secret, { method: 'DELETE' });
    await get(mediaPaths.whep('gate'), secret, { method: 'POST' });
    expect(refusals().map((r) => [r.code, r.what, r.cameraId, r.grantId !== undefined])).toEqual([
      ['GRANT_USED', 'session', 'gate', true],
      ['GRANT_EXPIRED', 'session', 'gate', true],
      ['GRANT_INVALID', 'session', undefined, false],
      ['SESSION_MISSING', 'still', 'gate', false],
      ['CAMERA_NOT_GRANTED', 'still', 'lane', true],
      ['SESSION_INVALID', 'hls', 'gate', false],
      ['SESSION_INVALID', 'whep', 'gate', true],
    ]);
    const text = readFileSync(join(dir, 'views.jsonl'), 'utf8');
    for (const token of [secret, grant, old]) expect(text).not.toContain(token.split('.').at(-1));
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
  expect(readFileSync(join(dir, 'views.jsonl'), 'utf8')).toContain(`"why":"closed","bytes":${length}}`);
});

test('a picture that stands is explained: the camera, or the viewer’s own path', async () => {
  const secret = await session();
  const state = async () => (await get(mediaPaths.state('gate'), secret)).json();
  expect(await state()).toEqual({ phase: 'idle', webrtcPaths: 0 });
  const opening = get(mediaPaths.still('gate'), secret);
  await started('gate');
  sources.get('gate')!.fails(new CodedError('CAMERA_OFFLINE'));
  await opening;
  expect(await state()).toMatchObject({ phase: 'idle' });
});

describe('other pages', () => {
  test('that are configured may use it from a browser', async () => {
    const preflight = await get(mediaPaths.still('gate'), undefined, {
      method: 'OPTIONS',
      headers: { origin: PAGE, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(PAGE);
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/authorization/i);
    const refused = await get(mediaPaths.still('gate'), undefined, { headers: { origin: PAGE } });
    expect(refused.headers.get('access-control-allow-origin')).toBe(PAGE);
    expect(refused.headers.get('access-control-expose-headers')).toMatch(/x-picture-time.*location/i);
  });

  test('that are not configured may not', async () => {
    const answer = await get(mediaPaths.still('gate'), undefined, { headers: { origin: 'http://evil.example' } });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('broken requests', () => {
  test('get coded errors', async () => {
    expect(await code(get('/nothing'))).toBe('404 NOT_FOUND');
    const post = (body: string) =>
      get(mediaPaths.sessions, undefined, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(await code(post('{'))).toBe('400 BAD_JSON');
    expect(await code(post('null'))).toBe('400 BAD_PAYLOAD');
    expect(await code(post(`{"grant":"${'x'.repeat(100_000)}"}`))).toBe('413 TOO_LARGE');
    expect(
      await code(get(mediaPaths.sessions, undefined, { method: 'POST', body: '<xml/>', headers: { 'content-type': 'text/xml' } })),
    ).toBe('415 MEDIA_TYPE');
  });
});

test('health says what runs, and neither addresses nor secrets', async () => {
  await session();
  const health = (await (await get(mediaPaths.health)).json()) as Record<string, unknown>;
  expect(health).toMatchObject({
    pulled: 0,
    viewers: { sessions: 1, hls: 0, webrtc: 0 },
    worker: expect.stringContaining('maxMbit'),
    centre: { connected: false, unreportedViews: 1 },
  });
  expect(JSON.stringify(health)).not.toContain('rtsp://');
});

test('a view that a crash left open is ended at the next start', async () => {
  await session();
  const before = readFileSync(join(dir, 'views.jsonl'), 'utf8');
  expect(before).not.toContain('ended');
  // Another process on the same data, as after kill -9.
  const crashed = app;
  await start();
  expect(readFileSync(join(dir, 'views.jsonl'), 'utf8')).toMatch(/"phase":"ended".*"why":"stopped"/);
  await crashed.close();
});

test('nobody watching any more, the camera is told goodbye after the linger', async () => {
  await app.close();
  const peer = await new RtspPeer().listen();
  await start({ rtsp: peer.url(), lingerS: 0.05 });
  const secret = await session();
  const opening = get(mediaPaths.still('gate'), secret);
  await vi.waitFor(() => expect(peer.methods).toContain('PLAY'));
  peer.sends(...pictures('I'));
  expect((await opening).status).toBe(200);
  await vi.waitFor(() => expect(peer.methods.at(-1)).toBe('TEARDOWN'));
  await peer.close();
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
  await vi.waitFor(async () => expect((await (await fetch(`${url}/health`)).json()).viewers.hls).toBe(2));
  await get(mediaPaths.currentSession, leaves, { method: 'DELETE' });
  sources.get('gate')!.sends(...pictures(GOP.repeat(4)).slice(102));
  expect(await code(waits)).toBe('401 SESSION_INVALID');
});
