import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mediaPaths } from '@shouwang/protocol';
import { describe, expect, test, vi } from 'vitest';
import { pictures } from './testing/h264-video.ts';
import { RtspPeer } from './testing/rtsp-peer.ts';
import { PAGE, runningNode } from './testing/running-node.ts';

const n = runningNode();
const { start, session, get, code } = n;

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
    expect(await code(post('null'))).toBe('401 GRANT_INVALID');
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
  const before = readFileSync(join(n.dir, 'views.jsonl'), 'utf8');
  expect(before).not.toContain('ended');
  // Another process on the same data, as after kill -9.
  const crashed = n.app;
  await start();
  expect(readFileSync(join(n.dir, 'views.jsonl'), 'utf8')).toMatch(/"phase":"ended".*"why":"stopped"/);
  await crashed.close();
});

test('nobody watching any more, the camera is told goodbye after the linger', async () => {
  await n.app.close();
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
