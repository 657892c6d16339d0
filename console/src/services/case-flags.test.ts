import { expect, test } from 'vitest';
import { aCase } from '../testing/cases.ts';
import { caseFlags } from './case-flags.ts';

const texts = (view: Parameters<typeof caseFlags>[0]) => caseFlags(view, 0).map((f) => `${f.text} ${f.tone}`);

test('a plain new call carries no marks', () => {
  expect(texts(aCase())).toEqual([]);
});

test('an escalated call is loud until it is signed', () => {
  expect(texts(aCase({ escalatedAt: 1 }))).toEqual(['已升级 alarm']);
  expect(texts(aCase({ escalatedAt: 1, state: 'signed' }))).toEqual(['已升级 quiet']);
});

test('further presses are counted without the first', () => {
  expect(texts(aCase({ presses: 3 }))).toEqual(['再次按键×2 warn']);
});

test('a press that nobody has answered yet is loud', () => {
  expect(texts(aCase({ state: 'signed', presses: 2, alertedAt: 5 }))).toEqual(['再次按键×1 alarm']);
});

test('an extension is marked while it waits, and by what was decided', () => {
  const extension = { askedAt: 1, reason: 'x', until: new Date(2026, 10, 24, 18, 30).getTime() };
  const open = { state: 'handling' as const };
  expect(texts(aCase({ ...open, extension }))).toEqual(['延期待批 warn']);
  expect(texts(aCase({ ...open, extension: { ...extension, decided: 'granted' } }))).toEqual(['已延期至 11月24日 18:30:00 info']);
  expect(texts(aCase({ ...open, extension: { ...extension, decided: 'refused' } }))).toEqual(['延期未批 quiet']);
});

test('a case that came back unsolved says so, with the rating', () => {
  expect(texts(aCase({ state: 'handling', reopened: 1, rating: 'unsolved' }))).toEqual(['未解决重开×1 alarm', '评价：没有解决 warn']);
});

test('a withdrawn call is marked', () => {
  expect(texts(aCase({ withdrawnAt: 1 }))).toEqual(['已撤回 info']);
});

test('a box that came with an expired certificate is marked, quietly', () => {
  const household = { ...aCase().household, certificateExpiredAt: 1 };
  expect(texts(aCase({ household }))).toEqual(['证书已过期 quiet']);
});
