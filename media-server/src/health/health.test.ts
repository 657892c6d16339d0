/** Black, frozen, silent, out of reach: found within 30 s on a pulled camera, told once, and over when it is over. */

import { CodedError } from '@shouwang/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { Hubs } from '../hub/hubs.ts';
import type { AccessUnit } from '../ingest/access-unit.ts';
import { silentLog } from '../lib/log.ts';
import { FakeSource } from '../testing/fake-source.ts';
import { pictures, track } from '../testing/h264-video.ts';
import { flat, noisy, withClock } from '../testing/luma.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { FaultBook } from './fault-book.ts';
import { PictureWatch } from './picture-watch.ts';
import { Probe } from './probe.ts';

const T = 1_790_000_000_000;

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

  /** A key frame every `gopS`, and with each picture what a camera adds to it: it makes every one look as if something happened. */
  async function runsSlowly(seconds: number, gopS: number, added: number): Promise<void> {
    const sei = Buffer.alloc(added, 0x06);
    for (let s = 0; s < seconds; s += gopS) {
      const at = Math.round((clock.now() - T) / 1000);
      for (const p of pictures(`I${'P'.repeat(gopS - 1)}`, { fps: 1, from: at, startAt: T })) {
        clock.passes(Math.max(0, p.arrivedAt - clock.now()));
        source.sends({ ...p, nals: [sei, ...p.nals], bytes: (p.key ? 20_000 : 40) + added });
        for (let i = 0; i < 4; i++) {
          clock.passes(i < 3 ? 250 : 0);
          await Promise.resolve();
        }
      }
      clock.passes(Math.max(0, T + (at + gopS) * 1000 - clock.now()));
      await Promise.resolve();
    }
  }

  test.each([
    ['black', () => flat(0)],
    ['frozen', () => noisy(120, 60, 7)],
  ] as const)(
    'finds a %s picture within 30 s also where key frames come every 10 s, and each picture has something added',
    async (fault, picture) => {
      await pulled();
      const lastAlive = (clock.now() - T) / 1000;
      shows = (s) => (s > lastAlive ? picture() : noisy(120, 60, s + 1));
      await runsSlowly(30, 10, 400);
      expect(now()).toEqual([fault]);
    },
  );

  test('finds one with the second key frame where they come every 20 s', async () => {
    await pulled();
    shows = () => flat(0);
    await runsSlowly(40, 20, 0);
    expect(now()).toEqual(['black']);
  });

  test('looks again at once where a picture that seems to move was found dark', async () => {
    await pulled();
    shows = () => flat(0);
    await runs(76, 2000);
    expect(now()).toEqual(['black']);
  });

  test('leaves a camera in peace where hardly anything moves but something does, and finds it when that stops', async () => {
    await pulled();
    shows = (s) => withClock(noisy(120, 60, 1), s);
    await runs(30, 100);
    const before = looks;
    await runs(50, 100);
    expect(looks - before).toBeLessThanOrEqual(1);
    shows = () => withClock(noisy(120, 60, 1), 1);
    await runs(30, 40);
    expect(now()).toEqual(['frozen']);
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

  test('tells which cameras live, and one that says no apart from one that is away', async () => {
    await pulled();
    expect(faults.told().live).toEqual(['gate']);
    source.fails(new CodedError('CAMERA_OFFLINE', 'the camera refuses the user name or password'), 1000, 'refused');
    clock.passes(12_000);
    expect(faults.told()).toMatchObject({
      faults: [{ cameraId: 'gate', fault: 'refused', detail: 'the camera refuses the user name or password' }],
      live: [],
    });
    source.fails(new CodedError('CAMERA_OFFLINE'));
    clock.passes(2000);
    expect(now()).toEqual(['unreachable']);
    source.answers(track());
    await runs(6, 2000);
    expect(faults.told()).toMatchObject({ faults: [], live: ['gate'] });
  });

  test('learns nothing of a camera from a node that has no processor time to read it', async () => {
    await pulled();
    source.fails(new CodedError('TRANSCODE_BUDGET'));
    clock.passes(20_000);
    expect(now()).toEqual([]);
    source.fails(new CodedError('CAMERA_OFFLINE'));
    clock.passes(4000);
    expect(now(), 'a short loss is no fault').toEqual([]);
    clock.passes(10_000);
    source.fails(new CodedError('TRANSCODE_BUDGET'));
    clock.passes(20_000);
    expect(now()).toEqual(['unreachable']);
  });

  test('calls one refused that has had no processor time for a minute, until it has some', async () => {
    await pulled();
    const noRoom = () => source.fails(new CodedError('TRANSCODE_BUDGET'));
    noRoom();
    clock.passes(55_000);
    expect(now()).toEqual([]);
    clock.passes(10_000);
    expect(faults.told().faults).toMatchObject([{ cameraId: 'gate', fault: 'refused', detail: 'TRANSCODE_BUDGET' }]);
    source.answers(track());
    clock.passes(1000);
    expect(now()).toEqual([]);
    noRoom();
    clock.passes(65_000);
    expect(now()).toEqual(['refused']);
    source.fails(new CodedError('CAMERA_OFFLINE'));
    clock.passes(1000);
    expect(now()).toEqual([]);
  });

  test('calls none refused for want of processor time that nobody pulls any more, or a probe only', async () => {
    const viewer = hubs.get('gate').subscribe({ onPicture: () => {} });
    source.fails(new CodedError('TRANSCODE_BUDGET'));
    clock.passes(65_000);
    expect(now()).toEqual(['refused']);
    viewer.close();
    clock.passes(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(now()).toEqual([]);
    const probe = new Probe({ hubs, cameras: [{ id: 'gate', url: 'rtsp://x/y' }], clock, perHour: 60 });
    probe.start();
    for (let i = 0; i < 10; i++) {
      clock.passes(20_000);
      source.fails(new CodedError('TRANSCODE_BUDGET'));
      await new Promise((resolve) => setImmediate(resolve));
      expect(now()).toEqual([]);
    }
    probe.close();
  });

  test('leaves out a camera for which nothing can be spared, until something can', () => {
    let spare = false;
    const probe = new Probe({ hubs, cameras: [{ id: 'gate', url: 'rtsp://x/y' }], canSpare: () => spare, clock, perHour: 60 });
    probe.start();
    clock.passes(120_000);
    expect(source.starts).toBe(0);
    spare = true;
    clock.passes(60_000);
    expect(source.starts).toBe(1);
    probe.close();
  });

  test('sees a camera that nobody watches when it is its turn to be probed, and lets it go', async () => {
    const probe = new Probe({ hubs, cameras: [{ id: 'gate', url: 'rtsp://x/y' }], clock, perHour: 60 });
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

  test('probes a camera for as long whose first picture takes its time, and waits for none much longer', async () => {
    const probe = new Probe({ hubs, cameras: [{ id: 'gate', url: 'rtsp://x/y' }], clock, perHour: 60 });
    probe.start();
    clock.passes(84_000);
    source.answers(track());
    shows = () => flat(0);
    await runs(20, 40);
    expect(now()).toEqual(['black']);
    clock.passes(6000);
    expect(source.running).toBe(false);
    await new Promise((resolve) => setImmediate(resolve));
    clock.passes(10_000);
    expect(source.running).toBe(true);
    clock.passes(30_000);
    expect(source.running).toBe(false);
    probe.close();
  });
});

describe('the watch over several cameras', () => {
  const ids = ['a', 'b', 'c', 'd', 'e'];
  let clock: ManualClock;
  let sources: Map<string, FakeSource>;
  let faults: FaultBook;
  /** How many key frames were given to each process that decodes. */
  let decoded: number[];
  /** Bytes of a key frame that cannot be read. */
  const UNREADABLE = 30_000;

  beforeEach(() => {
    clock = new ManualClock(T);
    sources = new Map();
    decoded = [];
    faults = new FaultBook(() => clock.now());
    const cameras = ids.map((id) => ({ id, name: id, place: '村口', area: '522328101201', householdsOf: [], url: 'rtsp://x/y' }));
    const makeSource = ({ id }: { id: string }) => {
      sources.set(id, new FakeSource());
      return sources.get(id)!;
    };
    const hubs = new Hubs({ cameras, clock, log: silentLog, lingerMs: 0, makeSource });
    const decode = async (keys: readonly AccessUnit[]) => {
      decoded.push(keys.length);
      return keys.filter((k) => k.bytes !== UNREADABLE).map(() => flat(0));
    };
    new PictureWatch({ hubs, faults, clock, log: silentLog, decode, perMinute: 600 }).start();
    for (const id of ids) {
      hubs.get(id).subscribe({ onPicture: () => {} });
      sources.get(id)!.answers(track());
    }
  });

  /** Seconds in which nothing moves, each camera with a key frame every two. */
  async function stands(seconds: number, keyBytes: (id: string) => number): Promise<void> {
    const from = clock.now();
    for (const p of pictures('IP'.repeat(seconds / 2), { fps: 1, startAt: from })) {
      clock.passes(p.arrivedAt - clock.now());
      for (const id of ids) sources.get(id)!.sends({ ...p, bytes: p.key ? keyBytes(id) : 40 });
      // Each that is decoded by itself waits for the one before.
      for (let i = 0; i < 20; i++) await Promise.resolve();
    }
    clock.passes(from + seconds * 1000 - clock.now());
  }
  const black = () =>
    faults
      .told()
      .faults.filter((f) => f.fault === 'black')
      .map((f) => f.cameraId);

  test('decodes them together', async () => {
    await stands(30, () => 20_000);
    expect(black()).toEqual(ids);
    expect(decoded.length).toBeLessThanOrEqual(8);
    expect(Math.max(...decoded)).toBeGreaterThanOrEqual(ids.length);
  });

  test('judges the others where one cannot be read, and asks that one by itself from then on', async () => {
    await stands(30, (id) => (id === 'c' ? UNREADABLE : 20_000));
    expect(black()).toEqual(ids.filter((id) => id !== 'c'));
    const before = decoded.length;
    await stands(12, (id) => (id === 'c' ? UNREADABLE : 20_000));
    expect(decoded.length - before).toBeLessThanOrEqual(8);
    await stands(20, () => 20_000);
    expect(black()).toContain('c');
  });
});

test('a camera without processor time that is only not let go yet is called nothing', () => {
  const clock = new ManualClock(T);
  const source = new FakeSource();
  const camera = { id: 'gate', name: '大门口', place: '村口', area: '522328101201', householdsOf: [], url: 'rtsp://x/y' };
  const hubs = new Hubs({ cameras: [camera], clock, log: silentLog, lingerMs: 300_000, makeSource: () => source });
  const faults = new FaultBook(() => clock.now());
  const watch = new PictureWatch({ hubs, faults, clock, log: silentLog, decode: undefined, perMinute: 600 });
  watch.start();
  hubs
    .get('gate')
    .subscribe({ onPicture: () => {} })
    .close();
  source.fails(new CodedError('TRANSCODE_BUDGET'));
  clock.passes(120_000);
  expect(faults.told().faults).toEqual([]);
  watch.close();
});

test('a camera whose smaller stream goes on when nobody watches the main one any more is still looked at', async () => {
  const clock = new ManualClock(T);
  const sources = { main: new FakeSource(), sub: new FakeSource() };
  const camera = {
    id: 'gate',
    name: '大门口',
    place: '村口',
    area: '522328101201',
    householdsOf: [],
    url: 'rtsp://x/1',
    subUrl: 'rtsp://x/2',
  };
  const hubs = new Hubs({ cameras: [camera], clock, log: silentLog, lingerMs: 0, makeSource: (_camera, quality) => sources[quality] });
  const faults = new FaultBook(() => clock.now());
  const watch = new PictureWatch({ hubs, faults, clock, log: silentLog, decode: undefined, perMinute: 600 });
  watch.start();
  hubs.get('gate', 'sub').subscribe({ onPicture: () => {} });
  const main = hubs.get('gate').subscribe({ onPicture: () => {} });
  for (const source of Object.values(sources)) source.answers(track());
  main.close();
  clock.passes(0);
  await new Promise((resolve) => setImmediate(resolve));
  sources.sub.sends(...pictures('I', { startAt: clock.now() }));
  clock.passes(1000);
  expect(faults.told().live).toEqual(['gate']);
  watch.close();
});
