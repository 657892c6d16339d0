/** Decision 7 from outside: nothing of a camera without a grant for that camera. And cameras and viewers that are not ours. */
import { mediaPaths } from '@shouwang/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Operator } from '../harness/operator.ts';
import { Peer } from '../harness/peer.ts';
import { until } from '../harness/until.ts';
import { Viewer } from '../harness/viewer.ts';
import { startWorld, VILLAGE, type World } from '../harness/world.ts';

let world: World;
let operator: Operator;
let camera: Peer;

beforeAll(async () => {
  camera = new Peer('gst-rtsp-server.py', ['--size', '640x360', '--user', 'admin', '--password', 'geheim', '--gop', '15', '--fps', '15']);
  const { url } = await camera.says('url');
  const authed = String(url).replace('rtsp://', 'rtsp://admin:geheim@');
  const one = (id: string, householdsOf: string[], address = authed) => ({
    id,
    name: id,
    place: '测试',
    area: VILLAGE,
    position: { lat: 25.1012, lon: 105.4713 },
    householdsOf,
    url: address,
  });
  world = await startWorld({
    pictures: true,
    cameras: [one('gst', [VILLAGE]), one('private', []), one('dead', [VILLAGE], 'rtsp://127.0.0.1:9/none')],
  });
  await world.box();
  operator = await world.operator();
  await until('the centre knows the cameras', async () =>
    (await operator.get<{ cameras: { online: boolean }[] }>('/api/v1/cameras')).cameras.some((c) => c.online),
  );
});
afterAll(async () => {
  await world?.ends();
  await camera?.stops();
});

const resources = (id: string): [string, string, string | undefined][] => [
  ['GET', mediaPaths.still(id), undefined],
  ['GET', mediaPaths.hls(id), undefined],
  ['POST', mediaPaths.whep(id), 'v=0\r\n'],
];

