import { beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { CentreClock } from './centre-clock.ts';

let node: ManualClock;
let centre: CentreClock;
/** What the centre says by its clock, `ahead` of which the node's is, and how long it is on its way, ms. */
const says = (ahead: number, delay: number) => centre.heard(node.now() - ahead - delay);

beforeEach(() => {
  node = new ManualClock(1_790_000_000_000);
  centre = new CentreClock(node);
});

test('clocks that agree are one, also where nothing was heard', () => {
  expect(centre.aheadMs).toBe(0);
  says(0, 300);
  says(0, 1900);
  expect(centre.aheadMs).toBe(0);
});

test('what comes late says nothing about the clock while something came in time', () => {
  says(0, 20);
  node.passes(600_000);
  says(0, 8000);
  expect(centre.aheadMs).toBe(0);
});

test('a clock that is wrong is so by the least that was seen', () => {
  says(-7000, 3000);
  expect(centre.aheadMs).toBe(-4000);
  says(-7000, 10);
  says(-7000, 5000);
  expect(centre.aheadMs).toBe(-6990);
});

test('what was heard half an hour ago counts no more', () => {
  says(0, 10);
  node.passes(1_000_000);
  says(5000, 500);
  node.passes(900_000);
  says(5000, 600);
  expect(centre.aheadMs).toBe(5500);
});

test('a clock that was set is believed at once, forward and back', () => {
  says(-1e9, 10);
  says(0, 20);
  expect(centre.aheadMs).toBe(0);
  says(-30_000, 10);
  expect(centre.aheadMs).toBe(-29_990);
});
