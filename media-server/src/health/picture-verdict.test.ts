import { describe, expect, test } from 'vitest';
import { flat, noisy, withClock } from '../testing/luma.ts';
import { isDoubtful, judge } from './picture-verdict.ts';

const T = 1_790_000_000_000;
const every4s = (lumas: Buffer[]) => lumas.map((luma, i) => ({ luma, at: T + i * 4000 }));
const times = <X>(n: number, make: (i: number) => X) => Array.from({ length: n }, (_, i) => make(i));

describe('a picture is', () => {
  test.each([
    ['black', times(3, () => flat(0)), 'black'],
    ['black with the time written into it', times(3, (i) => withClock(flat(16), i)), 'black'],
    ['a yard at night: dark and alive', times(6, (i) => noisy(14, 8, i + 1)), undefined],
    [
      'a night with lamps and edges',
      times(6, (i) => noisy(i % 2 ? 12 : 13, 2, 9).map((v, n) => (n % 9 === 0 ? 70 : v)) as Buffer),
      'either',
    ],
    ['by day', times(6, (i) => noisy(120, 60, i + 1)), undefined],
    ['frozen', times(6, () => noisy(120, 60, 1)), 'frozen'],
    ['still, but for the time written into it', times(6, (i) => withClock(noisy(120, 60, 1), i)), undefined],
  ] as const)('%s', (_name, lumas, fault) => {
    const verdict = judge(every4s([...lumas]));
    if (fault === 'either') expect(verdict?.fault).not.toBe('black');
    else expect(verdict?.fault).toBe(fault);
  });

  test('nothing yet after too few, or too short a time', () => {
    expect(judge(every4s([flat(0), flat(0)]))).toBeUndefined();
    expect(judge(every4s(times(3, () => noisy(120, 60, 1))))).toBeUndefined();
  });

  const apart = (ms: number, lumas: Buffer[]) => lumas.map((luma, i) => ({ luma, at: T + i * ms }));

  test('black or frozen after two key frames where no more came in half a minute', () => {
    expect(judge(apart(10_000, [flat(0), flat(0)]))?.fault).toBe('black');
    expect(
      judge(
        apart(
          10_000,
          times(2, () => noisy(120, 60, 1)),
        ),
      )?.fault,
    ).toBe('frozen');
    expect(
      judge(
        apart(
          10_000,
          times(2, (i) => noisy(120, 60, i)),
        ),
      ),
    ).toEqual({ fault: undefined });
    expect(judge(apart(7000, [flat(0), flat(0)]))).toBeUndefined();
  });

  test('black or frozen after three where they are farther apart than that', () => {
    for (const luma of [flat(0), noisy(120, 60, 1)]) {
      expect(judge(apart(60_000, [luma, luma]))).toBeUndefined();
      expect(judge(apart(60_000, [luma, luma, luma]))?.fault).toBeDefined();
    }
  });

  test('worth another look where it is the first dark one, or like the one before; not where a dark one lives', () => {
    expect(isDoubtful(every4s([flat(0)]))).toBe(true);
    expect(isDoubtful(every4s([noisy(120, 60, 1), flat(0)]))).toBe(true);
    expect(isDoubtful(every4s([noisy(120, 60, 1), noisy(120, 60, 1)]))).toBe(true);
    expect(isDoubtful(every4s([noisy(120, 60, 1), noisy(120, 60, 2)]))).toBe(false);
    expect(isDoubtful(every4s([noisy(10, 4, 1), noisy(10, 4, 2)]))).toBe(false);
  });
});
