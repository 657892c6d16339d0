/** The player between WebRTC and HLS: no room, room again, and a relay worker that dies under its viewers. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Operator } from '../harness/operator.ts';
import { Peer } from '../harness/peer.ts';
import { until } from '../harness/until.ts';
import { PlayerPage } from '../harness/watchers.ts';
import { startWorld, VILLAGE, type World } from '../harness/world.ts';

let world: World;
let operator: Operator;
let camera: Peer;
const page = new PlayerPage();

beforeAll(async () => {
  // Snow takes what it may.
  const args = ['--size', '320x240', '--fps', '15', '--gop', '15', '--pattern', 'snow', '--kbit', '3000'];
  camera = new Peer('gst-rtsp-server.py', args);
  const { url } = await camera.says('url');
  const gate = {
    id: 'gate',
    name: '大门口',
    place: '测试',
    area: VILLAGE,
    position: { lat: 25.1012, lon: 105.4713 },
    householdsOf: [VILLAGE],
    url: String(url),
  };
  const origin = await page.origin();
  const mediaEnv = {
    SHOUWANG_MEDIA_HTTP_ALLOWED_ORIGINS: JSON.stringify([origin]),
    // It counts 4 until it was measured, then 3: one viewer has room, a second has not.
    SHOUWANG_MEDIA_WEBRTC_MAX_MBIT: '5',
    SHOUWANG_MEDIA_WEBRTC_RETRY_AFTER_S: '2',
  };
  world = await startWorld({ pictures: true, cameras: [gate], mediaEnv });
  operator = await world.operator();
  await until('the centre knows the camera', async () =>
    (await operator.get<{ cameras: { online: boolean }[] }>('/api/v1/cameras')).cameras.some((c) => c.online),
  );
  await page.opens(origin);
});
afterAll(async () => {
  await page.closes();
  await world?.ends();
  await camera?.stops();
});

type Player = Awaited<ReturnType<PlayerPage['watches']>>;

async function plays(player: Player, transport: string): Promise<void> {
  await until(
    `${player.name} plays by ${transport}`,
    async () => {
      const report = await player.report();
      if (report.state !== 'playing' || report.transport !== transport) throw new Error(JSON.stringify(report));
      return true;
    },
    60_000,
  );
}

/** Linux: the worker is a child of the media server. */
function workers(): number[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const [, name = '', parent] = /^\d+ \((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
      return name.startsWith('mediasoup') && Number(parent) === world.media?.pid ? [Number(pid)] : [];
    } catch {
      return [];
    }
  });
}

let viewer: Player;

it('where WebRTC has no room a viewer gets HLS, and WebRTC without a gap when there is room', { timeout: 180_000 }, async () => {
  const before = await page.watches(await operator.grant('gate'), 'webrtc');
  await plays(before, 'webrtc');
  viewer = await page.watches(await operator.grant('gate'), 'webrtc');
  await plays(viewer, 'hls');
  expect((await viewer.report()).told, 'it was told why').toContain('webrtc connecting WEBRTC_FULL');
  await before.ends();
  await plays(viewer, 'webrtc');
  const { told } = await viewer.report();
  const from = told.lastIndexOf('hls playing');
  expect(told.slice(from, from + 3), 'from picture to picture').toEqual(['hls playing', 'webrtc stalled', 'webrtc playing']);
});

it('a relay worker that dies is replaced, and its viewer comes back', { timeout: 180_000 }, async () => {
  const before = workers();
  expect(before).toHaveLength(1);
  for (const pid of before) process.kill(pid, 'SIGKILL');
  const since = Date.now();
  await until('another worker', () => workers().some((pid) => !before.includes(pid)));
  await until(
    'it sees pictures',
    async () => (await viewer.report()).state === 'playing' && (await viewer.lastAt()) > since + 3000,
    60_000,
  );
  await plays(viewer, 'webrtc');
  expect((await viewer.report()).told).toContain('webrtc stalled TIMEOUT');
});
