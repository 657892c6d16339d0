import { expect, test } from 'vitest';
import { dueClock } from './due-clock.ts';
import { durationText } from './time-text.ts';

test('counts down to the due time and up after it', () => {
  const view = { due: { step: 'sign', at: 40_000 } as const };
  expect(dueClock(view, 10_000)).toEqual({ step: '签收', level: 'calm', text: '剩 30 秒' });
  expect(dueClock(view, 30_000)).toEqual({ step: '签收', level: 'soon', text: '剩 10 秒' });
  expect(dueClock(view, 40_000)).toEqual({ step: '签收', level: 'soon', text: '剩 0 秒' });
  expect(dueClock(view, 105_000)).toEqual({ step: '签收', level: 'overdue', text: '超时 1 分 05 秒' });
});

test('each step warns in its own time', () => {
  expect(dueClock({ due: { step: 'handle', at: 100_000 } }, 45_000)?.level).toBe('soon');
  expect(dueClock({ due: { step: 'close', at: 7_200_000 } }, 0)?.level).toBe('calm');
  expect(dueClock({ due: { step: 'close', at: 7_200_000 } }, 4_000_000)?.level).toBe('soon');
});

test('a closed case has no clock', () => {
  expect(dueClock({ due: undefined }, 0)).toBeUndefined();
});

test.each([
  [-5, '0 秒'],
  [59_999, '59 秒'],
  [185_000, '3 分 05 秒'],
  [7_620_000, '2 小时 07 分'],
  [273_600_000, '3 天 4 小时'],
])('%i ms is %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});