it('no grant, no still, no playlist, no part, no WHEP', async () => {
  const viewer = new Viewer(world.mediaUrl);
  for (const [method, path, body] of resources('gst')) {
    const answer = await viewer.asks(method, path, body, 'application/sdp');
    expect([answer.status, answer.code], path).toEqual([401, 'SESSION_MISSING']);
  }

  const entitled = new Viewer(world.mediaUrl);
  await entitled.enters((await operator.grant('gst')).token);
  const multivariant = await entitled.asks('GET', mediaPaths.hls('gst'));
  const variant = String(multivariant.body).match(/^[^#].*$/m)?.[0] ?? '';
  const path = mediaPaths.hls('gst').replace('index.m3u8', variant);
  const playlist = await until(
    'a playlist with a segment',
    async () => {
      const answer = await entitled.asks('GET', path);
      return String(answer.body).includes('#EXTINF') && answer;
    },
    30_000,
  );
  const uris = [...String(playlist.body).matchAll(/^(?!#)(.+)$/gm), ...String(playlist.body).matchAll(/URI="([^"]+)"/g)].map(
    (m) => m[1] ?? '',
  );
  expect(uris.length).toBeGreaterThan(1);
  expect((await viewer.asks('GET', path)).status).toBe(401);
  for (const uri of uris) {
    const address = new URL(uri, world.mediaUrl + path).pathname;
    expect((await viewer.asks('GET', address)).status, address).toBe(401);
  }
  await entitled.leaves();
});

it('a session is good for its own camera only, and for nothing after it was left', async () => {
  const viewer = new Viewer(world.mediaUrl);
  await viewer.enters((await operator.grant('gst')).token);
  for (const [method, path, body] of resources('private'))
    expect((await viewer.asks(method, path, body, 'application/sdp')).code, path).toBe('CAMERA_NOT_GRANTED');
  const { jpeg, at } = await viewer.still('gst');
  expect(jpeg.subarray(0, 2).toString('hex')).toBe('ffd8');
  expect(Math.abs(at - Date.now())).toBeLessThan(30_000);
  expect((await viewer.leaves()).status).toBeLessThan(300);
  expect((await viewer.asks('GET', mediaPaths.still('gst'))).status).toBe(401);
});

it('a grant opens once; a forged one never', async () => {
  const { token } = await operator.grant('gst');
  await new Viewer(world.mediaUrl).enters(token);
  await expect(new Viewer(world.mediaUrl).enters(token)).rejects.toThrow('GRANT_USED');
  const [head, claims, signature] = token.split('.');
  const other = Buffer.from(JSON.stringify({ ...JSON.parse(String(Buffer.from(claims ?? '', 'base64url'))), cam: 'private' })).toString(
    'base64url',
  );
  await expect(new Viewer(world.mediaUrl).enters(`${head}.${other}.${signature}`)).rejects.toThrow('GRANT_INVALID');
  const none = Buffer.from('{"alg":"none"}').toString('base64url');
  await expect(new Viewer(world.mediaUrl).enters(`${none}.${claims}.`)).rejects.toThrow('GRANT_INVALID');
});

it('a household is granted what its area is granted, and hears of nothing else', async () => {
  const villager = await world.connectedVillager();
  const list = (await villager.call('cameras', {})) as { cameras: { id: string }[] };
  expect(list.cameras.map((c) => c.id).sort()).toEqual(['dead', 'gst']);
  const result = (await villager.call('grants', { cameraIds: ['gst', 'private', 'nowhere'], reason: 'watch' })) as {
    grants: { cameraId: string }[];
    refused: { cameraId: string; code: string }[];
  };
  expect(result.grants.map((g) => g.cameraId)).toEqual(['gst']);
  expect(result.refused.map((r) => r.cameraId).sort()).toEqual(['nowhere', 'private']);
  expect(new Set(result.refused.map((r) => r.code)).size, 'a hidden camera and none look the same').toBe(1);
});

it('a camera that does not answer is a coded error, and disturbs no other', async () => {
  const viewer = new Viewer(world.mediaUrl);
  await viewer.enters((await operator.grant('dead')).token);
  const answer = await viewer.asks('GET', mediaPaths.still('dead'));
  expect([answer.status, answer.code]).toEqual([503, 'CAMERA_OFFLINE']);
  const good = new Viewer(world.mediaUrl);
  await good.enters((await operator.grant('gst')).token);
  expect((await good.still('gst')).jpeg.length).toBeGreaterThan(1000);
});

it('GStreamer’s RTSP server with Digest and aiortc’s WHEP client work together through the relay', { timeout: 120_000 }, async () => {
  const viewer = new Viewer(world.mediaUrl);
  await viewer.enters((await operator.grant('gst')).token);
  const aiortc = new Peer('aiortc-whep.py', [`${world.mediaUrl}${mediaPaths.whep('gst')}`, '--pictures', '30', '--seconds', '30'], {
    SESSION: viewer.session,
  });
  const seen = await aiortc.says('pictures', 60_000);
  expect(seen).toMatchObject({ width: 640, height: 360 });
  expect(seen.changed as number).toBeGreaterThan(20);
  expect(await aiortc.ends()).toBe(0);
});

it('nobody watching, nothing pulled: each view’s start and end is in the ledger, and the camera is let go', {
  timeout: 120_000,
}, async () => {
  const health = async () => (await (await fetch(`${world.mediaUrl}${mediaPaths.health}`)).json()) as Record<string, unknown>;
  const viewer = new Viewer(world.mediaUrl);
  await viewer.enters((await operator.grant('gst')).token);
  await viewer.still('gst');
  await viewer.leaves();
  await until('no camera is pulled', async () => JSON.stringify(await health()).includes('"pulled":0'), 60_000);
  const rows = (await operator.ledger()).filter((r) => r.kind.startsWith('view'));
  const started = rows.filter((r) => r.kind.includes('start'));
  const ended = rows.filter((r) => r.kind.includes('end'));
  expect(started.length).toBeGreaterThan(0);
  expect(ended.length).toBeGreaterThan(0);
  expect(rows.map((r) => r.event).join(), 'no personal data in hashed events').not.toMatch(/王秀英|139\d{8}/);
});
