import { beforeEach, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { createSync, type Sync } from './sync.ts';

let clock: FakeClock;
let asked: number[];
let answered: number;
let sync: Sync;

beforeEach(() => {
  clock = new FakeClock();
  asked = [];
  answered = 0;
  const from = clock.mono();
  sync = createSync({
    clock,
    random: () => 1,
    publish: () => asked.push((clock.mono() - from) / 1000),
    onAnswered: () => answered++,
  });
});

it('is asked again, ever more seldom, while no answer comes', () => {
  sync.ask();
  clock.passes(300_000);
  expect(asked).toEqual([0, 10, 30, 70, 150, 270]);
});

it('once answered is not asked again', () => {
  sync.ask();
  clock.passes(10_000);
  sync.heard();
  sync.heard();
  clock.passes(300_000);
  expect(asked).toEqual([0, 10]);
  expect(answered).toBe(1);
});

it('is not asked on a connection that is gone, and begins anew with the next', () => {
  sync.ask();
  clock.passes(30_000);
  sync.stop();
  sync.heard();
  clock.passes(300_000);
  expect(asked).toEqual([0, 10, 30]);
  expect(answered).toBe(0);
  sync.ask();
  clock.passes(10_000);
  expect(asked.slice(3)).toEqual([330, 340]);
});
