import { expect, it } from 'vitest';
import { stageOptions } from './options.ts';

const box = (w: number, h: number, ratio = 1) => ({ w, h, ratio });

it('draws as many pixels as the box shows', () => {
  expect(stageOptions('', box(1920, 1080))).toEqual({ w: 1920, h: 1080, precision: 1, canvas2d: true });
  expect(stageOptions('', box(1280, 720))).toMatchObject({ w: 1280, h: 720 });
  expect(stageOptions('', box(1280, 720, 1.5))).toMatchObject({ w: 1920, h: 1080 });
});

it('never more than 1080p, never nothing', () => {
  expect(stageOptions('', box(3840, 2160)).w).toBe(1920);
  expect(stageOptions('', box(0, 0)).w).toBeGreaterThan(0);
});

it('can be told: size and renderer', () => {
  expect(stageOptions('?stage=720&webgl=1', box(1920, 1080))).toMatchObject({ w: 1280, canvas2d: false });
  expect(stageOptions('?stage=1080', box(1280, 720)).w).toBe(1920);
});
