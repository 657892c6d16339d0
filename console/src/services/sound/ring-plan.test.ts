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
