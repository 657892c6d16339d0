/** Black, frozen, silent, out of reach: found within 30 s on a pulled camera, told once, and over when it is over. */

import { CodedError } from '@shouwang/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { Hubs } from '../hub/hubs.ts';
import type { AccessUnit } from '../ingest/access-unit.ts';
import { systemClock } from '../lib/clock.ts';
import { silentLog } from '../lib/log.ts';
import { FakeSource } from '../testing/fake-source.ts';
import { pictures, track } from '../testing/h264-video.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { findFfmpeg } from '../viewers/stills/find-ffmpeg.ts';
import { FaultBook } from './fault-book.ts';
import { factsOf, LUMA_HEIGHT, LUMA_WIDTH, lumaOf } from './luma.ts';
import { judge } from './picture-verdict.ts';
import { PictureWatch } from './picture-watch.ts';
import { Probe } from './probe.ts';

const T = 1_790_000_000_000;
const POINTS = LUMA_WIDTH * LUMA_HEIGHT;
/** Repeatable noise. */
function noise(seed: number): () => number {
  let x = seed;
  return () => {
    x = (x * 1_103_515_245 + 12_345) % 2_147_483_648;
    return x / 2_147_483_648;
  };
}
const flat = (level: number) => Buffer.alloc(POINTS, level);
function noisy(level: number, amplitude: number, seed: number): Buffer {
  const next = noise(seed);
  return Buffer.from(Array.from({ length: POINTS }, () => Math.max(0, Math.min(255, Math.round(level + (next() - 0.5) * 2 * amplitude)))));
}
/** White digits in a corner, others each second. */
function withClock(luma: Buffer, second: number): Buffer {
  const out = Buffer.from(luma);
  for (let i = 0; i < 90; i++) if ((i * 7 + second) % 3 === 0) out[i] = 235;
  return out;
}
const every4s = (lumas: Buffer[]) => lumas.map((luma, i) => ({ luma, at: T + i * 4000 }));
const times = <X>(n: number, make: (i: number) => X) => Array.from({ length: n }, (_, i) => make(i));

describe('a picture is', () => {
  test.each([
    ['black', times(3, () => flat(0)), 'black'],
    ['black with the time written into it', times(3, (i) => withClock(flat(16), i)), 'black'],
    ['a yard at night: dark and alive', times(6, (i) => noisy(14, 8, i + 1)), undefined],
    [
      'a night with lamps and edges',
      times(6, (i) => noisy(i % 2 ? 12 : 13, 2, 9).map((v, n) => (n % 9 === 0 ? 70 : v)) as Buffer),
      'either',
    ],
    ['by day', times(6, (i) => noisy(120, 60, i + 1)), undefined],
    ['frozen', times(6, () => noisy(120, 60, 1)), 'frozen'],
    ['still, but for the time written into it', times(6, (i) => withClock(noisy(120, 60, 1), i)), undefined],
  ] as const)('%s', (_name, lumas, fault) => {
    const verdict = judge(every4s([...lumas]));
    if (fault === 'either') expect(verdict?.fault).not.toBe('black');
    else expect(verdict?.fault).toBe(fault);
  });

  test('nothing yet after too few, or too short a time', () => {
    expect(judge(every4s([flat(0), flat(0)]))).toBeUndefined();
    expect(judge(every4s(times(3, () => noisy(120, 60, 1))))).toBeUndefined();
  });
});

test('a key frame is read as its brightness by the ffmpeg that makes the stills', async () => {
  const ffmpeg = findFfmpeg(process.env)!;
  const keys = pictures('II', { fps: 1 });
  const lumas = await lumaOf(keys, { ffmpeg, clock: systemClock });
  expect(lumas.map((l) => l.length)).toEqual([POINTS, POINTS]);
  // The shade is the picture's index, below the darkest there is.
  expect(factsOf(lumas[0]!).mean).toBeLessThan(3);
});

