/** A camera with a mask: black in the middle of whatever anybody gets of it; open for a right and a reason only, on the record. Real pictures, decoded. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CaseClip, type ClipExport, type Grants, mediaPaths, type TicketAnswer, UNMASK_LABEL } from '@shouwang/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Brightness, brightnessOf } from '../harness/brightness.ts';
import { ConsoleScreen } from '../harness/console-screen.ts';
import type { Operator } from '../harness/operator.ts';
import { Peer } from '../harness/peer.ts';
import { ROOT } from '../harness/service.ts';
import { until } from '../harness/until.ts';
import { Viewer } from '../harness/viewer.ts';
import type { Villager } from '../harness/villager.ts';
import { startWorld, VILLAGE, type World } from '../harness/world.ts';

const MASK = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };
const BLACK = 20;
const WHITE = 220;
const WHY = { reason: 'danger', words: '院内有人呼救' } as const;

let world: World;
let cameras: Peer[] = [];
let operator: Operator;
let admin: Operator;
let villager: Villager;

beforeAll(async () => {
  cameras = ['gate', 'yard'].map(() => new Peer('gst-rtsp-server.py', ['--pattern', 'white', '--fps', '10', '--gop', '10']));
  const listed = await Promise.all(
    ['gate', 'yard'].map(async (id, i) => {
      const { url } = await cameras[i]!.says('url');
      return { id, name: id, place: '村口', area: VILLAGE, householdsOf: [VILLAGE], preRoll: 'always', masks: [MASK], url };
    }),
  );
  world = await startWorld({
    pictures: true,
    cameras: listed,
    brokerEnv: { SHOUWANG_BROKER_EVIDENCE_POST_ROLL_S: '3' },
    // One masked rendition fits, until it was measured.
    mediaEnv: { SHOUWANG_MEDIA_TRANSCODE_MAX_CORE_PERCENT: '35', SHOUWANG_MEDIA_HEALTH_LOOKS_PER_MINUTE: '0' },
  });
  await world.box();
  operator = await world.operator();
  admin = await world.person('guanli');
  villager = await world.connectedVillager();
  await until('the cameras are at the centre', async () => (await listedCameras()).length === 2);
}, 240_000);
afterAll(async () => {
  await world?.ends();
  await Promise.all(cameras.map((c) => c.stops()));
});

const listedCameras = async () =>
  (await operator.get<{ cameras: { online: boolean; masked?: boolean }[] }>('/api/v1/cameras')).cameras.filter((c) => c.online && c.masked);
const rows = async (kind: string) =>
  (await operator.ledger()).filter((r) => r.kind === kind).map((r) => JSON.parse(r.event).data as Record<string, unknown>);

async function enters(token: string): Promise<Viewer> {
  const viewer = new Viewer(world.mediaUrl);
  await viewer.enters(token);
  return viewer;
}

async function atTheTv(cameraId: string): Promise<string> {
  const { grants } = (await villager.call('grants', { cameraIds: [cameraId], reason: 'watch' })) as Grants['data'];
  return grants[0]!.token;
}

async function stillOf(viewer: Viewer, cameraId: string): Promise<Brightness> {
  const file = join(world.dir, 'still.jpg');
  writeFileSync(file, (await viewer.still(cameraId)).jpeg);
  return brightnessOf(file, 1);
}

/** By each way that there is. */
async function seen(viewer: Viewer, cameraId: string): Promise<Record<string, Brightness>> {
  const still = await stillOf(viewer, cameraId);
  const { hls, ts } = JSON.parse(String((await viewer.asks('POST', mediaPaths.ticket)).body)) as TicketAnswer;
  const lowLatency = await brightnessOf(world.mediaUrl + hls);
  const classic = await brightnessOf(world.mediaUrl + ts);
  const whep = new Peer('aiortc-whep.py', [world.mediaUrl + mediaPaths.whep(cameraId), '--pictures', '5', '--seconds', '40'], {
    SESSION: viewer.session,
  });
  const { centre, corner } = await whep.says('pictures', 90_000);
  return { still, lowLatency, classic, whep: { pictures: 5, middle: centre as number, edge: corner as number } };
}

it('beyond the budget of transcodes there is a code, and never the picture itself', { timeout: 120_000 }, async () => {
  const [first, second] = [await enters(await atTheTv('gate')), await enters((await operator.grant('yard')).token)];
  const opening = first.asks('GET', mediaPaths.hls('gate'));
  await until('a masked rendition runs', async () => {
    const health = (await (await fetch(world.mediaUrl + mediaPaths.health)).json()) as { transcodes: { running: number } };
    return health.transcodes.running === 1;
  });
  for (const path of [mediaPaths.hls('yard'), mediaPaths.ts('yard')])
    expect(await second.asks('GET', path)).toMatchObject({ status: 503, code: 'TRANSCODE_BUDGET' });
  expect((await opening).status).toBe(200);
  await Promise.all([first.leaves(), second.leaves()]);
});

