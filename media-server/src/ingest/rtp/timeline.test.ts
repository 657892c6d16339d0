import { describe, expect, test } from 'vitest';
import { Timeline } from './timeline.ts';

const NOW = 1_790_000_000_000;
const STEP = 3600;

/** Pictures 40 ms apart by arrival with the timestamps of the camera. */
function run(timestamps: readonly number[], timeline = new Timeline(90_000), from = 0) {
  return timestamps.map((t, i) => ({ at: NOW + (from + i) * 40, ...timeline.takes(t >>> 0, NOW + (from + i) * 40) }));
}
const steps = (count: number, of: (i: number) => number) => Array.from({ length: count }, (_, i) => of(i));
/** How far the dates of pictures are from the truth, at most, ms. */
const error = (moments: ReturnType<typeof run>) => Math.max(...moments.map((m) => Math.abs(m.pictureAt - m.at)));
const grows = (moments: ReturnType<typeof run>) => moments.every((m, i) => i === 0 || m.ticks > moments[i - 1]!.ticks);

test('good timestamps are followed to the tick, over their wrap', () => {
  const moments = run(steps(200, (i) => 2 ** 32 - 50 * STEP + i * STEP));
  expect(moments[199]!.ticks - moments[0]!.ticks).toBe(199 * STEP);
  expect(error(moments)).toBe(0);
});

test('pictures that are shown in another order go back as they say', () => {
  const moments = run([0, 4, 2, 1, 3, 8, 6, 5, 7].map((n) => n * STEP));
  expect(moments.map((m) => m.ticks / STEP)).toEqual([0, 4, 2, 1, 3, 8, 6, 5, 7]);
});

describe.each([
  ['jump ahead by an hour', steps(300, (i) => i * STEP + (i < 100 ? 0 : 3600 * 90_000))],
  ['jump back by an hour', steps(300, (i) => 3600 * 90_000 + i * STEP - (i < 100 ? 0 : 3600 * 90_000))],
  ['jump back by five seconds', steps(300, (i) => 900_000 + i * STEP - (i < 100 ? 0 : 450_000))],
  ['stand still', steps(300, (i) => Math.min(i, 100) * STEP)],
  ['are always nought', steps(300, () => 0)],
  ['run backwards', steps(300, (i) => 90_000_000 - i * STEP)],
  ['are noise', steps(300, (i) => (i * 2_654_435_761) >>> 0)],
])('timestamps that %s', (what, timestamps) => {
  const moments = run(timestamps);

  test('give true times all the same', () => {
    // Until it is noticed, pictures that run backwards look reordered.
    expect(error(moments)).toBeLessThan(what === 'run backwards' ? 1500 : 100);
    expect(error(moments.slice(100))).toBeLessThan(100);
  });

  test('give a line that grows', () => {
    expect(grows(what === 'run backwards' ? moments.slice(100) : moments)).toBe(true);
  });
});

test.each([
  ['half', 0.5],
  ['double', 2],
])('timestamps at %s the rate are given up, and times stay true', (_what, factor) => {
  const moments = run(steps(1500, (i) => Math.round(i * STEP * factor)));
  expect(error(moments.slice(0, 700))).toBeLessThan(6000);
  expect(error(moments.slice(700))).toBeLessThan(100);
});

test('good timestamps are believed again after a while', () => {
  const timeline = new Timeline(90_000);
  run(
    steps(50, () => 0),
    timeline,
  );
  run(
    steps(600, (i) => 90_000 + i * STEP),
    timeline,
    50,
  );
  const [a, b] = run([90_000 + 600 * STEP, 90_000 + 601 * STEP], timeline, 650);
  expect(b!.ticks - a!.ticks).toBe(STEP);
});

test('a burst of what was held back is not taken for a jump', () => {
  const timeline = new Timeline(90_000);
  const before = timeline.takes(0, NOW);
  const held = steps(100, (i) => timeline.takes((i + 1) * STEP, NOW + 4000).ticks);
  expect(held.at(-1)! - before.ticks).toBe(100 * STEP);
});

test('a stall of the network and what it held back are no wrong rate', () => {
  const timeline = new Timeline(90_000);
  // Nothing between 3.0 and 5.5 s, then all of it at once; after it, every other one a little late.
  const arrives = (i: number) => (i > 75 ? Math.max(5500, i * 40) : i * 40) + (i % 2) * 10;
  const ticks = steps(500, (i) => timeline.takes(i * STEP, NOW + arrives(i)).ticks);
  expect(ticks).toEqual(steps(500, (i) => i * STEP));
});

test('a sender that begins anew begins a new line', () => {
  const timeline = new Timeline(90_000);
  timeline.takes(1000, NOW);
  timeline.restart();
  expect(timeline.takes(77, NOW).ticks).toBe(77);
});
