import type { Sprite } from '../picture/scene.ts';
import { ellipse, line, path } from './svg.ts';

const SKIN = '#d9a67f';

/** A wooden boat with a boatman who poles it along. */
export function boat(): Sprite {
  const svg = (frame: number) => {
    const lean = Math.sin((frame / 12) * 2 * Math.PI);
    return (
      `<path d="M2 47Q46 52 96 46" fill="none" stroke="#e6f1ee" stroke-opacity=".5" stroke-width="1.400"/>` +
      path('M4 38Q20 42 48 42Q76 42 94 34Q90 47 78 48H20Q8 47 4 38Z', '#6d4a31') +
      path('M4 38Q20 42 48 42Q76 42 94 34L92 38Q76 45 48 45Q18 45 5 41Z', '#8a6242') +
      path('M34 42V32Q46 24 60 31V42Z', '#a98a55') +
      line(
        [
          [36, 35],
          [59, 34],
        ],
        '#7e6239',
        1,
      ) +
      line(
        [
          [38, 31],
          [56, 30],
        ],
        '#7e6239',
        1,
      ) +
      line(
        [
          [20 - lean * 5, 8],
          [14 + lean * 3, 50],
        ],
        '#9a7a4c',
        1.8,
      ) +
      line(
        [
          [24, 41],
          [25, 30],
        ],
        '#39424b',
        4,
      ) +
      line(
        [
          [28, 41],
          [27, 30],
        ],
        '#2f373f',
        4,
      ) +
      path('M21 32Q21 20 25 17Q30 17 31 22L30 32Z', '#3f6a86') +
      line(
        [
          [25, 20],
          [20 - lean * 3, 24 + lean],
        ],
        '#34586f',
        3,
      ) +
      ellipse(26.6, 13.4, 3.6, 3.8, SKIN) +
      path('M18 13L27 6L36 13Q27 15 18 13Z', '#d9bd7c')
    );
  };
  return { id: 'boat', width: 98, height: 54, frames: 12, anchor: { x: 48, y: 46 }, svg };
}