it('the villager and the operator get it black, by every way', { timeout: 240_000 }, async () => {
  for (const token of [await atTheTv('gate'), (await operator.grant('gate')).token]) {
    const viewer = await enters(token);
    for (const [way, { pictures, middle, edge }] of Object.entries(await seen(viewer, 'gate'))) {
      expect(pictures, way).toBeGreaterThan(0);
      expect(middle, `${way}: masked`).toBeLessThan(BLACK);
      expect(edge, `${way}: not masked`).toBeGreaterThan(WHITE);
    }
    await viewer.leaves();
  }
});

it('it is opened for a right and a reason, on the record; others are refused, on the record', { timeout: 240_000 }, async () => {
  await expect(operator.unmasks('gate', WHY)).rejects.toThrow('403 NOT_ALLOWED');
  await expect((await world.person('shenji')).unmasks('gate', WHY)).rejects.toThrow('403 NOT_ALLOWED');
  expect(await rows('unmask.refused')).toMatchObject([
    { camera: 'gate', what: 'live', code: 'NOT_ALLOWED', by: expect.stringMatching(/^operator-/) },
    { camera: 'gate', code: 'NOT_ALLOWED' },
  ]);

  const token = await atTheTv('gate');
  const [head, claims, signature] = token.split('.') as [string, string, string];
  const more = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), unmasked: true };
  const forged = [head, Buffer.from(JSON.stringify(more)).toString('base64url'), signature].join('.');
  await expect(enters(forged)).rejects.toThrow('401 GRANT_INVALID');
  await until('the forged one is on the record', async () => (await rows('view.refused')).some((r) => r.code === 'GRANT_INVALID'));

  const viewer = await enters((await admin.unmasks('gate', WHY)).token);
  for (const [way, { middle }] of Object.entries(await seen(viewer, 'gate'))) expect(middle, way).toBeGreaterThan(WHITE);
  expect(await rows('unmask.granted')).toMatchObject([
    { camera: 'gate', what: 'live', reason: 'danger', by: expect.stringMatching(/^operator-/), wordsSha256: expect.any(String) },
  ]);
  expect(JSON.stringify(await operator.ledger())).not.toContain(WHY.words);
  await until('the view is on the record', async () => (await rows('view.started')).some((r) => r.why === 'unmask:danger'));

  // The address of what the administrator watches opens nothing for the villager.
  const playlist = String((await viewer.asks('GET', mediaPaths.hls('gate'))).body);
  const open = mediaPaths.hls('gate').replace('index.m3u8', /^[^#].*$/m.exec(playlist)![0]);
  const tv = await enters(token);
  expect((await tv.asks('GET', open)).code).toBe('NOT_FOUND');
  const asked = { 'x-original-uri': open, authorization: `Bearer ${tv.session}` };
  expect((await fetch(world.mediaUrl + mediaPaths.allowed, { headers: asked })).status).toBe(403);
  expect((await stillOf(tv, 'gate')).middle, 'right after somebody saw it open').toBeLessThan(BLACK);
  await Promise.all([viewer.leaves(), tv.leaves()]);
});

