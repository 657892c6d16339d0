import { expect, test } from 'vitest';
import { createPace, START_S } from './hls-pace.ts';

const NEAREST_S = 0.6;
const PART_S = 0.2;

/** A box that shows parts: `lateS` says how long after it was made the part at `now` can be shown. */
function box(lateS: (nowS: number) => number) {
  const pace = createPace();
  let latencyS = START_S;
  let rate = 1;
  let nowS = 0;
  const standing: number[] = [];
  const passes = (seconds: number) => {
    for (const end = nowS + seconds; nowS < end; ) {
      nowS += PART_S;
      latencyS -= (rate - 1) * PART_S;
      const leftS = latencyS - PART_S - lateS(nowS);
      if (leftS < 0) {
        standing.push(nowS);
        latencyS -= leftS;
        pace.starved(latencyS);
      }
      rate = pace.arrived(Math.max(0, leftS), latencyS, NEAREST_S, nowS * 1000);
    }
  };
  return { pace, passes, standing, latency: () => latencyS, rate: () => rate };
}

test('a box that has its parts in time comes as near as the server allows, within seconds, and never stands', () => {
  const b = box(() => 0.03);
  b.passes(20);
  expect(b.latency()).toBeGreaterThan(NEAREST_S - 0.1);
  expect(b.latency()).toBeLessThan(NEAREST_S + 0.1);
  expect(b.standing).toEqual([]);
});

test('a box whose parts come late stays as far away as they need', () => {
  const b = box(() => 0.5);
  b.passes(60);
  expect(b.latency()).toBeGreaterThan(0.85);
  expect(b.latency()).toBeLessThan(1.3);
  expect(b.standing).toEqual([]);
});

test('parts that come later and later send it farther away before it stands', () => {
  const b = box((nowS) => (nowS < 20 ? 0.03 : Math.min(1, 0.03 + (nowS - 20) / 40)));
  b.passes(80);
  expect(b.standing).toEqual([]);
  expect(b.latency()).toBeGreaterThan(1.2);
});

test('one that had to go farther away comes nearer again, more slowly each time', () => {
  const pace = createPace();
  const calm = () => {
    const before = pace.distanceS;
    for (let ms = 0; ; ms += 200) {
      pace.arrived(pace.distanceS - PART_S, pace.distanceS, NEAREST_S, ms);
      if (pace.distanceS < before) return ms;
    }
  };
  const [first, second, third] = [0, 1, 2].map(() => {
    const ms = calm();
    pace.starved(pace.distanceS);
    return ms;
  });
  expect(second).toBeGreaterThan(first!);
  expect(third).toBeGreaterThan(second!);
});

test('standing on the way to where it is to be is no reason to go farther', () => {
  const pace = createPace();
  pace.starved(0.4);
  expect(pace.distanceS).toBe(START_S);
  pace.starved(START_S);
  expect(pace.distanceS).toBe(START_S + 0.5);
});

test('what the server asks for is kept, however long its parts are', () => {
  const pace = createPace();
  expect(pace.arrived(0.9, 1, 1.5, 0)).toBe(0.9);
  expect(pace.distanceS).toBe(1.5);
});

test('it does not hurry into what is not there yet', () => {
  expect(createPace().arrived(0.1, 2, NEAREST_S, 0)).toBe(1);
  expect(createPace().arrived(0.8, 2, NEAREST_S, 0)).toBe(1.1);
});
