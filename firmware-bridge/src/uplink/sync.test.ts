import { beforeEach, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { createSync, type Sync } from './sync.ts';

let clock: FakeClock;
let asked: number[];
let answered: number;
let sync: Sync;
/** Alarms that the centre is to speak of. */
let open: string[];

beforeEach(() => {
  clock = new FakeClock();
  asked = [];
  answered = 0;
  open = [];
  const from = clock.mono();
  sync = createSync({
    clock,
    random: () => 1,
    publish() {
      asked.push((clock.mono() - from) / 1000);
      return open;
    },
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

it('a centre that says what it is because somebody came to it has not answered: it is asked again for the open alarm', () => {
  open = ['a', 'b'];
  sync.ask();
  sync.heard();
  expect(answered).toBe(1);
  sync.told('a');
  clock.passes(10_000);
  expect(asked).toEqual([0, 10]);
  sync.heard();
  for (const id of open) sync.told(id);
  clock.passes(600_000);
  expect(asked).toEqual([0, 10]);
  expect(answered).toBe(1);
});

it('a centre that says nothing of an alarm is asked three times more', () => {
  open = ['a'];
  sync.ask();
  sync.heard();
  clock.passes(3_600_000);
  expect(asked).toEqual([0, 10, 30, 70]);
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
