import { describe, expect, test } from 'vitest';
import type { AccessUnit } from '../../ingest/access-unit.ts';
import { pictures, track } from '../../testing/h264-video.ts';
import { partTarget } from './part-target.ts';

const WANTED = 18_000;

/** Pictures at these times, ms. */
function at(...ms: number[]): AccessUnit[] {
  return pictures(`I${'P'.repeat(ms.length - 1)}`).map((p, i) => ({ ...p, ticks: ms[i]! * 90 }));
}

describe('the part target is', () => {
  test.each([
    ['of 25 pictures a second', at(0, 40, 80, 120)],
    ['whose first picture stands for long', at(0, 400, 440, 480)],
    ['whose first picture is followed at once', at(0, 1, 41, 81)],
    ['that counts in ms', at(0, 41, 81, 122)],
    ['of 5 pictures a second', at(0, 200, 400, 600)],
    ['whose pictures come in another order than they are shown', pictures('IBBPBBP').slice(0, 4)],
    ['of which there is one picture', at(0)],
    ['whose clock stands', at(0, 0, 0, 0)],
  ])('as configured for a camera %s', (_what, all) => {
    expect(partTarget(all, WANTED)).toBe(WANTED);
  });

  test('a little more than the pictures that go into it, where those are few', () => {
    expect(partTarget(at(0, 500, 1000, 1500), WANTED)).toBeCloseTo(500 * 90 * 1.15);
    // One of them comes late.
    expect(partTarget(at(0, 3000, 3500, 4000), WANTED)).toBeCloseTo(500 * 90 * 1.15);
    expect(partTarget(at(0, 150, 300, 450), WANTED)).toBeCloseTo(150 * 90 * 1.15);
  });

  test('that of the connection that lasts, not of the time between two', () => {
    const [first, ...others] = at(0, 90_000, 90_040, 90_080);
    expect(partTarget([first!, ...others.map((p) => ({ ...p, track: track(2) }))], WANTED)).toBe(WANTED);
  });
});
