import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { findFfmpeg } from '../viewers/stills/find-ffmpeg.ts';
import { allMasks, maskFilters } from './mask.ts';

/** A white picture with the masks over it, in colour as cameras send it: brightness of each pixel. */
function masked(width: number, height: number, masks: Parameters<typeof maskFilters>[0]): Buffer {
  const filters = [...maskFilters(masks), 'format=gray'].join(',');
  return execFileSync(findFfmpeg(process.env)!, [
    ...['-v', 'error', '-f', 'lavfi', '-i', `color=white:size=${width}x${height},format=yuv420p`],
    ...['-frames:v', '1', '-vf', filters, '-f', 'rawvideo', 'pipe:1'],
  ]);
}

test('a mask covers at least its share of any picture, and hardly more', () => {
  for (const [width, height] of [
    [98, 62],
    [640, 360],
  ] as const) {
    const mask = { x: 0.333, y: 0.101, width: 0.25, height: 0.377 };
    const luma = masked(width, height, [mask]);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const within = (at: number, size: number, from: number, share: number, by: number) =>
          at + 1 > size * from - by && at < size * (from + share) + by;
        const inside = within(x, width, mask.x, mask.width, 0) && within(y, height, mask.y, mask.height, 0);
        const near = within(x, width, mask.x, mask.width, 3) && within(y, height, mask.y, mask.height, 3);
        if (inside) expect(luma[y * width + x], `${x},${y}`).toBeLessThan(24);
        if (!near) expect(luma[y * width + x], `${x},${y}`).toBeGreaterThan(200);
      }
  }
});

test('several masks are all drawn, also at the very edge', () => {
  const luma = masked(64, 48, [
    { x: 0, y: 0, width: 0.1, height: 1 },
    { x: 0.9, y: 0.9, width: 0.1, height: 0.1 },
  ]);
  expect([luma[0], luma[47 * 64], luma.at(-1)].every((v) => v! < 24)).toBe(true);
  expect(luma[24 * 64 + 32]).toBeGreaterThan(200);
});

test('masks of then and of now are both there, the same one once', () => {
  const [a, b] = [
    { x: 0, y: 0, width: 0.1, height: 0.1 },
    { x: 0.5, y: 0, width: 0.1, height: 0.1 },
  ];
  expect(allMasks([a], [{ ...a }, b])).toEqual([a, b]);
  expect(allMasks(undefined, [b])).toEqual([b]);
});
