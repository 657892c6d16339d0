import { gunzipSync } from 'node:zlib';
import { mediaPaths, type TicketAnswer } from '@shouwang/protocol';
import type { FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Hubs } from '../hub/hubs.ts';
import { silentLog } from '../lib/log.ts';
import { uuid7 } from '../lib/uuid7.ts';
import { Shown } from '../masks/shown.ts';
import { Sessions } from '../sessions/sessions.ts';
import { FakeSource } from '../testing/fake-source.ts';
import { pictures, track } from '../testing/h264-video.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { HlsStreams } from '../viewers/hls/hls-streams.ts';
import { Renditions } from '../viewers/hls/renditions.ts';
import { hlsRoutes } from './hls-routes.ts';
import { makeServer } from './server.ts';
import { sessionRoutes } from './session-routes.ts';

const GOP = `I${'P'.repeat(49)}`;

let clock: ManualClock;
let sources: Record<string, FakeSource>;
let server: FastifyInstance;
let sessions: Sessions;
let secret: string;

beforeEach(async () => {
  clock = new ManualClock();
  sources = {};
  const camera = { id: 'gate', name: 'gate', place: 'p', area: '522328101201', householdsOf: [], url: 'rtsp://h/1', subUrl: 'rtsp://h/2' };
  const makeSource = (_camera: unknown, quality: string) => {
    sources[quality] = new FakeSource();
    return sources[quality];
  };
  const hubs = new Hubs({ cameras: [camera], clock, log: silentLog, lingerMs: 1000, makeSource });
  const renditions = new Renditions(hubs, undefined, new Shown({ hubs, cameras: [], transcodes: undefined }));
  const hls = new HlsStreams({ renditions, clock, partMs: 500, windowS: 16, targetS: 2, makeEpoch: () => uuid7(clock.now()) });
  const claims = { jti: uuid7(clock.now()), cam: 'gate', sub: 'box:b1' } as never;
  sessions = new Sessions({ clock, verify: async () => claims, events: { onStarted: () => {}, onEnded: () => {} } });
  server = makeServer({ log: silentLog, allowedOrigins: [], trustProxy: [], webrtcRetryAfterS: 60 }, [
    sessionRoutes({ sessions, knownCamera: () => {}, mayHave: (session, epoch) => hls.mayHave(session.cameraId, epoch, session) }),
    hlsRoutes({ sessions, hls }),
  ]);
  secret = (await sessions.open('a grant', () => {})).secret;
});

const bearer = () => ({ authorization: `Bearer ${secret}` });
const get = (url: string, headers: Record<string, string> = bearer()) => server.inject({ method: 'GET', url, headers });

/** Both streams play: the small one is half as wide and high. */
async function plays(): Promise<void> {
  await vi.waitFor(() => expect(sources.main?.running && sources.sub?.running).toBe(true));
  const small = { width: 2, height: 2 };
  const large = { width: 4, height: 4 };
  sources.sub!.answers(track(1, small));
  sources.sub!.sends(...pictures(`${GOP}${GOP}I`, { shape: small, track: track(1, small) }));
  sources.main!.answers(track(1, large));
  sources.main!.sends(...pictures(`${GOP}${GOP}I`, { shape: large, track: track(1, large) }));
}

async function multivariant(path: string = mediaPaths.hls('gate'), headers = bearer()): Promise<string[]> {
  const opening = get(path, headers);
  await plays();
  return (await opening).body.trim().split('\n');
}

/** Path of the first variant. */
async function variant(): Promise<string> {
  return mediaPaths.hls('gate').replace('index.m3u8', (await multivariant())[3]!);
}

