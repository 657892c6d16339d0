import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Hub } from '../hub/hub.ts';
import type { AccessUnit } from '../ingest/access-unit.ts';
import { parseSps } from '../ingest/h264/sps.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { silentLog } from '../lib/log.ts';
import { FakeSource } from '../testing/fake-source.ts';
import { pictures, sps } from '../testing/h264-video.ts';
import { h265Pictures } from '../testing/h265-video.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { findFfmpeg } from '../viewers/stills/find-ffmpeg.ts';
import { TranscodeBudget } from './budget.ts';
import { TranscodePool } from './pool.ts';
import { PROFILES } from './profiles.ts';

const ffmpeg = findFfmpeg(process.env)!;
const all = h265Pictures({ width: 640, height: 480, count: 100, gop: 25 });
let pool: TranscodePool;
let budget: TranscodeBudget;
let source: FakeSource;
let parent: Hub;

interface Made {
  clock?: Clock;
  bin?: string;
  cpuSeconds?: (pid: number) => number;
}

function pull(cameraId = 'gate'): { source: FakeSource; parent: Hub } {
  const own = new FakeSource();
  return { source: own, parent: new Hub({ cameraId, source: own, clock: systemClock, log: silentLog, lingerMs: 0 }) };
}

beforeEach(() => {
  ({ source, parent } = pull());
});
afterEach(async () => {
  await pool.close();
  budget.close();
});

function makePool(maxCorePercent: number, { clock = systemClock, bin = ffmpeg, ...more }: Made = {}): TranscodePool {
  budget = new TranscodeBudget({ clock, maxCorePercent, ...more });
  pool = new TranscodePool({ ffmpeg: bin, budget, clock, log: silentLog, lingerMs: 0 });
  return pool;
}

/** Watches, and plays the camera. */
function watch(hub: Hub): AccessUnit[] {
  const seen: AccessUnit[] = [];
  hub.subscribe({ onPicture: (p) => seen.push(p) });
  source.answers(all[0]!.track);
  source.sends(...all);
  return seen;
}

test('H.265 becomes H.264 of the profile’s size, picture by picture, each with the time at which it was taken', async () => {
  const hub = makePool(100).hub(parent, PROFILES['360p']);
  const seen = watch(hub);
  await vi.waitFor(() => expect(seen.length).toBeGreaterThan(40), { timeout: 40_000 });
  const { width, height, profile } = parseSps(seen[0]!.track.sps);
  expect({ width, height, profile, key: seen[0]!.key }).toEqual({ width: 480, height: 360, profile: 66, key: true });
  const taken = new Map(all.map((p) => [p.ticks, p.pictureAt]));
  // Every other picture, to the ms of the container.
  for (const p of seen) expect(Math.abs((taken.get(Math.round(p.ticks / 3600) * 3600) ?? 0) - p.pictureAt)).toBeLessThanOrEqual(21);
  expect(seen.every((p, i) => i === 0 || p.ticks > seen[i - 1]!.ticks)).toBe(true);
  expect(hub.track).toMatchObject({ codec: 'h264' });
});

test('sound that is described only after the pictures is told all the same', () => {
  const hub = makePool(100).hub(parent, PROFILES['360p']);
  const heard: string[] = [];
  hub.subscribe({ onPicture: () => {}, onAudio: () => heard.push(hub.audioTrack?.codec ?? 'not told') });
  source.answers(all[0]!.track);
  const sound = { codec: 'pcma' as const, sampleRate: 8000, channels: 1, config: Buffer.alloc(0), run: 1 };
  const frame = { data: Buffer.alloc(160), ticks: 0, pictureAt: 0, arrivedAt: 0, track: sound };
  source.hears(sound, frame);
  expect(heard).toEqual(['pcma']);
});

test('it is one for all viewers, and ends with the last', async () => {
  makePool(100);
  const hub = pool.hub(parent, PROFILES['720p']);
  expect(pool.hub(parent, PROFILES['720p'])).toBe(hub);
  const subscription = hub.subscribe({ onPicture: () => {} });
  expect([pool.running, source.running]).toEqual([1, true]);
  subscription.close();
  await vi.waitFor(() => expect([pool.running, budget.running, source.running]).toEqual([0, 0, false]));
});

