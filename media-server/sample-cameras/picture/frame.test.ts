import { expect, it } from 'vitest';
import { Frame } from './frame.ts';
import { rasterise } from './raster.ts';
import { HEIGHT, WIDTH } from './scene.ts';

const at = (frame: Frame, x: number, y: number) => ({
  y: frame.bytes[y * WIDTH + x],
  u: frame.bytes[WIDTH * HEIGHT + (y >> 1) * (WIDTH / 2) + (x >> 1)],
  v: frame.bytes[WIDTH * HEIGHT * 1.25 + (y >> 1) * (WIDTH / 2) + (x >> 1)],
});
const red = rasterise('<rect width="10" height="10" fill="#f00"/>', 10, 10);

it('colours come out as BT.601 in limited range', () => {
  const frame = new Frame();
  frame.lay(red, 20, 20);
  const { y, u, v } = at(frame, 24, 24);
  expect([y, u, v].map((value, i) => Math.abs(value! - [82, 90, 240][i]!) <= 1)).toEqual([true, true, true]);
  frame.lay(rasterise('<rect width="10" height="10" fill="#fff"/>', 10, 10), 40, 40);
  expect(at(frame, 44, 44)).toEqual({ y: 235, u: 128, v: 128 });
});

it('what is half transparent is half of each', () => {
  const frame = new Frame();
  frame.lay(rasterise('<rect width="8" height="8" fill="#fff" fill-opacity=".5"/>', 8, 8), 0, 0);
  expect(at(frame, 4, 4).y).toBeGreaterThan(122);
  expect(at(frame, 4, 4).y).toBeLessThan(129);
  expect(at(frame, 4, 4).u).toBe(128);
});

it.each([
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
])('a drawing at odd places keeps its colour and its edges (%i, %i)', (dx, dy) => {
  const frame = new Frame();
  frame.lay(red, 100 + dx, 100 + dy);
  expect(at(frame, 99 + dx, 104)).toMatchObject({ y: 16 });
  expect(at(frame, 100 + dx, 104).y).toBeGreaterThan(80);
  expect(at(frame, 104, 104).v).toBeGreaterThan(238);
  // A chroma sample half covered is half coloured.
  if (dx === 1) expect(at(frame, 100, 104).v).toBeCloseTo(184, -1);
});

it.each([
  [-5, -5],
  [WIDTH - 5, HEIGHT - 5],
  [-50, 10],
  [WIDTH + 3, 10],
])('what lies outside is cut off (%i, %i)', (x, y) => {
  const frame = new Frame();
  expect(() => frame.lay(red, x, y)).not.toThrow();
  expect(frame.bytes.length).toBe(WIDTH * HEIGHT * 1.5);
});
