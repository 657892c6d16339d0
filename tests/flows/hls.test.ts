/** HLS as others see it: a live camera held against RFC 8216bis, and players that are not ours at the same address. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { mediaPaths, type TicketAnswer } from '@shouwang/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { watchHls } from '../../media-server/hls-validator/watch.ts';
import type { Operator } from '../harness/operator.ts';
import { Peer } from '../harness/peer.ts';
import { until } from '../harness/until.ts';
import { Viewer } from '../harness/viewer.ts';
import { startWorld, type World } from '../harness/world.ts';

const run = promisify(execFile);
const CAMERA = 'gate';

let world: World;
let operator: Operator;
let viewer: Viewer;
let renewing: NodeJS.Timeout;

beforeAll(async () => {
  world = await startWorld({ pictures: true, mediaEnv: { SHOUWANG_MEDIA_WEBRTC_MAX_MBIT: '0' } });
  await world.box();
  operator = await world.operator();
  await until('the centre knows the cameras', async () =>
    (await operator.get<{ cameras: { online: boolean }[] }>('/api/v1/cameras')).cameras.some((c) => c.online),
  );
  viewer = new Viewer(world.mediaUrl);
  await viewer.enters((await operator.grant(CAMERA)).token);
  renewing = setInterval(() => void viewer.asks('POST', mediaPaths.renew), 15_000);
});
afterAll(async () => {
  clearInterval(renewing);
  await world?.ends();
});

const bearer = () => ({ authorization: `Bearer ${viewer.session}` });

async function tickets(): Promise<TicketAnswer> {
  const answer = await viewer.asks('POST', mediaPaths.ticket);
  expect(answer.status).toBe(201);
  return JSON.parse(answer.body.toString()) as TicketAnswer;
}

it('a live camera keeps every rule that the validator knows, over half a minute of parts', { timeout: 180_000 }, async () => {
  const found = await watchHls({
    url: world.mediaUrl + mediaPaths.hls(CAMERA),
    parts: 150,
    get: async (url) => {
      const answer = await fetch(url, { headers: bearer() });
      return { status: answer.status, headers: answer.headers, body: Buffer.from(await answer.arrayBuffer()) };
    },
  });
  expect(found.problems).toEqual([]);
  expect(found.segments).toBeGreaterThan(5);
  expect(found.pictures).toBeGreaterThan(60);
});

it('ffmpeg plays it, with the session in a header', { timeout: 120_000 }, async () => {
  const args = ['-v', 'error', '-headers', `Authorization: Bearer ${viewer.session}\r\n`, '-i', world.mediaUrl + mediaPaths.hls(CAMERA)];
  const { stdout } = await run('ffmpeg', [...args, '-frames:v', '100', '-f', 'framecrc', '-'], { timeout: 90_000 });
  expect(stdout.split('\n').filter((l) => l.startsWith('0,'))).toHaveLength(100);
});

it.each([
  ['low-latency HLS', 'hls'],
  ['classic HLS in MPEG-TS', 'ts'],
] as const)('ffprobe and GStreamer play %s, with a ticket in the address', { timeout: 180_000 }, async (_what, kind) => {
  const uri = world.mediaUrl + (await tickets())[kind];
  const shown = ['-show_entries', 'stream=codec_name,width,height', '-of', 'json'];
  const { stdout } = await run('ffprobe', ['-v', 'error', ...shown, uri], { timeout: 90_000 });
  expect((JSON.parse(stdout) as { streams: unknown[] }).streams[0]).toEqual({ codec_name: 'h264', width: 640, height: 360 });
  const player = new Peer('gst-hls-player.py', ['--uri', uri, '--pictures', '100']);
  const said = await player.says('pictures', 90_000);
  expect(said).toMatchObject({ backwards: 0, caps: expect.stringContaining('video/x-h264') });
  expect(said.keys).toBeGreaterThan(1);
  await player.ends();
});

it('a ticket plays no longer than its session', { timeout: 60_000 }, async () => {
  const other = new Viewer(world.mediaUrl);
  await other.enters((await operator.grant(CAMERA)).token);
  const answer = await other.asks('POST', mediaPaths.ticket);
  const { hls } = JSON.parse(answer.body.toString()) as TicketAnswer;
  expect((await fetch(world.mediaUrl + hls)).status).toBe(200);
  await other.leaves();
  expect((await fetch(world.mediaUrl + hls)).status).toBe(401);
});
