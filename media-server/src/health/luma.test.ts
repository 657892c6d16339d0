import { expect, test } from 'vitest';
import { systemClock } from '../lib/clock.ts';
import { pictures, type VideoShape } from '../testing/h264-video.ts';
import { POINTS } from '../testing/luma.ts';
import { findFfmpeg } from '../viewers/stills/find-ffmpeg.ts';
import { factsOf, lumaOf } from './luma.ts';

test('a key frame is read as its brightness by the ffmpeg that makes the stills', async () => {
  const ffmpeg = findFfmpeg(process.env)!;
  const keys = pictures('II', { fps: 1 });
  const lumas = await lumaOf(keys, { ffmpeg, clock: systemClock });
  expect(lumas.map((l) => l.length)).toEqual([POINTS, POINTS]);
  // The shade is the picture's index, below the darkest there is.
  expect(factsOf(lumas[0]!).mean).toBeLessThan(3);
});

test('key frames of several cameras, large and small, are read in one go', async () => {
  const ffmpeg = findFfmpeg(process.env)!;
  const one = (index: number, shape: VideoShape) => pictures('I', { fps: 1, from: index, shape });
  const keys = [
    ...one(20, {}),
    ...one(90, { width: 8, height: 5 }),
    ...one(160, { width: 4, height: 4, reorderFrames: 2 }),
    ...one(230, {}),
  ];
  const lumas = await lumaOf(keys, { ffmpeg, clock: systemClock });
  const means = lumas.map((l) => Math.round(factsOf(l).mean));
  expect(means).toHaveLength(4);
  expect(means).toEqual([...means].sort((a, b) => a - b));
  expect(new Set(means).size).toBe(4);
});
