/** `kill -9` of the media node in the middle of a clip: after its start the case says what is there and what is not, and nothing is recorded for ever. */
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CaseClip, mediaPaths } from '@shouwang/protocol';
import { afterEach, expect, it } from 'vitest';
import type { Operator } from '../harness/operator.ts';
import { Peer } from '../harness/peer.ts';
import { ROOT } from '../harness/service.ts';
import { until } from '../harness/until.ts';
import { Viewer } from '../harness/viewer.ts';
import { startWorld, VILLAGE, type World } from '../harness/world.ts';

let world: World;
let camera: Peer | undefined;
afterEach(async () => {
  await world?.ends();
  await camera?.stops();
});

/** Its files, checked: every frame counts, and the verifier accepts it. */
async function checks(operator: Operator, caseNo: string, clip: CaseClip): Promise<void> {
  const viewer = new Viewer(world.mediaUrl);
  await viewer.enters((await operator.opensClip(caseNo, clip.clipId, 'original')).token);
  for (const part of clip.parts) {
    const [mp4, manifest] = [join(world.dir, `${part.n}.mp4`), join(world.dir, `${part.n}.json`)];
    writeFileSync(mp4, (await viewer.asks('GET', mediaPaths.clipFile(clip.clipId, part.n))).body);
    writeFileSync(manifest, (await viewer.asks('GET', mediaPaths.clipManifest(clip.clipId, part.n))).body);
    expect(spawnSync(process.execPath, [join(ROOT, 'scripts/verify.mjs'), mp4, manifest]).status).toBe(0);
    const counted = ['-v', 'error', '-count_frames', '-show_entries', 'stream=nb_read_frames', '-of', 'csv=p=0', mp4];
    expect(Number.parseInt(String(execFileSync('ffprobe', counted)), 10)).toBe(part.frames);
  }
}

it.each([
  ['before the range is over: the rest is another part', 'at once'],
  ['only when the range is over: what was on disk is the clip', 'later'],
] as const)('started again %s', { timeout: 240_000 }, async (_what, start) => {
  camera = new Peer('gst-rtsp-server.py', ['--fps', '10', '--gop', '10']);
  const { url } = await camera.says('url');
  const gate = { id: 'gate', name: '大门口', place: '村口', area: VILLAGE, householdsOf: [VILLAGE], preRoll: 'always', url };
  const postRollS = start === 'later' ? 8 : 40;
  world = await startWorld({ pictures: true, cameras: [gate], brokerEnv: { SHOUWANG_BROKER_EVIDENCE_POST_ROLL_S: String(postRollS) } });
  await world.box();
  const operator = await world.operator();
  const villager = await world.connectedVillager();
  await until('it lives', async () =>
    (await operator.get<{ cameras: { live?: boolean }[] }>('/api/v1/cameras')).cameras.some((c) => c.live),
  );
  const { caseNo, pressedAt } = await operator.findsCase((await villager.holdsAlarmKey()).id);
  const clip = async () => (await operator.clips(caseNo)).clips[0];
  await until('it is being recorded', async () => ['recording', 'partial'].includes((await clip())?.state ?? ''), 60_000, 50);
  // So that there is something of the time after the press on disk.
  await until('three seconds are over', () => Date.now() > pressedAt + 3000, 30_000, 50);
  const killedAt = Date.now();
  await world.media!.kill();
  if (start === 'later') await until('the range is over', () => Date.now() > pressedAt + postRollS * 1000, 60_000, 100);
  const startedAt = Date.now();
  await world.media!.start();

  const done = await until(
    'it is finished',
    async () => {
      const found = await clip();
      return found?.state === 'complete' ? found : undefined;
    },
    120_000,
    200,
  );
  expect(done.parts.map((p) => p.n)).toEqual(start === 'at once' ? [1, 2] : [1]);
  expect(done.parts[0]!.to).toBeLessThanOrEqual(killedAt);
  expect(done.parts[0]!.to).toBeGreaterThan(pressedAt - 1000);
  const [missing] = done.gaps.filter((g) => g.to > killedAt);
  expect(missing, 'the time without the node').toBeDefined();
  expect(missing!.from).toBe(done.parts[0]!.to);
  expect(missing!.to).toBeGreaterThanOrEqual(start === 'at once' ? startedAt : pressedAt + postRollS * 1000 - 1000);
  await checks(operator, caseNo, done);
  const health = (await (await fetch(world.mediaUrl + mediaPaths.health)).json()) as { recorder: { recording: number } };
  expect(health.recorder.recording).toBe(0);
});
