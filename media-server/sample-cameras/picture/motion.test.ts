import { expect, it } from 'vitest';
import { comes, goes, stays } from './motion.ts';
import type { Sprite } from './scene.ts';

const sprite: Sprite = { id: 's', width: 10, height: 10, frames: 8, anchor: { x: 5, y: 10 }, svg: () => '' };
const near = { x: 0, y: 300, scale: 1 };
const far = { x: 100, y: 150, scale: 0.25 };

it('somebody goes, arrives, is away, and comes again', () => {
  const { at } = goes(sprite, { from: near, to: { ...near, x: 100 }, takes: 10, every: 25, late: 5 });
  expect(at(5)).toMatchObject({ x: 0, y: 300 });
  expect(at(10)).toMatchObject({ x: 50, flip: false });
  expect(at(16)).toBeUndefined();
  expect(at(30)).toMatchObject({ x: 0 });
});

it('who goes to the left is mirrored, unless seen from the front', () => {
  const journey = { from: { ...near, x: 100 }, to: near, takes: 10, every: 20 };
  expect(goes(sprite, journey).at(1)!.flip).toBe(true);
  expect(comes(sprite, journey).at(1)!.flip).toBe(false);
});

it('a steady walk into the distance shrinks as 1 / distance, along the line of sight', () => {
  const { at } = comes(sprite, { from: near, to: far, takes: 12, every: 20 });
  // 1 / scale goes evenly from 1 to 4.
  expect(at(4)!.scale).toBeCloseTo(1 / 2);
  const half = at(4)!;
  expect((half.x - 0) / (100 - 0)).toBeCloseTo((1 - half.scale) / (1 - 0.25));
});

it('who stays moves its frames only', () => {
  const { at } = stays(sprite, near, 4);
  expect(at(0)).toMatchObject({ x: 0, frame: 0 });
  expect(at(1.3)).toMatchObject({ x: 0, frame: 5 });
});
