import { expect, test } from 'vitest';
import { aCase } from '../../testing/cases.ts';
import { ringPlan, silenceFrom } from './ring-plan.ts';

test('a new call rings when the caller can no longer withdraw', () => {
  expect(ringPlan([aCase({ quietUntil: 15_000 })], undefined)).toBe(15_000);
});

test.each([
  ['signed', aCase({ state: 'signed' })],
  ['in hand', aCase({ state: 'handling' })],
  ['closed', aCase({ state: 'closed' })],
  ['withdrawn', aCase({ withdrawnAt: 12_000 })],
])('a case that is %s does not ring', (_, view) => {
  expect(ringPlan([view], undefined)).toBeUndefined();
});

test('a case that calls again rings from that moment until somebody does something', () => {
  const again = aCase({ state: 'handling', presses: 2, alertedAt: 50_000 });
  expect(ringPlan([again], undefined)).toBe(50_000);
  expect(ringPlan([{ ...again, alertedAt: undefined }], undefined)).toBeUndefined();
  expect(ringPlan([{ ...again, state: 'closed' }], undefined)).toBeUndefined();
});

test('a withdrawn call that is pressed again after its signing rings', () => {
  expect(ringPlan([aCase({ state: 'signed', withdrawnAt: 12_000, presses: 2, alertedAt: 50_000 })], undefined)).toBe(50_000);
});

test('a case that calls again can be silenced, and the next call about it breaks the silence', () => {
  const again = aCase({ state: 'handling', presses: 2, alertedAt: 50_000 });
  const silence = silenceFrom([again], undefined, 60_000);
  expect(ringPlan([again], silence)).toBe(120_000);
  expect(ringPlan([{ ...again, alertedAt: 70_000 }], silence)).toBe(70_000);
});

test('of several calls the earliest decides', () => {
  const calls = [aCase({ caseNo: 'a', quietUntil: 30_000 }), aCase({ caseNo: 'b', quietUntil: 20_000 })];
  expect(ringPlan(calls, undefined)).toBe(20_000);
});

test('silence lasts a minute for what rings, and not for what comes later', () => {
  const ringing = aCase({ caseNo: 'a', quietUntil: 15_000 });
  const silence = silenceFrom([ringing], undefined, 20_000);
  expect(ringPlan([ringing], silence)).toBe(80_000);
  const newcomer = aCase({ caseNo: 'b', quietUntil: 26_000 });
  expect(ringPlan([ringing, newcomer], silence)).toBe(26_000);
});

test('pressing again breaks the silence', () => {
  const ringing = aCase({ quietUntil: 15_000 });
  const silence = silenceFrom([ringing], undefined, 20_000);
  expect(ringPlan([{ ...ringing, presses: 2 }], silence)).toBe(15_000);
});

test('a call in its quiet time is not silenced before anybody heard it', () => {
  expect(silenceFrom([aCase({ quietUntil: 15_000 })], undefined, 12_000)).toBeUndefined();
});

test('asking for silence again starts the minute anew', () => {
  const ringing = aCase({ quietUntil: 15_000 });
  const once = silenceFrom([ringing], undefined, 20_000);
  expect(silenceFrom([ringing], once, 50_000)?.until).toBe(110_000);
});
