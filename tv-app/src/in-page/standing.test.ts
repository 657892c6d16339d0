import { expect, it } from 'vitest';
import { overtaken } from './standing.ts';

const at = (s: number) => new Date(1_790_000_000_000 + s * 1000).toISOString();

it.each([
  ['the first word', 0, undefined, false],
  ['what was said later', 2, 0, false],
  ['the same word again', 0, 0, false],
  ['an answer that a poll overtook', 0, 2, true],
  ['the word of a centre whose clock was set back', 0, 3600, false],
])('%s: overtaken %s, %s: %s', (_what, time, last, expected) => {
  expect(overtaken(at(time), last === undefined ? undefined : at(last))).toBe(expected);
});
