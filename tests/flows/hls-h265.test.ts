/** A camera with H.265 and G.711: by HLS untouched for who decodes it, for all others and by WebRTC made into H.264 in the budget; its sound as AAC. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { mediaPaths, type TicketAnswer } from '@shouwang/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Get, watchHls } from '../../media-server/hls-validator/watch.ts';
import type { Operator } from '../harness/operator.ts';
import { Peer } from '../harness/peer.ts';
import { until } from '../harness/until.ts';
import { Viewer } from '../harness/viewer.ts';
import { startWorld, VILLAGE, type World } from '../harness/world.ts';

const run = promisify(execFile);

let world: World;
let operator: Operator;
let camera: Peer;
let viewer: Viewer;
let renewing: NodeJS.Timeout;

beforeAll(async () => {
  camera = new Peer('gst-rtsp-server.py', ['--codec', 'h265', '--audio', 'pcma', '--size', '320x240', '--fps', '15', '--gop', '30']);
  const { url } = await camera.says('url');
  const gate = { id: 'gate', name: 'gate', place: '测试', area: VILLAGE, householdsOf: [VILLAGE], url };
  // One transcode fits, a second one does not.
  const mediaEnv = { SHOUWANG_MEDIA_TRANSCODE_MAX_CORE_PERCENT: '35' };
  world = await startWorld({ pictures: true, cameras: [gate], mediaEnv });
  operator = await world.operator();
  await until('the centre knows the camera', async () =>
    (await operator.get<{ cameras: { online: boolean }[] }>('/api/v1/cameras')).cameras.some((c) => c.online),
  );
  viewer = new Viewer(world.mediaUrl);
  await viewer.enters((await operator.grant('gate')).token);
  renewing = setInterval(() => void viewer.asks('POST', mediaPaths.renew), 15_000);
});
afterAll(async () => {
  clearInterval(renewing);
  await world?.ends();
  await camera?.stops();
});

const get: Get = async (url) => {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${viewer.session}` } });
  return { status: answer.status, headers: answer.headers, body: Buffer.from(await answer.arrayBuffer()) };
};

it('who decodes H.265 gets it untouched, with the sound made into AAC, by the rules', { timeout: 180_000 }, async () => {
  const found = await watchHls({ url: `${world.mediaUrl}${mediaPaths.hls('gate')}?can=h265`, parts: 16, get });
  expect(found.problems).toEqual([]);
  expect(found.variants.map((v) => v.CODECS)).toEqual([expect.stringMatching(/^hvc1\.1\.6\.L\d+\.[0-9A-F.]+,mp4a\.40\.2$/)]);
  expect(found.soundFrames).toBeGreaterThan(16);
});

it('who does not gets H.264, by the same rules; what is beyond the budget is refused with its code', { timeout: 180_000 }, async () => {
  const url = `${world.mediaUrl}${mediaPaths.hls('gate')}?can=h264`;
  const [first = '', second = ''] = (await get(url)).body.toString().match(/^[^#].*$/gm) ?? [];
  const opening = get(new URL(first, url).href);
  await until('a transcode runs', async () => {
    const health = (await (await fetch(world.mediaUrl + mediaPaths.health)).json()) as { transcodes: { running: number } };
    return health.transcodes.running === 1;
  });
  // Before it was measured: then it may turn out to need less, and leave room.
  const refused = await get(new URL(second, url).href);
  expect([refused.status, JSON.parse(refused.body.toString()).code]).toEqual([503, 'TRANSCODE_BUDGET']);
  expect((await opening).status).toBe(200);
  const found = await watchHls({ url, parts: 16, get });
  expect(found.problems).toEqual([]);
  expect(found.variants.map((v) => v.CODECS)).toEqual(['avc1.42c01f,mp4a.40.2', 'avc1.42c01e,mp4a.40.2']);
  expect(found.soundFrames).toBeGreaterThan(16);
});

it('a player without MSE gets H.264 and AAC in MPEG-TS', { timeout: 120_000 }, async () => {
  const { ts } = JSON.parse((await viewer.asks('POST', mediaPaths.ticket)).body.toString()) as TicketAnswer;
  const shown = ['-show_entries', 'stream=codec_name', '-of', 'csv=p=0'];
  const { stdout } = await run('ffprobe', ['-v', 'error', ...shown, `${world.mediaUrl}${ts}?can=h264`], { timeout: 90_000 });
  expect([...new Set(stdout.trim().split(/\s+/))].sort()).toEqual(['aac', 'h264']);
});

it('aiortc’s WHEP client gets H.264 by WebRTC', { timeout: 120_000 }, async () => {
  const whep = world.mediaUrl + mediaPaths.whep('gate');
  const aiortc = new Peer('aiortc-whep.py', [whep, '--pictures', '20', '--seconds', '40'], { SESSION: viewer.session });
  expect(await aiortc.says('pictures', 70_000)).toMatchObject({ width: 320, height: 240 });
  await aiortc.ends();
});
