/** Cars and vans, seen from the side and going to the right. */
import type { Sprite } from '../picture/scene.ts';
import { ellipse, line, path, rect, shade, text } from './svg.ts';
import { turnOf, under, wheel } from './wheels.ts';

/** A small family car. */
export function car(id: string, colour: string): Sprite {
  const svg = (frame: number) =>
    under(66, 54, 62) +
    path('M4 40Q5 31 18 29L32 14Q35 11 42 11H78Q84 11 90 16L104 28Q124 30 128 38V46Q128 49 124 49H8Q4 49 4 45Z', colour) +
    path('M4 40H128V46Q128 49 124 49H8Q4 49 4 45Z', shade(colour, -0.22)) +
    path('M34 27L43 16H62V28H33Z', '#2f3d47') +
    path('M66 16H78Q82 16 86 19L96 28H66Z', '#2f3d47') +
    path('M40 24L48 16H53L44 28Z', '#fff', 'fill-opacity=".25"') +
    path('M72 28L66 20V16H70L80 28Z', '#fff', 'fill-opacity=".2"') +
    line(
      [
        [64, 28],
        [64, 46],
      ],
      shade(colour, -0.35),
      1,
    ) +
    line(
      [
        [32, 29],
        [30, 44],
      ],
      shade(colour, -0.35),
      0.8,
    ) +
    rect(68, 32, 6, 1.6, shade(colour, -0.4)) +
    rect(37, 32, 6, 1.6, shade(colour, -0.4)) +
    line(
      [
        [10, 31],
        [122, 32],
      ],
      shade(colour, 0.35),
      1.2,
      'stroke-opacity=".7"',
    ) +
    path('M120 33Q127 34 127 39L119 38Z', '#fdf6da') +
    path('M5 33L10 32V38L4 39Z', '#c43c33') +
    wheel(31, 46, 9, turnOf(frame)) +
    wheel(103, 46, 9, turnOf(frame));
  return { id: `car-${id}`, width: 132, height: 58, frames: 4, anchor: { x: 66, y: 54 }, svg };
}

/** The seven-seat van that every village has. */
export function van(id: string, colour: string): Sprite {
  const svg = (frame: number) =>
    under(66, 66, 62) +
    path('M5 22Q5 10 16 10H92Q100 10 106 20L116 36Q126 38 127 46V56Q127 60 122 60H9Q5 60 5 56Z', colour) +
    path('M5 46H127V56Q127 60 122 60H9Q5 60 5 56Z', shade(colour, -0.2)) +
    path('M12 18H38V34H12Z', '#2f3d47') +
    path('M42 18H68V34H42Z', '#2f3d47') +
    path('M72 18H92Q96 18 100 24L106 34H72Z', '#2f3d47') +
    path('M16 34L28 18H34L22 34Z', '#fff', 'fill-opacity=".22"') +
    path('M48 34L60 18H65L53 34Z', '#fff', 'fill-opacity=".22"') +
    line(
      [
        [70, 16],
        [70, 57],
      ],
      shade(colour, -0.35),
      1,
    ) +
    line(
      [
        [40, 16],
        [40, 57],
      ],
      shade(colour, -0.35),
      1,
    ) +
    rect(44, 39, 7, 1.8, shade(colour, -0.4)) +
    path('M118 40Q126 41 126 47L118 46Z', '#fdf6da') +
    rect(5, 30, 3, 10, '#c43c33') +
    wheel(30, 57, 9.4, turnOf(frame)) +
    wheel(103, 57, 9.4, turnOf(frame));
  return { id: `van-${id}`, width: 132, height: 70, frames: 4, anchor: { x: 66, y: 66 }, svg };
}

/** The clinic's ambulance, turned to the left so that its words can be read; it stands, its light turns. */
export function ambulance(): Sprite {
  const base = van('ambulance', '#f4f6f6');
  const turned = (inner: string) => `<g transform="translate(${base.width} 0) scale(-1 1)">${inner}</g>`;
  const svg = (frame: number) =>
    turned(
      rect(60, 5, 18, 6, '#27408f', 'rx="2"') +
        rect(frame % 4 < 2 ? 60 : 69, 5, 9, 6, '#5f8cff', 'rx="2"') +
        base.svg(0) +
        rect(5, 40, 122, 3.6, '#d23b34'),
    ) +
    rect(59, 45, 3, 9, '#d23b34') +
    rect(56, 48, 9, 3, '#d23b34') +
    text(78, 54, 9, '#d23b34', '急救');
  return { ...base, id: 'ambulance', svg };
}

/** A yellow school bus; it stands. */
export function schoolBus(): Sprite {
  const svg = () => {
    let out =
      under(88, 76, 84) +
      path('M6 20Q6 10 16 10H140Q150 10 156 20L160 36Q170 38 171 48V62Q171 68 165 68H12Q6 68 6 62Z', '#f0b429') +
      path('M6 50H171V62Q171 68 165 68H12Q6 68 6 62Z', '#d1951b') +
      rect(6, 44, 165, 2.4, '#37312a');
    for (let i = 0; i < 5; i++)
      out += rect(14 + i * 24, 18, 20, 18, '#30404b', 'rx="2"') + path(`M${18 + i * 24} 36l10 -18h5l-10 18Z`, '#fff', 'fill-opacity=".2"');
    out +=
      path('M136 18H142Q147 18 150 24L154 37V64H136Z', '#30404b') +
      line(
        [
          [145, 20],
          [145, 64],
        ],
        '#f0b429',
        1.6,
      ) +
      ellipse(168, 52, 3, 4, '#fdf6da') +
      rect(6, 24, 3, 10, '#c43c33') +
      text(70, 58, 10, '#37312a', '校车');
    return out + wheel(38, 66, 10, 0.4) + wheel(134, 66, 10, 0.4);
  };
  return { id: 'school-bus', width: 176, height: 80, frames: 1, anchor: { x: 88, y: 76 }, svg };
}