describe('the watch', () => {
  let clock: ManualClock;
  let source: FakeSource;
  let hubs: Hubs;
  let faults: FaultBook;
  let looks: number;
  /** What the camera shows at a time. */
  let shows: (second: number) => Buffer;

  beforeEach(() => {
    clock = new ManualClock(T);
    source = new FakeSource();
    looks = 0;
    shows = (s) => noisy(120, 60, s + 1);
    const camera = { id: 'gate', name: '大门口', place: '村口', area: '522328101201', householdsOf: [], url: 'rtsp://x/y' };
    hubs = new Hubs({ cameras: [camera], clock, log: silentLog, lingerMs: 0, makeSource: () => source });
    faults = new FaultBook(() => clock.now());
    const decode = async (keys: readonly AccessUnit[]) => {
      looks++;
      return keys.map((k) => shows(Math.round((k.arrivedAt - T) / 1000)));
    };
    new PictureWatch({ hubs, faults, clock, log: silentLog, decode, perMinute: 600 }).start();
  });

  /** Seconds of a camera with a key frame every two; `bytes` of each picture in between. */
  async function runs(seconds: number, bytes: number): Promise<void> {
    for (let s = 0; s < seconds; s += 2) {
      const at = Math.round((clock.now() - T) / 1000);
      for (const p of pictures('IPPPPPPPPP', { fps: 5, from: at * 5, startAt: T })) {
        clock.passes(Math.max(0, p.arrivedAt - clock.now()));
        source.sends({ ...p, bytes: p.key ? 20_000 : bytes });
        await Promise.resolve();
      }
      clock.passes(Math.max(0, T + (at + 2) * 1000 - clock.now()));
      await Promise.resolve();
    }
  }
  const now = () => faults.told().faults.map((f) => f.fault);

  async function pulled(): Promise<void> {
    hubs.get('gate').subscribe({ onPicture: () => {} });
    source.answers(track());
    await runs(20, 2000);
    expect(now()).toEqual([]);
  }

  test.each([
    ['black', () => flat(0)],
    ['frozen', () => noisy(120, 60, 7)],
  ] as const)('finds a %s picture within 30 s, tells it once, and that it is over', async (fault, picture) => {
    await pulled();
    shows = picture;
    let told = 0;
    faults.onChanged = () => told++;
    await runs(30, 40);
    expect(now()).toEqual([fault]);
    await runs(20, 40);
    expect(told).toBe(1);
    shows = (s) => noisy(120, 60, s + 1);
    await runs(30, 2000);
    expect(now()).toEqual([]);
  });

  test('does not decode a picture that moves more than once a minute', async () => {
    await pulled();
    const before = looks;
    await runs(120, 2000);
    expect(looks - before).toBeLessThanOrEqual(2);
  });

  test('finds a camera that sends nothing any more, and one that is lost', async () => {
    await pulled();
    clock.passes(20_000);
    expect(now()).toEqual(['silent']);
    await runs(4, 2000);
    expect(now()).toEqual([]);
    source.fails(new CodedError('CAMERA_OFFLINE'));
    clock.passes(4000);
    expect(now(), 'a short loss is no fault').toEqual([]);
    clock.passes(10_000);
    expect(faults.told().faults).toMatchObject([{ cameraId: 'gate', fault: 'unreachable', detail: 'CAMERA_OFFLINE' }]);
  });

  test('sees a camera that nobody watches when it is its turn to be probed, and lets it go', async () => {
    const probe = new Probe({ hubs, cameras: [{ id: 'gate' }], clock, perHour: 60 });
    probe.start();
    expect(source.running).toBe(false);
    clock.passes(60_000);
    expect(source.running).toBe(true);
    source.answers(track());
    shows = () => flat(0);
    await runs(22, 40);
    expect(now()).toEqual(['black']);
    clock.passes(4000);
    expect(source.running).toBe(false);
    expect(now(), 'it stands until somebody looks again').toEqual(['black']);
    probe.close();
  });
});