test('beyond the budget it is refused with a code; what it turns out to need counts, not what was expected', () => {
  const clock = new ManualClock();
  let used = 0;
  makePool(60, { clock, cpuSeconds: () => used });
  const hub = pool.hub(parent, PROFILES['720p']);
  hub.subscribe({ onPicture: () => {} });
  source.answers(all[0]!.track);
  source.sends(...all.slice(0, 2));
  const second = pull('lane').parent;
  pool.hub(second, PROFILES['360p']).subscribe({ onPicture: () => {} });
  const third = () => pool.hub(pull('square').parent, PROFILES['360p']);
  expect(third).toThrow(expect.objectContaining({ code: 'TRANSCODE_BUDGET' }));
  clock.passes(5000);
  // 10 % of a core over five seconds.
  used = 0.5;
  clock.passes(5000);
  expect(budget.corePercent).toBeCloseTo(10 + PROFILES['360p'].estimatedCorePercent);
  expect(third).not.toThrow();
});

test.each([
  ['before', true],
  ['after', false],
])('pictures of more pixels are expected to need more, where the camera says so %s it is asked for', (_what, before) => {
  makePool(100, { clock: new ManualClock() });
  const asked = () => {
    const own = pull(`camera ${pool.running}`);
    const [key] = pictures('I');
    const track = { ...key!.track, sps: sps({ width: 240, height: 135 }) };
    own.parent.subscribe({ onPicture: () => {} });
    if (before) own.source.answers(track);
    pool.hub(own.parent, PROFILES['720p']).subscribe({ onPicture: () => {} });
    if (!before) own.source.answers(track);
    own.source.sends({ ...key!, track });
  };
  asked();
  // 3840×2160: decoding takes four times what it takes at 1080p.
  expect(budget.corePercent).toBeCloseTo(81, 0);
  expect(asked).toThrow(expect.objectContaining({ code: 'TRANSCODE_BUDGET' }));
});

test('one that is expected to need more than the whole budget may try it while nothing else does', () => {
  makePool(100);
  const share = budget.take(111);
  expect(() => budget.take(1)).toThrow(expect.objectContaining({ code: 'TRANSCODE_BUDGET' }));
  share.release();
  expect(budget.corePercent).toBe(0);
});

test('it can spare what leaves as much to somebody else, and anything while nobody wants any', () => {
  makePool(100);
  expect(budget.canSpare(60)).toBe(true);
  budget.take(30);
  expect([budget.canSpare(30), budget.canSpare(40)]).toEqual([true, false]);
  budget.take(30);
  expect(budget.canSpare(30)).toBe(false);
});

test('a budget of nothing is no transcode at all', () => {
  makePool(0);
  expect(() => pool.hub(parent, PROFILES['360p'])).toThrow(expect.objectContaining({ code: 'TRANSCODE_BUDGET' }));
});

test('one that was asked for and never watched is let go', () => {
  const clock = new ManualClock();
  makePool(100, { clock });
  pool.hub(parent, PROFILES['360p']);
  clock.passes(5000);
  expect([pool.running, budget.running]).toEqual([0, 0]);
});

test('ffmpeg that ends by itself is begun anew, and the viewers hear of it', async () => {
  const clock = new ManualClock();
  makePool(100, { clock, bin: '/bin/false' });
  const hub = pool.hub(parent, PROFILES['360p']);
  const down = vi.fn();
  hub.subscribe({ onPicture: () => {}, onDown: down });
  source.answers(all[0]!.track);
  source.sends(...all.slice(0, 3));
  await vi.waitFor(() => expect(down).toHaveBeenCalledWith(expect.objectContaining({ code: 'INTERNAL' })));
  clock.passes(2000);
  source.sends(all[25]!);
  expect(hub.counters.connects).toBe(2);
});
