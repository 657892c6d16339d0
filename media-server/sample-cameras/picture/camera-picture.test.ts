import { describe, expect, it } from 'vitest';
import { SAMPLE_CAMERAS } from '../catalogue.ts';
import { SCENES } from '../scenes/index.ts';
import { readClock } from '../testing/read-clock.ts';
import { CameraPicture } from './camera-picture.ts';
import { CELL, CLOCK_AT, clockText } from './clock.ts';
import { FRAME_BYTES } from './frame.ts';
import { HEIGHT, WIDTH } from './scene.ts';

const NOON = new Date('2026-11-23T12:34:56.400').getTime();
const luma = (bytes: Uint8Array) => bytes.slice(0, WIDTH * HEIGHT);

/** Luma of the picture without name and clock. */
const scene = (bytes: Uint8Array) => luma(bytes).subarray(WIDTH * 40);

const pictures = SAMPLE_CAMERAS.map(({ id, name }) => ({ id, picture: new CameraPicture(SCENES[id], name) }));

describe.each(pictures)('the picture of $id', ({ picture }) => {
  it('shows the true time, whatever is behind the clock', () => {
    for (const at of [NOON, NOON + 1000, NOON + 3_723_000, new Date('2027-08-19T07:05:38').getTime()]) {
      expect(readClock(luma(picture.paint(at).bytes))).toBe(clockText(at));
    }
  });

  it('moves at every moment of a minute', () => {
    let before = scene(picture.paint(NOON).bytes);
    for (let s = 1; s <= 60; s++) {
      const now = scene(picture.paint(NOON + s * 1000).bytes);
      expect(Buffer.compare(now, before), `at ${s} s`).not.toBe(0);
      before = now;
    }
  });

  it('is the same at the same time, however often it is painted', () => {
    const first = Buffer.from(picture.paint(NOON).bytes);
    picture.paint(NOON + 7_000);
    expect(Buffer.compare(first, picture.paint(NOON).bytes)).toBe(0);
    expect(first.length).toBe(FRAME_BYTES);
  });
});

it('no two cameras look alike', () => {
  const scenes = pictures.map(({ picture }) => Buffer.from(scene(picture.paint(NOON).bytes)));
  for (const [i, a] of scenes.entries()) {
    for (const b of scenes.slice(i + 1)) {
      const difference = a.reduce((sum, value, k) => sum + Math.abs(value - b[k]!), 0) / a.length;
      expect(difference).toBeGreaterThan(10);
    }
  }
});

it('the clock stays inside the picture', () => {
  expect(CLOCK_AT.x + 19 * CELL.width).toBeLessThanOrEqual(WIDTH - 8);
});
