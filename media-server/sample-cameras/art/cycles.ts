/** Two and three wheels with somebody on them, seen from the side and going to the right. */
import type { Sprite } from '../picture/scene.ts';
import { ellipse, line, n, type Point, path, rect, shade } from './svg.ts';
import { turnOf, under, wheel } from './wheels.ts';

const SKIN = '#d9a67f';

function rider(x: number, seat: number, coat: string, trousers: string, hands: Point, foot: Point, helmet: string): string {
  const shoulder: Point = [x + 3, seat - 17];
  return (
    line([[x, seat - 1], [(x + foot[0]) / 2 + 4, seat + 2], foot], trousers, 5) +
    path(`M${x - 5} ${seat}Q${x - 4} ${seat - 14} ${x} ${seat - 19}Q${x + 5} ${seat - 21} ${x + 6} ${seat - 15}L${x + 5} ${seat}Z`, coat) +
    line([shoulder, [(shoulder[0] + hands[0]) / 2, (shoulder[1] + hands[1]) / 2 + 3], hands], shade(coat, -0.15), 3.8) +
    ellipse(x + 3.6, seat - 26, 5, 5.4, SKIN) +
    path(`M${n(x - 2.2)} ${n(seat - 25)}a6 6.400 0 0 1 11.600 -3.200l.600 2Z`, helmet)
  );
}

const SCOOTER = { width: 72, height: 62, anchor: { x: 36, y: 58 } };

function scooterBody(colour: string, frame: number): string {
  return (
    under(36, 58, 30) +
    path('M12 40Q20 34 34 38L36 46H50L57 22L61 23L56 50Q54 53 50 52H18Q10 50 12 40Z', colour) +
    path('M12 40Q20 34 34 38L35 42Q22 40 12 44Z', '#2c2d30') +
    path('M52 30L60 28L62 36L56 44Z', shade(colour, 0.3)) +
    line(
      [
        [57, 22],
        [53, 17],
      ],
      '#33363a',
      2.4,
    ) +
    ellipse(61.5, 27, 2.2, 2.6, '#fff6cf') +
    wheel(16, 51, 7.4, turnOf(frame)) +
    wheel(58, 51, 7.4, turnOf(frame))
  );
}

/** An electric scooter with a rider. */
export function scooter(id: string, colour: string, coat: string, helmet: string): Sprite {
  const svg = (frame: number) => scooterBody(colour, frame) + rider(25, 38, coat, '#3b4452', [53, 20], [42, 45], helmet);
  return { ...SCOOTER, id: `scooter-${id}`, frames: 4, svg };
}

/** An electric scooter that somebody left. */
export function parkedScooter(colour: string): Sprite {
  return { ...SCOOTER, id: 'scooter-parked', frames: 1, svg: () => scooterBody(colour, 0) };
}

/** A bicycle whose rider pedals, 8 frames. */
export function bicycle(id: string, colour: string, coat: string): Sprite {
  const svg = (frame: number) => {
    const a = (frame / 8) * 2 * Math.PI;
    const pedal: Point = [34 + Math.cos(a) * 5, 49 + Math.sin(a) * 5];
    const other: Point = [34 - Math.cos(a) * 5, 49 - Math.sin(a) * 5];
    const knee = (p: Point): Point => [(27 + p[0]) / 2 + 6, (33 + p[1]) / 2 - 1];
    const rim = (x: number) =>
      `<circle cx="${x}" cy="49" r="9.500" fill="none" stroke="#2a2b2e" stroke-width="1.800"/>` +
      [0, 1, 2, 3]
        .map((i) =>
          line(
            [
              [x - Math.cos(a + i * 0.785) * 9, 49 - Math.sin(a + i * 0.785) * 9],
              [x + Math.cos(a + i * 0.785) * 9, 49 + Math.sin(a + i * 0.785) * 9],
            ],
            '#8a9094',
            0.5,
          ),
        )
        .join('');
    return (
      under(36, 59, 28) +
      rim(17) +
      rim(55) +
      line([[27, 33], knee(other), other], '#2f3642', 4.4) +
      line(
        [
          [17, 49],
          [34, 49],
          [50, 34],
          [28, 35],
          [34, 49],
        ],
        colour,
        2,
      ) +
      line(
        [
          [28, 35],
          [17, 49],
        ],
        colour,
        1.8,
      ) +
      line(
        [
          [55, 49],
          [49, 29],
          [53, 27],
        ],
        colour,
        2,
      ) +
      rect(23, 31.5, 9, 2.4, '#2b2624', 'rx="1"') +
      line([[27, 33], knee(pedal), pedal], '#3d4656', 4.6) +
      line(
        [
          [pedal[0] - 1, pedal[1] + 1],
          [pedal[0] + 4, pedal[1] + 1],
        ],
        '#2b2624',
        2.4,
      ) +
      path('M22 33Q24 20 30 15Q35 13 36 18L32 33Z', coat) +
      line(
        [
          [33, 18],
          [41, 26],
          [51, 28],
        ],
        shade(coat, -0.15),
        3.6,
      ) +
      ellipse(35, 9, 4.8, 5.2, SKIN) +
      path('M29.500 9.600a5.600 5.800 0 0 1 10.600 -3.200Q36 6 34 10Q32 13 30.500 12.500Z', '#23201f')
    );
  };
  return { id: `bicycle-${id}`, width: 72, height: 63, frames: 8, anchor: { x: 36, y: 59 }, svg };
}

/** A farm tricycle with vegetables in its tray. */
export function tricycle(): Sprite {
  const svg = (frame: number) => {
    let cargo = '';
    for (let i = 0; i < 16; i++) cargo += ellipse(14 + (i % 8) * 6, 30 - Math.floor(i / 8) * 5, 4.4, 3.8, i % 3 ? '#6f9c4a' : '#d8dcae');
    return (
      under(58, 64, 54) +
      cargo +
      path('M6 30H62L60 48H10Z', '#3c6f9e') +
      path('M6 30H62V34H6Z', '#5b8fbd') +
      line(
        [
          [20, 34],
          [21, 48],
        ],
        '#2c567d',
        1.2,
      ) +
      line(
        [
          [38, 34],
          [38, 48],
        ],
        '#2c567d',
        1.2,
      ) +
      line(
        [
          [54, 34],
          [53, 48],
        ],
        '#2c567d',
        1.2,
      ) +
      path('M60 46L78 48L92 26L97 28L94 52H64Z', '#b5372f') +
      path('M62 38Q70 34 80 38L80 43H62Z', '#2c2d30') +
      line(
        [
          [93, 27],
          [88, 20],
        ],
        '#33363a',
        2.6,
      ) +
      ellipse(98, 30, 2.6, 3, '#fff6cf') +
      wheel(30, 55, 9, turnOf(frame)) +
      wheel(95, 56, 8.4, turnOf(frame)) +
      rider(70, 40, '#53636c', '#363c40', [88, 23], [84, 47], '#d9bd7c')
    );
  };
  return { id: 'tricycle', width: 108, height: 68, frames: 4, anchor: { x: 58, y: 64 }, svg };
}
