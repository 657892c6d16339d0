import { expect, test } from 'vitest';
import { drawMark, markSize, markTime } from './mark.ts';

const white = (rgba: Buffer) => {
  let n = 0;
  for (let i = 0; i < rgba.length; i += 4) if (rgba[i] === 255 && rgba[i + 3] === 255) n++;
  return n;
};

test('a line is as large as it says, and scales', () => {
  const { width, height } = markSize(5, 2);
  expect(drawMark('12:30', 2)).toHaveLength(width * height * 4);
  expect(white(drawMark('12:30', 2))).toBe(4 * white(drawMark('12:30', 1)));
});

test('every character of a viewer’s name and of the time is drawn; another one as a line', () => {
  const all = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-_:+';
  const drawn = [...all].map((c) => drawMark(c, 1).toString('base64'));
  expect(new Set(drawn).size).toBe(all.length);
  expect(drawMark('守', 1).equals(drawMark('_', 1))).toBe(true);
});

test('the time is this machine’s, with its distance from UTC', () => {
  const text = markTime(1_795_420_800_000);
  expect(text).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
  expect(Date.parse(text.replace(' ', 'T'))).toBe(1_795_420_800_000);
});