describe('the multivariant playlist', () => {
  test('has the main stream and the smaller one, each with an epoch of its own, size, codec and bit rates', async () => {
    const lines = await multivariant();
    expect(lines.slice(0, 2)).toEqual(['#EXTM3U', '#EXT-X-VERSION:9']);
    expect(lines.filter((l) => !l.startsWith('#'))).toEqual([expect.stringMatching(/^[0-9a-f-]{36}\/index\.m3u8$/), expect.any(String)]);
    expect(lines[2]).toMatch(
      /^#EXT-X-STREAM-INF:BANDWIDTH=\d+,AVERAGE-BANDWIDTH=\d+,CODECS="avc1\.4d001e",RESOLUTION=64x64,FRAME-RATE=25\.000$/,
    );
    expect(lines[4]).toMatch(/CODECS="avc1\.4d001e",RESOLUTION=32x32,/);
  });

  test('has the one size that is asked for, and then does not pull the other', async () => {
    const opening = get(`${mediaPaths.hls('gate')}?quality=sub`);
    await vi.waitFor(() => expect(sources.sub?.running).toBe(true));
    sources.sub!.answers(track());
    sources.sub!.sends(...pictures(`${GOP}I`));
    const { body } = await opening;
    expect(body.match(/STREAM-INF/g)).toHaveLength(1);
    expect(sources.main?.running ?? false).toBe(false);
  });

  test('has only the main stream where the smaller one does not answer', async () => {
    const opening = get(mediaPaths.hls('gate'));
    await vi.waitFor(() => expect(sources.main?.running && sources.sub?.running).toBe(true));
    sources.main!.answers(track());
    sources.main!.sends(...pictures(`${GOP}I`));
    clock.passes(1000);
    expect((await opening).body.match(/STREAM-INF/g)).toHaveLength(1);
  });

  test('refuses a wish that nobody knows', async () => {
    expect((await get(`${mediaPaths.hls('gate')}?can=vp9`)).statusCode).toBe(400);
  });
});

describe('for caches', () => {
  test('parts, segments and init sections are immutable, playlists are not kept', async () => {
    const playlist = await get(await variant());
    expect(playlist.headers).toMatchObject({ 'cache-control': 'no-store', 'x-accel-expires': '0' });
    const base = playlist.raw.req.url!.replace('index.m3u8', '');
    for (const [name, type] of [
      ['init-0.mp4', 'video/mp4'],
      ['seg-0.m4s', 'video/iso.segment'],
      ['part-1.0.m4s', 'video/iso.segment'],
    ] as const) {
      const answer = await get(base + name);
      expect([name, answer.statusCode]).toEqual([name, 200]);
      expect(answer.headers).toMatchObject({
        'content-type': type,
        'cache-control': 'private, max-age=60, immutable',
        'x-accel-expires': '60',
      });
    }
  });

  test('a playlist that was waited for may be kept by an nginx in front, for six target durations', async () => {
    const answer = await get(`${await variant()}?_HLS_msn=0&_HLS_part=0`);
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'x-accel-expires': '12' });
  });

  test('a playlist is compressed for those who take it', async () => {
    const path = await variant();
    const plain = await get(path, { ...bearer(), 'accept-encoding': 'identity, gzip;q=0' });
    const packed = await get(path, { ...bearer(), 'accept-encoding': 'deflate, gzip;q=0.5' });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Origin, Accept-Encoding' });
    expect(gunzipSync(packed.rawPayload).toString()).toBe(plain.body);
    expect(packed.rawPayload.length).toBeLessThan(plain.body.length / 2);
  });

  test('one in front asks who may have what it holds', async () => {
    const allowed = async (uri: string, headers: Record<string, string> = bearer()) =>
      (await get(mediaPaths.allowed, { ...headers, 'x-original-uri': uri })).statusCode;
    const { hls } = await ticket();
    expect(await allowed('/v1/cameras/gate/hls/e/seg-0.m4s')).toBe(204);
    expect(await allowed(hls, {})).toBe(204);
    expect(await allowed('/v1/cameras/lane/hls/e/seg-0.m4s')).toBe(403);
    expect(await allowed('/v1/cameras/gate/hls/e/seg-0.m4s', {})).toBe(401);
    expect(await allowed('/v1/sessions/current')).toBe(401);
  });
});

describe('delivery directives', () => {
  test.each([
    ['a part without its segment', '_HLS_part=0'],
    ['more than two segments ahead', '_HLS_msn=5&_HLS_part=0'],
    ['more parts ahead than in three seconds', '_HLS_msn=2&_HLS_part=10'],
    ['no number', '_HLS_msn=-1'],
  ])('%s is a mistake', async (_what, query) => {
    const answer = await get(`${await variant()}?${query}`);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'BAD_PAYLOAD']);
  });

  test('a part after the last one of a finished segment is the first of the next', async () => {
    const path = await variant();
    let answered = false;
    const waits = get(`${path}?_HLS_msn=2&_HLS_part=6`).then((answer) => {
      answered = true;
      return answer;
    });
    const shape = { width: 4, height: 4 };
    const all = pictures(GOP.repeat(4), { shape, track: track(1, shape) });
    // The third segment ends with its fifth part; nothing is there of the fourth.
    sources.main!.sends(...all.slice(101, 108));
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    sources.main!.sends(...all.slice(108, 120));
    expect((await waits).body).toContain('part-3.0.m4s');
  });
});

