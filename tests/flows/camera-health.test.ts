/** A black, a standing and a dead picture are found by the node and seen at the centre; one that lives is not. GStreamer is the camera. */
import { type ConsoleCamera, evidencePaths, type MediaFault } from '@shouwang/protocol';
import { afterEach, expect, it } from 'vitest';
import { ConsoleScreen } from '../harness/console-screen.ts';
import type { Operator } from '../harness/operator.ts';
import { Peer } from '../harness/peer.ts';
import { until } from '../harness/until.ts';
import { startWorld, VILLAGE, type World } from '../harness/world.ts';

/** Of a pulled camera. From when it lives, by the node's own clock, which is this machine's. */
const FOUND_WITHIN_MS = 30_000;

let world: World;
const desk = new ConsoleScreen();
let cameras: Record<string, Peer> = {};
afterEach(async () => {
  await desk.getsUp();
  await world?.ends();
  await Promise.all(Object.values(cameras).map((c) => c.stops()));
  cameras = {};
});

const faultsOf = async (operator: Operator) =>
  (await operator.get<{ faults: MediaFault[] }>(evidencePaths.mediaFaults)).faults.map((f) => `${f.cameraId ?? f.node} ${f.fault}`).sort();

it('black, frozen and unreachable cameras are on the console’s page of devices, in the ledger and in the metrics', {
  timeout: 240_000,
}, async () => {
  cameras = {
    night: new Peer('gst-rtsp-server.py', ['--pattern', 'black', '--gop', '50']),
    stuck: new Peer('gst-rtsp-server.py', ['--pattern', 'checkers-8', '--gop', '50']),
    alive: new Peer('gst-rtsp-server.py', ['--pattern', 'snow', '--gop', '50']),
  };
  const listed = await Promise.all(
    Object.entries(cameras).map(async ([id, peer]) => ({
      id,
      name: id,
      place: '村口',
      area: VILLAGE,
      householdsOf: [VILLAGE],
      preRoll: 'always',
      url: (await peer.says('url')).url,
    })),
  );
  world = await startWorld({ pictures: true, cameras: listed, mediaEnv: { SHOUWANG_MEDIA_HEALTH_PROBES_PER_HOUR: '0' } });
  const operator = await world.operator();
  const seen = async () => (await operator.get<{ cameras: ConsoleCamera[] }>('/api/v1/cameras')).cameras;
  const livesSince: Record<string, number> = {};
  await until(
    'both are found',
    async () => {
      for (const { id, live } of await seen()) if (live) livesSince[id] ??= Date.now();
      const found = (await faultsOf(operator)).join();
      if (found !== 'night black,stuck frozen') throw new Error(found);
      return true;
    },
    120_000,
    500,
  );
  for (const { id, fault } of await seen())
    if (fault) expect(fault.since - livesSince[id]!, `${id}: ${fault.fault}`).toBeLessThan(FOUND_WITHIN_MS);
  expect((await seen()).map((c) => [c.id, c.live, c.fault?.fault])).toEqual([
    ['alive', true, undefined],
    ['night', true, 'black'],
    ['stuck', true, 'frozen'],
  ]);

  await desk.sitsDown(world.consoleUrl, 'zhiban', world.secrets.operator);
  await desk.page.keyboard.press('d');
  await desk.page.locator('[data-testid="media-faults"] [data-fault="black"][data-camera="night"]').waitFor();

  const metrics = await (await fetch(`${world.mediaUrl}/metrics`)).text();
  expect(metrics).toMatch(/^shouwang_media_faults\{fault="black"\} 1$/m);
  expect(metrics).toMatch(/^shouwang_media_cameras_pulled 3$/m);
  expect(await (await fetch(`${world.httpUrl}/metrics`)).text()).toMatch(/^shouwang_centre_nodes_online 1$/m);

  const stoppedAt = Date.now();
  cameras.alive!.stands();
  await until('its silence is heard', async () => (await faultsOf(operator)).includes('alive silent'), 60_000, 200);
  const silent = (await seen()).find((c) => c.id === 'alive')!;
  expect(silent.fault!.since - stoppedAt).toBeLessThan(FOUND_WITHIN_MS);
  expect(silent.live).toBeUndefined();

  await cameras.alive!.dies();
  await until('it is missed', async () => (await faultsOf(operator)).includes('alive unreachable'), 60_000, 500);
  const kinds = (await operator.ledger()).filter((r) => r.kind === 'media.fault-began');
  expect(kinds).toHaveLength(4);
});
