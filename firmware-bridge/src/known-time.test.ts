import { describe, expect, it } from 'vitest';
import { createKnownTime } from './known-time.ts';
import { FakeClock } from './testing/fake-clock.ts';

const NOW = 1_795_000_000_000;

describe('the time that a box knows', () => {
  it('is its own clock’s where that is plausible, and nobody’s where it began in 1970', () => {
    expect(createKnownTime(new FakeClock(NOW)).now()).toBe(NOW);
    expect(createKnownTime(new FakeClock(1000)).now()).toBeUndefined();
  });

  it('is the centre’s once it was heard, whatever the clock does then', () => {
    const clock = new FakeClock(NOW + 10 * 365 * 86_400_000);
    const time = createKnownTime(clock);
    expect(time.fromCentre()).toBeUndefined();
    time.heard(NOW);
    clock.passes(1000);
    clock.jumpWall(86_400_000);
    expect([time.now(), time.fromCentre()]).toEqual([NOW + 1000, NOW + 1000]);
  });
});
