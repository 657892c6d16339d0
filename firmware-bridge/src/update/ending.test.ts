import { expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { listening } from '../testing/quiet.ts';
import { createEnding } from './ending.ts';

function anEnding(busy: boolean) {
  const clock = new FakeClock();
  const { log, lines } = listening();
  const world = { clock, lines, busy, ended: 0 };
  const ending = createEnding({ clock, log, busy: () => world.busy, end: () => void world.ended++ });
  return { ...world, world, ending };
}

it('ends at once where nothing is lost by it', () => {
  const { world, ending } = anEnding(false);
  ending.soon();
  expect(world.ended).toBe(1);
});

it('waits for an alarm that is nowhere else, however long that takes, and says so once', () => {
  const { world, ending, clock, lines } = anEnding(true);
  ending.soon();
  clock.passes(24 * 3_600_000);
  expect(world.ended).toBe(0);
  expect(lines).toHaveLength(1);
  world.busy = false;
  clock.passes(5000);
  expect(world.ended).toBe(1);
});

it('wanted twice it ends once; called off it does not', () => {
  const twice = anEnding(true);
  twice.ending.soon();
  twice.ending.soon();
  twice.world.busy = false;
  twice.clock.passes(10_000);
  expect(twice.world.ended).toBe(1);
  const off = anEnding(true);
  off.ending.soon();
  off.ending.callOff();
  off.world.busy = false;
  off.clock.passes(10_000);
  expect(off.world.ended).toBe(0);
});
