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
  camera = new Peer('gst-rtsp-server.py', ['--size', '320x240', '--fps', '15', '--gop', '15', '--kbit', '300']);
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
    // A camera that was not measured yet counts 4: one such viewer has room, a second has not.
    SHOUWANG_MEDIA_WEBRTC_MAX_MBIT: '5',
    // Nor is it measured beforehand by a look at a camera that nobody watches.
    SHOUWANG_MEDIA_HEALTH_PROBES_PER_HOUR: '0',
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

let first: Player;
let second: Player;

it('where WebRTC has no room a viewer gets HLS, and WebRTC without a gap when there is room', { timeout: 180_000 }, async () => {
  const grants = [await operator.grant('gate'), await operator.grant('gate')];
  // At once, before the camera's real rate is known.
  [first, second] = (await Promise.all(grants.map((g) => page.watches(g, 'webrtc')))) as [Player, Player];
  await until(
    'both play',
    async () => (await Promise.all([first, second].map((p) => p.report()))).every((r) => r.state === 'playing'),
    60_000,
  );
  const told = [...(await first.report()).told, ...(await second.report()).told];
  expect(told, 'one of them was told why').toContain('webrtc connecting WEBRTC_FULL');
  for (const player of [first, second]) await plays(player, 'webrtc');
  const { told: all } = (await second.report()).told.includes('hls playing') ? await second.report() : await first.report();
  const from = all.lastIndexOf('hls playing');
  expect(all.slice(from, from + 3), 'from picture to picture').toEqual(['hls playing', 'webrtc stalled', 'webrtc playing']);
});

it('a relay worker that dies is replaced, and its viewers come back', { timeout: 180_000 }, async () => {
  const before = workers();
  expect(before).toHaveLength(1);
  for (const pid of before) process.kill(pid, 'SIGKILL');
  const since = Date.now();
  await until('another worker', () => workers().some((pid) => !before.includes(pid)));
  for (const player of [first, second])
    await until(
      `${player.name} sees pictures`,
      async () => (await player.report()).state === 'playing' && (await player.lastAt()) > since + 3000,
      60_000,
    );
  for (const player of [first, second]) await plays(player, 'webrtc');
  expect((await first.report()).told).toContain('webrtc stalled TIMEOUT');
});
