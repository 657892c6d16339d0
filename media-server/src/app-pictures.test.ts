import { CodedError, mediaPaths } from '@shouwang/protocol';
import { describe, expect, test } from 'vitest';
import { PAGE, runningNode } from './testing/running-node.ts';

const n = runningNode();
const { session, get, code, plays, variantOf, started, sources } = n;

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
    const base = new URL('.', n.url + variant).pathname;
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
