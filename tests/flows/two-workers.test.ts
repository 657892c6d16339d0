/** One camera, two WebRTC workers: the copy that the second one gets through a pipe is as good as the first. */
import { mediaPaths } from '@shouwang/protocol';
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
    SHOUWANG_MEDIA_WEBRTC_PORT: '0',
    SHOUWANG_MEDIA_WEBRTC_WORKERS: '2',
    SHOUWANG_MEDIA_WEBRTC_OWN_FEEDS: '1',
    // A camera that was not measured yet counts 4, more than a quarter of this: the second viewer goes to the other worker.
    SHOUWANG_MEDIA_WEBRTC_MAX_MBIT: '13',
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

it('viewers on both workers see the camera move, pulled once', { timeout: 120_000 }, async () => {
  const [one, two] = [await operator.grant('gate'), await operator.grant('gate')];
  const first = await page.watches(one, 'webrtc');
  // Answered, so that the camera has its feed; soon, while it counts 4.
  const health = async () =>
    (await (await fetch(world.mediaUrl + mediaPaths.health)).json()) as { workers: { mbit: number }[]; pulled: number };
  await until('the first has its path', async () => (await health()).workers.some((w) => w.mbit > 0));
  await until('pictures', async () => (await first.lastAt()) > 0, 30_000, 10);
  const second = await page.watches(two, 'webrtc');
  for (const player of [first, second]) {
    await until(`${player.name} plays`, async () => (await player.lastAt()) > 0 && (await player.report()).transport === 'webrtc', 30_000);
    const since = await player.lastAt();
    await until(`${player.name} goes on`, async () => (await player.lastAt()) > since + 1000);
  }
  const { workers, pulled } = await health();
  expect(workers.map((w) => w.mbit > 0)).toEqual([true, true]);
  expect(pulled).toBe(1);
});
