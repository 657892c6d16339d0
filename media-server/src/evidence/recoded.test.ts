/** Clips coded anew: an export, and a copy with masks, have each picture of the original once and at its time; H.265 too. ffprobe counts. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { AccessUnit } from '../ingest/access-unit.ts';
import type { Mask } from '../masks/mask.ts';
import { pictures } from '../testing/h264-video.ts';
import { h265Pictures } from '../testing/h265-video.ts';
import { CLIP, recordingNode, T, VERIFY } from '../testing/recording-node.ts';
import { findFfmpeg } from '../viewers/stills/find-ffmpeg.ts';

const t = recordingNode();
const ffmpeg = findFfmpeg(process.env);
const MASK: Mask = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };
/** Wide enough for the mark to be drawn. */
const SHAPE = { width: 20, height: 4 };

/** A finished clip of these pictures. */
async function clipOf(all: readonly AccessUnit[], masks: Mask[] = []) {
  await t.starts({ camera: { masks }, ffmpeg });
  const to = all.at(-1)!.arrivedAt - 1;
  t.evidence.clips.hear({ clipId: CLIP, caseNo: '20261123-0007', cameraId: 'gate', from: T, to, wanted: 'kept' }, T);
  await t.evidence.clips.settled();
  t.source.answers(all[0]!.track);
  for (const picture of all) {
    t.clock.passes(Math.max(0, picture.arrivedAt - t.clock.now()));
    t.source.sends(picture);
  }
  await t.evidence.clips.settled();
  expect(t.evidence.clips.unreported[0]).toMatchObject({ state: 'complete' });
  return t.evidence.clips.part(CLIP, 1);
}

/** When the first one comes. */
const FIRST_MS = 40;

/** A camera whose pictures come anything but evenly, as they do over a village's line. */
function uneven(count: number): AccessUnit[] {
  let ms = 0;
  const at = Array.from({ length: count }, (_, i) => {
    ms += [40, 120, 33, 80, 7, 200, 41][i % 7]!;
    // The last one of the clip is shown over the end of a second: the mark's next one begins, and no further picture does.
    if (i === count - 2) ms = FIRST_MS + Math.ceil((ms - FIRST_MS + 300) / 1000) * 1000 - 50;
    return ms;
  });
  return pictures(`I${'P'.repeat(24)}`.repeat(Math.ceil(count / 25)).slice(0, count), { shape: SHAPE }).map((p, i) => ({
    ...p,
    ticks: at[i]! * 90,
    pictureAt: T + at[i]!,
    arrivedAt: T + at[i]!,
  }));
}

/** When each picture is shown, ms. */
function times(file: string): number[] {
  const shown = ['-select_streams', 'v', '-show_entries', 'frame=pts_time', '-of', 'csv=p=0'];
  const out = String(execFileSync('ffprobe', ['-v', 'error', ...shown, file]));
  // A frame with side data has a line of nothing after it.
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => Math.round(Number.parseFloat(line) * 1000));
}

async function exported(masks: readonly Mask[] = []): Promise<string> {
  const part = t.evidence.clips.part(CLIP, 1);
  const wish = { clipId: CLIP, n: 1, mp4: part.mp4, manifest: part.manifest, caseNo: part.want.caseNo, viewer: 'operator:zhiban', masks };
  await t.evidence.exports.begin('view', wish);
  await vi.waitFor(() => expect(t.evidence.exports.progress('view', CLIP, 1)).toMatchObject({ state: 'ready' }), { timeout: 30_000 });
  return t.evidence.exports.file('view', CLIP, 1);
}

/** Once it is there. */
const copied = () => vi.waitFor(() => t.evidence.copies.file(t.evidence.clips.part(CLIP, 1)), { timeout: 30_000, interval: 100 });

/** Of the pixel in the middle and of the one in the corner, over all pictures: the brightest and the darkest. */
function luma(file: string): { middle: number; corner: number } {
  const filters = 'crop=16:16:iw/2-8:ih/2-8,scale=1:1:flags=area,format=gray';
  const read = (vf: string) =>
    execFileSync(ffmpeg!, ['-v', 'fatal', '-i', file, '-fps_mode', 'passthrough', '-vf', vf, '-f', 'rawvideo', 'pipe:1']);
  return { middle: Math.max(...read(filters)), corner: Math.min(...read('crop=2:2:0:0,scale=1:1:flags=area,format=gray')) };
}

describe('an export', () => {
  test('has each picture once and at its time, however unevenly they came', { timeout: 60_000 }, async () => {
    const { mp4, part } = await clipOf(uneven(75));
    const original = times(mp4);
    expect(original).toHaveLength(part.frames);
    expect(times(await exported())).toEqual(original);
  });
});

describe('a copy with masks', () => {
  test('has each picture once and at its time, black where the masks are; the original is left as it was', {
    timeout: 60_000,
  }, async () => {
    const bright = uneven(75).map((p, i) => (p.key ? { ...p, nals: pictures('I', { from: 200 + i, shape: SHAPE })[0]!.nals } : p));
    const { mp4, masks } = await clipOf(bright, [MASK]);
    expect(masks).toEqual([MASK]);
    const copy = await copied();
    expect(times(copy)).toEqual(times(mp4));
    expect(luma(mp4).middle).toBeGreaterThan(150);
    expect(luma(copy).middle).toBeLessThan(24);
    expect(luma(copy).corner).toBeGreaterThan(150);
    expect(luma(await exported([MASK])).middle).toBeLessThan(24);
  });

  test('is not ready while it is being made, and goes with its clip', { timeout: 60_000 }, async () => {
    const part = await clipOf(uneven(25), [MASK]);
    const other = { ...part, masks: [{ ...MASK, x: 0 }] };
    expect(() => t.evidence.copies.file(other)).toThrow('CLIP_NOT_READY');
    t.evidence.clips.hear({ ...part.want, wanted: 'deleted' }, t.clock.now());
    await t.evidence.clips.settled();
    await vi.waitFor(() => expect(readdirSync(join(t.dir, 'evidence/clips', CLIP))).toEqual(['clip.json']), { timeout: 30_000 });
    t.evidence.copies.close();
  });
});

test('a clip of an H.265 camera is accepted by the verifier, plays, and is exported and masked as H.264', {
  timeout: 120_000,
}, async () => {
  const { mp4, manifest, part } = await clipOf(h265Pictures({ count: 75 }), [MASK]);
  expect(part.codec).toBe('h265');
  expect(spawnSync(process.execPath, [VERIFY, mp4, manifest]).status).toBe(0);
  const codec = (file: string) =>
    String(execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'stream=codec_name,codec_tag_string', '-of', 'csv=p=0', file])).trim();
  expect(codec(mp4)).toBe('hevc,hvc1');
  const original = times(mp4);
  expect(original).toHaveLength(part.frames);
  for (const file of [await exported(), await copied()]) {
    expect(codec(file)).toBe('h264,avc1');
    expect(times(file)).toEqual(original);
  }
});
