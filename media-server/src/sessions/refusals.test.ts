import type { MediaRefusal } from '@shouwang/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { Refusals } from './refusals.ts';

let clock: ManualClock;
let told: MediaRefusal['data'][];
let waiting: number;
let refusals: Refusals;

beforeEach(() => {
  clock = new ManualClock();
  told = [];
  waiting = 0;
  refusals = new Refusals({ clock, record: (data) => told.push(data), waiting: () => waiting });
});

const used = { code: 'GRANT_USED', what: 'session', cameraId: 'gate', address: '192.0.2.7' } as const;

describe('a refusal', () => {
  test('is put on record at once', () => {
    refusals.note(used);
    expect(told).toEqual([{ ...used, count: 1, firstAt: clock.now(), lastAt: clock.now() }]);
  });

  test('of the same kind again is counted, and told with the minute', () => {
    for (let i = 0; i < 5; i++) refusals.note(used);
    expect(told).toHaveLength(1);
    clock.passes(60_000);
    expect(told.map((t) => t.count)).toEqual([1, 4]);
    clock.passes(60_000);
    expect(told).toHaveLength(2);
  });

  test('that is the camera’s trouble, or the node’s, is not put on record', () => {
    refusals.note({ code: 'CAMERA_OFFLINE', what: 'still' });
    refusals.note({ code: 'WEBRTC_FULL', what: 'whep' });
    expect(told).toEqual([]);
  });
});

describe('a flood', () => {
  const flood = (n: number) => {
    for (let i = 0; i < n; i++) refusals.note({ code: 'GRANT_INVALID', what: 'session', address: `10.0.${i >> 8}.${i & 255}` });
  };
  const counted = () => told.reduce((sum, t) => sum + t.count, 0);

  test('is counted to the last one, in few records', () => {
    flood(5000);
    clock.passes(60_000);
    expect(counted()).toBe(5000);
    expect(told.length).toBeLessThan(210);
  });

  test('that goes on makes a handful of records a minute', () => {
    flood(5000);
    clock.passes(60_000);
    const before = told.length;
    for (let minute = 0; minute < 10; minute++) {
      flood(1000);
      clock.passes(60_000);
    }
    expect(counted()).toBe(15_000);
    expect(told.length - before).toBeLessThanOrEqual(10 * 11);
  });

  test('while the centre is away is only counted, and told when it is back', () => {
    waiting = 5000;
    flood(50);
    clock.passes(60_000);
    expect(told).toEqual([]);
    waiting = 0;
    clock.passes(60_000);
    expect(told.map((t) => t.count)).toEqual([50]);
  });

  test('is told at the end, whatever waits', () => {
    waiting = 5000;
    flood(3);
    refusals.close();
    expect(counted()).toBe(3);
  });
});