it('a clip is shown and exported masked; its original leaves for a right and a reason only', { timeout: 300_000 }, async () => {
  await villager.call('watching', { onScreen: { cameraId: 'gate', pictureAt: Date.now() } });
  const { caseNo } = await operator.findsCase((await villager.holdsAlarmKey()).id);
  const clip = await until(
    'the clip is complete',
    async () => (await operator.clips(caseNo)).clips.find((c) => c.cameraId === 'gate' && c.state === 'complete'),
    120_000,
    200,
  );
  expect(clip.masked).toBe(true);

  const looks = await enters((await operator.opensClip(caseNo, clip.clipId, 'play')).token);
  const played = await until('the masks are drawn', () => ready(looks, clip), 120_000, 200);
  const file = join(world.dir, 'played.mp4');
  writeFileSync(file, played);
  const { pictures, middle, edge } = await brightnessOf(file, 10_000);
  expect(pictures).toBe(clip.parts[0]!.frames);
  expect(middle).toBeLessThan(BLACK);
  expect(edge).toBeGreaterThan(WHITE);

  const exported = await exportOf(await enters((await operator.opensClip(caseNo, clip.clipId, 'export')).token), clip);
  writeFileSync(file, exported);
  expect((await brightnessOf(file, 10_000)).middle).toBeLessThan(BLACK);

  const auditor = await world.person('shenji');
  for (const person of [operator, auditor])
    await expect(person.opensClip(caseNo, clip.clipId, 'original')).rejects.toThrow('403 NOT_ALLOWED');
  await expect(operator.opensClip(caseNo, clip.clipId, 'play', WHY)).rejects.toThrow('403 NOT_ALLOWED');
  expect((await rows('unmask.refused')).filter((r) => r.clip === clip.clipId)).toHaveLength(3);

  const takes = await enters((await auditor.opensClip(caseNo, clip.clipId, 'original', { reason: 'order', words: '派出所调取' })).token);
  const original = join(world.dir, 'original.mp4');
  writeFileSync(original, (await takes.asks('GET', mediaPaths.clipFile(clip.clipId, 1))).body);
  writeFileSync(join(world.dir, 'original.json'), (await takes.asks('GET', mediaPaths.clipManifest(clip.clipId, 1))).body);
  expect((await brightnessOf(original)).middle).toBeGreaterThan(WHITE);
  const verified = spawnSync(process.execPath, [join(ROOT, 'scripts/verify.mjs'), original, join(world.dir, 'original.json')]);
  expect(verified.status).toBe(0);
  const sees = await enters((await admin.opensClip(caseNo, clip.clipId, 'play', WHY)).token);
  writeFileSync(file, (await sees.asks('GET', mediaPaths.clipFile(clip.clipId, 1))).body);
  expect((await brightnessOf(file)).middle).toBeGreaterThan(WHITE);
  expect((await rows('unmask.granted')).filter((r) => r.clip === clip.clipId).map((r) => [r.what, r.reason])).toEqual([
    ['original', 'order'],
    ['play', 'danger'],
  ]);
});

it('at the desk the administrator opens it by a dialog that wants a reason; closed, it is gone', { timeout: 240_000 }, async () => {
  const { caseNo } = await operator.findsCase(villager.state?.alarm?.id ?? (await villager.holdsAlarmKey()).id);
  const before = (await rows('unmask.granted')).length;
  const desk = await new ConsoleScreen().sitsDown(world.consoleUrl, 'guanli', world.secrets.admin);
  try {
    const { page } = desk;
    await desk.selects(caseNo);
    await page.locator('[data-testid="unmask-panel"] [data-camera="gate"]').getByRole('button', { name: '查看原画面…' }).click();
    const dialog = page.getByRole('dialog');
    const asks = dialog.getByRole('button', { name: '查看，并记录在案' });
    await dialog.getByLabel('情况说明').fill(WHY.words);
    expect(await asks.isDisabled(), 'without a reason').toBe(true);
    await dialog.getByRole('combobox', { name: '查看理由' }).click();
    await page.locator('.ant-select-item-option', { hasText: UNMASK_LABEL[WHY.reason] }).click();
    expect(await page.locator('video').count(), 'nothing is opened before it is asked for').toBe(0);
    await asks.click();
    await page.getByText(`已记录在案：${UNMASK_LABEL[WHY.reason]} · ${WHY.words}`).waitFor();
    const middle = () =>
      page.evaluate(() => {
        const video = document.querySelector('video');
        const context = document.createElement('canvas').getContext('2d');
        if (!video?.videoWidth || !context) return 0;
        context.drawImage(video, video.videoWidth / 2, video.videoHeight / 2, 1, 1, 0, 0, 1, 1);
        return context.getImageData(0, 0, 1, 1).data[0] ?? 0;
      });
    await until('the picture without its mask', async () => (await middle()) > WHITE, 60_000);
    expect((await rows('unmask.granted')).slice(before)).toMatchObject([{ camera: 'gate', what: 'live', reason: WHY.reason }]);
    await page.getByRole('button', { name: '关闭', exact: true }).click();
    await page.locator('video').waitFor({ state: 'detached' });
  } finally {
    await desk.getsUp();
  }
});

async function ready(viewer: Viewer, { clipId }: CaseClip): Promise<Buffer | undefined> {
  const answer = await viewer.asks('GET', mediaPaths.clipFile(clipId, 1));
  if (answer.status === 200) return answer.body;
  expect(answer.code).toBe('CLIP_NOT_READY');
  return undefined;
}

async function exportOf(viewer: Viewer, { clipId }: CaseClip): Promise<Buffer> {
  await viewer.asks('POST', mediaPaths.clipExport(clipId, 1));
  await until(
    'the export is ready',
    async () => (JSON.parse(String((await viewer.asks('GET', mediaPaths.clipExport(clipId, 1))).body)) as ClipExport).state === 'ready',
    120_000,
    200,
  );
  return (await viewer.asks('GET', mediaPaths.clipExportFile(clipId, 1))).body;
}
