/** An alarm has its clips on the case, and anybody can check them: real processes, sample cameras, the stand-alone verifier. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CaseClip, type ClipExport, evidencePaths, type Grants, mediaPaths } from '@shouwang/protocol';
import { afterEach, expect, it } from 'vitest';
import type { Operator } from '../harness/operator.ts';
import { ROOT } from '../harness/service.ts';
import { until } from '../harness/until.ts';
import { Viewer } from '../harness/viewer.ts';
import type { Villager } from '../harness/villager.ts';
import { startWorld, type World } from '../harness/world.ts';

let world: World;
afterEach(async () => {
  await world?.ends();
});

const SHORT = { SHOUWANG_BROKER_EVIDENCE_POST_ROLL_S: '6' };

/** The whole clips of a case, each finished. */
async function finished(operator: Operator, caseNo: string, n: number): Promise<CaseClip[]> {
  return until(
    `${n} clips on the case`,
    async () => {
      const { clips } = await operator.clips(caseNo);
      if (clips.filter((c) => c.state === 'complete').length === n) return clips;
      throw new Error(clips.map((c) => `${c.cameraId} ${c.state} ${c.code ?? ''}`).join(', '));
    },
    180_000,
    200,
  );
}

/** Watches a camera as the TV does until it has been pulled for a while. */
async function watches(villager: Villager, cameraId: string): Promise<void> {
  const { grants } = (await villager.call('grants', { cameraIds: [cameraId], reason: 'watch' })) as Grants['data'];
  const viewer = new Viewer(world.mediaUrl);
  await viewer.enters(grants[0]!.token);
  const first = await viewer.still(cameraId);
  const at = await until(
    'pictures of five seconds',
    async () => {
      const { at } = await viewer.still(cameraId);
      return at > first.at + 5000 ? at : undefined;
    },
    60_000,
    500,
  );
  await villager.call('watching', { onScreen: { cameraId, pictureAt: at } });
}

async function downloads(operator: Operator, caseNo: string, clip: CaseClip) {
  const viewer = new Viewer(world.mediaUrl);
  await viewer.enters((await operator.opensClip(caseNo, clip.clipId, 'original')).token);
  const mp4 = await viewer.asks('GET', mediaPaths.clipFile(clip.clipId, 1));
  const manifest = await viewer.asks('GET', mediaPaths.clipManifest(clip.clipId, 1));
  expect([mp4.status, manifest.status]).toEqual([200, 200]);
  expect((await viewer.asks('GET', mediaPaths.still(clip.cameraId))).code, 'a clip’s grant opens no camera').toBe('CAMERA_NOT_GRANTED');
  const files = { mp4: join(world.dir, `${clip.clipId}.mp4`), manifest: join(world.dir, `${clip.clipId}.json`) };
  writeFileSync(files.mp4, mp4.body);
  writeFileSync(files.manifest, manifest.body);
  return files;
}

function verify(...args: string[]) {
  return spawnSync(process.execPath, [join(ROOT, 'scripts/verify.mjs'), ...args], { encoding: 'utf8' });
}

function frames(file: string): number {
  const out = execFileSync('ffprobe', [
    '-v',
    'error',
    '-count_frames',
    '-select_streams',
    'v',
    '-show_entries',
    'stream=nb_read_frames',
    '-of',
    'csv=p=0',
    file,
  ]);
  return Number.parseInt(String(out), 10);
}

