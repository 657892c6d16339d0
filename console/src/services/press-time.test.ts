import { expect, test } from 'vitest';
import { pressTime } from './press-time.ts';

const T = 1_790_000_000_000;
const HOUR = 3_600_000;

test('press and arrival are told apart only when they are more than five seconds apart', () => {
  expect(pressTime({ pressedAt: T, receivedAt: T + 5000 })).toEqual({ at: T, note: undefined });
  expect(pressTime({ pressedAt: T, receivedAt: T + 65_000 })).toEqual({
    at: T,
    note: '按键后 1 分 05 秒 才送到：断网补发，或机顶盒时钟偏慢',
  });
  expect(pressTime({ pressedAt: T + 6000, receivedAt: T }).note).toBe('机顶盒时钟比中心快 6 秒，按键时间不准');
});

test('where the clock was measured and is right, a late arrival is no fault of the clock', () => {
  expect(pressTime({ pressedAt: T, receivedAt: T + 65_000, clockSkewMs: 200 }).note).toBe('按键后 1 分 05 秒 才送到：断网补发');
});

test('a clock that is slow or fast is put right, and that is said', () => {
  expect(pressTime({ pressedAt: T - 2 * HOUR, receivedAt: T + 500, clockSkewMs: -2 * HOUR })).toEqual({
    at: T,
    note: '机顶盒时钟慢 2 小时 00 分，按键时间已按中心时间改正',
  });
  expect(pressTime({ pressedAt: T + HOUR, receivedAt: T + 65_000, clockSkewMs: HOUR })).toEqual({
    at: T,
    note: '机顶盒时钟快 1 小时 00 分，按键时间已按中心时间改正；按键后 1 分 05 秒 才送到',
  });
});

test('a box that booted in 1970 is put right as well', () => {
  const { at, note } = pressTime({ pressedAt: 43_200_000, receivedAt: T, clockSkewMs: 43_200_000 - T });
  expect(at).toBe(T);
  expect(note).toMatch(/^机顶盒时钟不对（按键时它以为是 1970年1月\d日 [\d:]+），按键时间已按中心时间改正$/);
});

test('pressed in 1970 and put right before the alarm came: the time is not known, and no time is made up', () => {
  const { at, note } = pressTime({ pressedAt: Date.UTC(1970, 0, 2), receivedAt: T, clockSkewMs: 20 });
  expect(at).toBeUndefined();
  expect(note).toMatch(/^机顶盒时钟不对（按键时它以为是 1970年1月/);
  expect(pressTime({ pressedAt: T + HOUR, receivedAt: T, clockSkewMs: 0 }).at).toBeUndefined();
});
