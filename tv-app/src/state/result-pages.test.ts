import { expect, it } from 'vitest';
import { RESULT_ROOM, resultView } from './result-pages.ts';

const SENTENCE = '派出所和网格员到场，是邻居家的狗跑出来了，已经牵回，门也关好了。';
const long = (n: number) => SENTENCE.repeat(20).slice(0, n);
const allPages = (text: string) => {
  const pages = resultView(text, 0)!.pages;
  return Array.from({ length: pages }, (_, i) => resultView(text, i)!);
};

it('nothing where there is no result', () => {
  expect(resultView('', 0)).toBeUndefined();
});

it.each([10, 100, 170, 234, 300, 500])('a result of %i characters is there to the last, never smaller than 36, inside its room', (n) => {
  const pages = allPages(long(n));
  expect(pages.map((p) => p.lines.join('')).join('')).toBe(long(n));
  for (const page of pages) {
    expect(page.size).toBeGreaterThanOrEqual(36);
    expect(page.lines.length * page.lineHeight + (page.pages > 1 ? 42 : 0)).toBeLessThanOrEqual(RESULT_ROOM.h);
  }
});

it('is as large as it fits', () => {
  expect([resultView(long(60), 0)?.size, resultView(long(100), 0)?.size, resultView(long(150), 0)?.size]).toEqual([48, 42, 36]);
});

it('500 characters take a few pages; any page asked for is brought into the range', () => {
  expect(resultView(long(500), 0)).toMatchObject({ page: 0, pages: 4 });
  expect(resultView(long(500), 99)?.page).toBe(3);
  expect(resultView(long(500), -1)?.page).toBe(0);
});

it('no line begins with closing punctuation; a run without a break is broken anyway', () => {
  for (const { lines } of allPages(long(500))) for (const line of lines) expect(line).not.toMatch(/^[，。]/);
  expect(resultView('a'.repeat(100), 0)?.lines.join('')).toBe('a'.repeat(100));
});
