import { describe, expect, test } from 'vitest';
import { PictureClock } from './picture-clock.ts';
import { readRtcp } from './rtcp.ts';

const NOW = 1_790_000_000_000;

describe('without a clock of the camera', () => {
  test('pictures are dated by arrival, jitter taken out', () => {
    const clock = new PictureClock(90_000);
    expect(clock.dates(0, 0, NOW)).toBe(NOW);
    // 40 ms later by the timestamp, 70 ms by arrival: the network was late.
    expect(clock.dates(3600, 3600, NOW + 70)).toBe(NOW + 40);
    // Earlier than thought: the first one had been late itself.
    expect(clock.dates(7200, 7200, NOW + 60)).toBe(NOW + 60);
    expect(clock.dates(10_800, 10_800, NOW + 140)).toBe(NOW + 100);
  });
});

describe('with sender reports', () => {
  const report = (ntpMs: number) => ({ ssrc: 1, ntpMs, ntpMiddle: 0, timestamp: 1000 });

  test('pictures are dated by the camera', () => {
    const clock = new PictureClock(90_000);
    clock.sawReport(report(NOW - 300));
    expect(clock.dates(4600, 4600, NOW)).toBe(NOW - 260);
  });

  test.each([
    ['a day behind', NOW - 86_400_000],
    ['an hour ahead', NOW + 3_600_000],
    ['never set', 0],
  ])('a camera clock %s counts for nothing', (_what, ntpMs) => {
    const clock = new PictureClock(90_000);
    clock.sawReport(report(ntpMs));
    expect(clock.dates(4600, 4600, NOW)).toBe(NOW);
  });
});

describe('a sender report', () => {
  test('is found behind another packet', () => {
    const other = Buffer.from([0x80, 202, 0, 1, 0, 0, 0, 9]);
    const sr = Buffer.alloc(28);
    sr.set([0x80, 200, 0, 6]);
    sr.writeUInt32BE(77, 4);
    sr.writeUInt32BE(NOW / 1000 + 2_208_988_800, 8);
    sr.writeUInt32BE(2 ** 31, 12);
    sr.writeUInt32BE(12_345, 16);
    expect(readRtcp(Buffer.concat([other, sr])).report).toMatchObject({ ssrc: 77, ntpMs: NOW + 500, timestamp: 12_345 });
    for (let n = 0; n < 36; n++) expect(readRtcp(Buffer.concat([other, sr]).subarray(0, n)).report).toBeUndefined();
  });
});

test('a jump of our own clock is followed', () => {
  const clock = new PictureClock(90_000);
  clock.dates(0, 0, NOW);
  expect(clock.dates(3600, 3600, NOW + 3_600_040)).toBe(NOW + 3_600_040);
  expect(clock.dates(7200, 7200, NOW + 80)).toBe(NOW + 80);
});