async function ticket(): Promise<TicketAnswer & { cookie: string }> {
  const answer = await server.inject({ method: 'POST', url: mediaPaths.ticket, headers: bearer() });
  expect(answer.statusCode).toBe(201);
  return { ...(answer.json() as TicketAnswer), cookie: String(answer.headers['set-cookie']) };
}

describe('a ticket', () => {
  test('in the path plays all of it without any header; relative addresses keep it', async () => {
    const { hls } = await ticket();
    const lines = await multivariant(hls, {} as never);
    const playlist = hls.replace('index.m3u8', lines[3]!);
    expect((await get(playlist, {})).statusCode).toBe(200);
    expect((await get(playlist.replace('index.m3u8', 'seg-0.m4s'), {})).statusCode).toBe(200);
  });

  test('in a cookie is of this camera’s addresses only, out of reach of scripts and other sites', async () => {
    const { cookie } = await ticket();
    expect(cookie).toMatch(/^shouwang-ticket=[\w-]{32}; Path=\/v1\/cameras\/gate\/; HttpOnly; SameSite=Strict$/);
    const lines = await multivariant(mediaPaths.hls('gate'), { cookie: `other=1; ${cookie.split(';')[0]}` } as never);
    expect(lines[0]).toBe('#EXTM3U');
  });

  test('opens no other camera, renews nothing, ends nothing, makes no further ticket', async () => {
    const { hls } = await ticket();
    const [, own = ''] = /\/t\/([^/]+)\//.exec(hls) ?? [];
    expect((await get(hls.replace('gate', 'lane'), {})).statusCode).toBe(403);
    for (const [method, url] of [
      ['POST', mediaPaths.renew],
      ['POST', mediaPaths.ticket],
      ['DELETE', mediaPaths.currentSession],
    ] as const)
      expect((await server.inject({ method, url, headers: { authorization: `Bearer ${own}` } })).statusCode).toBe(401);
  });

  test('ends with its session, and with the next ticket', async () => {
    const first = await ticket();
    const second = await ticket();
    expect((await get(first.hls, {})).statusCode).toBe(401);
    sessions.end(secret);
    expect((await get(second.hls, {})).statusCode).toBe(401);
  });

  test('is told to nobody but its owner: no cache, no body of an error', async () => {
    const answer = await server.inject({ method: 'POST', url: mediaPaths.ticket, headers: bearer() });
    expect(answer.headers['cache-control']).toBe('no-store');
    const { hls } = answer.json() as TicketAnswer;
    const refused = await get(`${hls.replace('index.m3u8', 'e/seg-0.m4s')}`, {});
    expect([refused.statusCode, refused.body.includes('/t/')]).toEqual([404, false]);
    expect((await get('/nothing', {})).headers['cache-control']).toBe('no-store');
  });
});

describe('classic HLS', () => {
  test('is a playlist of MPEG-TS segments under the epoch', async () => {
    const opening = get(mediaPaths.ts('gate'));
    await vi.waitFor(() => expect(sources.main?.running).toBe(true));
    sources.main!.answers(track());
    sources.main!.sends(...pictures(`${GOP}${GOP}I`));
    const first = await opening;
    // No redirection: some players look for the segments beside the address that they were given.
    expect(first.statusCode).toBe(200);
    const [, uri = ''] = /^#EXT-X-STREAM-INF:BANDWIDTH=\d+,.*\n([0-9a-f-]{36}\/ts\.m3u8)$/m.exec(first.body) ?? [];
    expect(first.body).toContain('#EXT-X-VERSION:3\n');
    const path = mediaPaths.ts('gate').replace('ts.m3u8', uri);
    const { body } = await get(path);
    expect(body).toContain('#EXT-X-VERSION:3\n');
    expect(body).not.toMatch(/EXT-X-(PART|MAP|PRELOAD)/);
    const segment = await get(path.replace('ts.m3u8', 'ts-0.ts'));
    expect(segment.headers['content-type']).toBe('video/mp2t');
    expect(segment.rawPayload[0]).toBe(0x47);
    expect(segment.rawPayload.length % 188).toBe(0);
  });
});
