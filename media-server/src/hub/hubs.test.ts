import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Camera } from '../config.ts';
import { silentLog } from '../lib/log.ts';
import { FakeSource } from '../testing/fake-source.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import type { Quality } from './hub.ts';
import { Hubs } from './hubs.ts';

const clock = new ManualClock();
let sources: { id: string; quality: Quality; source: FakeSource }[];
let hubs: Hubs;

beforeEach(() => {
  sources = [];
});
afterEach(() => hubs.close());

function node(cameras: Camera[]): void {
  const makeSource = ({ id }: Camera, quality: Quality) => {
    const source = new FakeSource();
    sources.push({ id, quality, source });
    return source;
  };
  hubs = new Hubs({ cameras, clock, log: silentLog, lingerMs: 1000, makeSource });
}

const camera = (id: string, more: Partial<Camera> = {}): Camera => ({
  id,
  name: '大门口',
  place: '平安村',
  area: '522328101201',
  householdsOf: [],
  url: `rtsp://192.0.2.1/${id}`,
  ...more,
});
const nobody = { onPicture: () => {} };

describe('a camera', () => {
  test('that is not in the list is unknown', () => {
    node([camera('gate')]);
    expect(hubs.has('lane')).toBe(false);
    expect(() => hubs.get('lane')).toThrow('CAMERA_UNKNOWN');
  });

  test('has one hub for each of its streams, whoever asks', () => {
    node([camera('gate', { subUrl: 'rtsp://192.0.2.1/small' })]);
    const [main, sub] = [hubs.get('gate'), hubs.get('gate', 'sub')];
    expect(sub).not.toBe(main);
    expect([main.quality, sub.quality]).toEqual(['main', 'sub']);
    main.subscribe(nobody);
    sub.subscribe(nobody);
    expect(hubs.get('gate', 'main')).toBe(main);
    expect(hubs.get('gate', 'sub')).toBe(sub);
    expect(sources.map((s) => [s.quality, s.source.starts])).toEqual([
      ['main', 1],
      ['sub', 1],
    ]);
  });

  test('without a sub-stream gives its main stream instead, pulled once', () => {
    node([camera('gate')]);
    expect(hubs.get('gate', 'sub')).toBe(hubs.get('gate'));
  });

  test('is listed as long as it is pulled', async () => {
    node([camera('gate'), camera('lane')]);
    const { close } = hubs.get('gate').subscribe(nobody);
    expect(hubs.all().map((h) => h.cameraId)).toEqual(['gate']);
    close();
    clock.passes(1000);
    await vi.waitFor(() => expect(hubs.all()).toEqual([]));
  });
});

describe('a list of 5,000 cameras', () => {
  const list = Array.from({ length: 5000 }, (_, i) => camera(`cam-${i}`, { subUrl: `rtsp://192.0.2.1/sub-${i}` }));
  const limit = 1024 * 1024;
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heap = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };

  test('makes nothing for those that nobody watches', () => {
    const before = heap();
    node(list);
    expect(heap() - before).toBeLessThan(limit);
    expect(sources).toEqual([]);
  });

  test('keeps nothing for those that were watched once', async () => {
    const before = heap();
    hubs = new Hubs({ cameras: list, clock, log: silentLog, lingerMs: 1000, makeSource: () => new FakeSource() });
    for (const { id } of list) {
      hubs.get(id).subscribe(nobody).close();
      clock.passes(1000);
    }
    await vi.waitFor(() => expect(hubs.all()).toEqual([]));
    await vi.waitFor(() => expect(heap() - before).toBeLessThan(limit), 10_000);
  });
});

test('who asks what is pulled is told of what is pulled already', () => {
  const source = new FakeSource();
  const camera = { id: 'gate', name: 'x', place: 'x', area: '522328101201', householdsOf: [], url: 'rtsp://x/y' };
  const hubs = new Hubs({ cameras: [camera], clock: new ManualClock(), log: silentLog, lingerMs: 0, makeSource: () => source });
  hubs.get('gate').subscribe({ onPicture: () => {} });
  const told: [string, boolean][] = [];
  hubs.onPulled((hub, pulled) => told.push([hub.cameraId, pulled]));
  expect(told).toEqual([['gate', true]]);
});