it('the camera that the caller watched comes first, the time before the press at once; verifier, player and export agree', {
  timeout: 480_000,
}, async () => {
  world = await startWorld({ pictures: true, brokerEnv: SHORT });
  await world.box();
  const operator = await world.operator();
  const villager = await world.connectedVillager();
  await watches(villager, 'square');
  const alarm = await villager.holdsAlarmKey();
  const { caseNo, pressedAt } = await operator.findsCase(alarm.id);

  const partial = await until(
    'the time before the press',
    async () => {
      const { clips } = await operator.clips(caseNo);
      return clips.find((c) => c.cameraId === 'square' && c.parts.length > 0);
    },
    60_000,
    50,
  );
  expect(partial.parts[0]!.from).toBeLessThan(pressedAt - 2000);

  const clips = await finished(operator, caseNo, 3);
  expect(clips.map((c) => c.cameraId).sort()).toEqual(['gate', 'lane', 'square']);
  const keys = join(world.dir, 'keys.json');
  writeFileSync(keys, JSON.stringify(await operator.get(evidencePaths.keys)));
  for (const clip of clips) {
    const { mp4, manifest } = await downloads(operator, caseNo, clip);
    expect(frames(mp4)).toBe(clip.parts[0]!.frames);
    const checked = verify(mp4, manifest, '--key', keys);
    expect(checked.stderr).toBe('');
    expect(checked.status).toBe(0);
    const bytes = readFileSync(mp4);
    bytes[Math.floor(bytes.length / 3)]! ^= 1;
    writeFileSync(mp4, bytes);
    expect(verify(mp4, manifest, '--key', keys)).toMatchObject({ status: 1, stderr: expect.stringContaining('segment') });
  }
  const square = clips.find((c) => c.cameraId === 'square')!;
  expect(square.parts[0]!.to).toBeGreaterThan(pressedAt + 5000);

  const viewer = new Viewer(world.mediaUrl);
  await viewer.enters((await operator.opensClip(caseNo, square.clipId, 'export')).token);
  expect((await viewer.asks('GET', mediaPaths.clipFile(square.clipId, 1))).code, 'an export’s grant is for the export').toBe('NOT_ALLOWED');
  await viewer.asks('POST', mediaPaths.clipExport(square.clipId, 1));
  await until(
    'the export is ready',
    async () => {
      const job = JSON.parse(String((await viewer.asks('GET', mediaPaths.clipExport(square.clipId, 1))).body)) as ClipExport;
      if (job.state === 'failed') throw new Error(`export: ${job.code}`);
      return job.state === 'ready';
    },
    180_000,
    200,
  );
  const file = join(world.dir, 'export.mp4');
  writeFileSync(file, (await viewer.asks('GET', mediaPaths.clipExportFile(square.clipId, 1))).body);
  expect(frames(file)).toBe(square.parts[0]!.frames);

  const { history } = await operator.case(caseNo);
  expect(history.filter((h) => h.event === 'recorded')).toHaveLength(3);
  const kinds = (await operator.ledger()).map((r) => r.kind);
  for (const kind of ['evidence.key', 'clip.asked', 'clip.complete', 'clip.opened']) expect(kinds).toContain(kind);
});

it('asked for while the node is away, over a kill of the centre: a silent alarm has its clips all the same, and they say what is missing', {
  timeout: 480_000,
}, async () => {
  world = await startWorld({ pictures: true, brokerEnv: SHORT, mediaEnv: { SHOUWANG_MEDIA_RECORDER_LATE_S: '4' } });
  await world.box();
  const operator = await world.operator();
  const villager = await world.connectedVillager();
  await until(
    'the cameras are at the centre',
    async () => (await operator.get<{ cameras: unknown[] }>('/api/v1/cameras')).cameras.length === 6,
  );
  await world.media!.kill();
  const before = villager.seen.length;
  await villager.pressesSilently();
  const { caseNo, pressedAt } = await operator.findsCaseWhere('a silent case', (v) => v.silent === true);
  await until('clips are asked for', async () => (await operator.clips(caseNo)).clips.length === 2);
  await world.broker.kill();
  await world.broker.start();
  await operator.logsIn('zhiban', world.secrets.operator);
  await world.media!.start();
  const clips = await finished(operator, caseNo, 2);
  for (const clip of clips) {
    expect(clip.gaps[0]!.from).toBeLessThan(pressedAt);
    const { mp4, manifest } = await downloads(operator, caseNo, clip);
    expect(verify(mp4, manifest).status).toBe(0);
  }
  for (const { alarm } of villager.seen.slice(before)) expect(alarm).toBeUndefined();
});
