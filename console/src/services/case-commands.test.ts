import { expect, test } from 'vitest';
import { aCase } from '../testing/cases.ts';
import { allowedCommands, nextCommand } from './case-commands.ts';

const allowed = (view: Parameters<typeof allowedCommands>[0]) => [...allowedCommands(view, 'operator')].sort();
const extension = { askedAt: 1, reason: 'x', until: 9 };

test('a new call can be signed, and not closed', () => {
  expect(allowed(aCase())).toEqual(['note', 'sign']);
  expect(nextCommand(aCase())).toBe('sign');
});

test('a signed case waits for somebody to go', () => {
  const view = aCase({ state: 'signed' });
  expect(allowed(view)).toEqual(['ask-extension', 'close', 'handle', 'note']);
  expect(nextCommand(view)).toBe('handle');
});

test('a pending extension is decided before another is asked for', () => {
  const view = aCase({ state: 'handling', extension });
  expect(allowed(view)).toEqual(['close', 'grant-extension', 'note', 'refuse-extension']);
  expect(nextCommand(view)).toBe('grant-extension');
  expect(nextCommand(aCase({ state: 'handling', extension: { ...extension, decided: 'refused' } }))).toBe('close');
});

test('a closed case only takes notes', () => {
  expect(allowed(aCase({ state: 'closed' }))).toEqual(['note']);
  expect(nextCommand(aCase({ state: 'closed' }))).toBeUndefined();
});

test('an auditor does nothing', () => {
  expect(allowedCommands(aCase(), 'auditor').size).toBe(0);
});
