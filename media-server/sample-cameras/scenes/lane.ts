/** 村口小巷: a stone lane between houses that runs down to the fields and the hills. */
import { dog, hen } from '../art/animals.ts';
import { house, paving, swayingLantern } from '../art/buildings.ts';
import { karst, lens, mist, sky, terraces, woods } from '../art/landscape.ts';
import { facing, stander, walker } from '../art/people.ts';
import { bamboo, pot, shadow, shrub, tree } from '../art/plants.ts';
import { dice, ellipse, gradient, line, type Point, path, poly, rect, shade } from '../art/svg.ts';
import { comes, goes, stays } from '../picture/motion.ts';
import type { Actor, Scene } from '../picture/scene.ts';

/** Where the lane runs to. */
const EYE: Point = [330, 128];

/** A wall along the lane, from `near` (x at the lower edge) towards the eye; `at(t, h)`: t along it, h its height in near units. */
function side(nearX: number, nearY: number) {
  return (t: number, h: number): Point => {
    // Equal lengths of wall shrink as 1 / distance.
    const k = 1 / (1 + t);
    return [EYE[0] + (nearX - EYE[0]) * k, EYE[1] + (nearY - h - EYE[1]) * k];
  };
}

function wall(nearX: number, nearY: number, t0: number, t1: number, h: number, colour: string, wooden: boolean): string {
  const at = side(nearX, nearY);
  let out = poly([at(t0, 0), at(t0, h), at(t1, h), at(t1, 0)], colour);
  const boards = wooden ? 14 : 0;
  for (let i = 0; i <= boards && wooden; i++) {
    const t = t0 + ((t1 - t0) * i) / boards;
    out += line([at(t, 0), at(t, h)], shade(colour, -0.3), 1, 'stroke-opacity=".7"');
  }
  out += poly([at(t0, 0), at(t0, 34), at(t1, 34), at(t1, 0)], wooden ? '#77736a' : '#a3a094', 'fill-opacity=".9"');
  const roll = dice(Math.round(nearX + t0 * 97));
  for (let i = 0; i < 26; i++) {
    const t = t0 + (t1 - t0) * roll() * 0.94;
    const low = roll() * 26;
    out += poly([at(t, low), at(t, low + 7), at(t + 0.035, low + 7), at(t + 0.035, low)], '#6f6b61', 'fill-opacity=".35"');
  }
  return out;
}

/** Window or door set in a wall, in the same perspective. */
function opening(nearX: number, nearY: number, t0: number, t1: number, low: number, high: number, colour: string): string {
  const at = side(nearX, nearY);
  let out = poly([at(t0 - 0.012, low), at(t0 - 0.012, high + 4), at(t1 + 0.012, high + 4), at(t1 + 0.012, low)], '#4a3223');
  out += poly([at(t0, low), at(t0, high), at(t1, high), at(t1, low)], colour);
  for (let i = 1; i < 4; i++) {
    const t = t0 + ((t1 - t0) * i) / 4;
    out += line([at(t, low), at(t, high)], '#4a3223', 1);
  }
  for (const part of [0.33, 0.66]) out += line([at(t0, low + (high - low) * part), at(t1, low + (high - low) * part)], '#4a3223', 0.9);
  return out;
}

/** The eave that hangs over the lane. */
function eave(nearX: number, nearY: number, t0: number, t1: number, h: number, over: number, up: number): string {
  const low = side(nearX + over, nearY);
  const high = side(nearX - over * 1.6, nearY);
  let out = poly([low(t0, h), high(t0, h + up), high(t1, h + up), low(t1, h)], '#565e66');
  for (let i = 0; i <= 22; i++) {
    const t = t0 + ((t1 - t0) * i) / 22;
    out +=
      line([low(t, h), high(t, h + up)], '#394046', 1.6, 'stroke-opacity=".8"') +
      line([low(t + 0.012, h), high(t + 0.012, h + up)], '#7c858d', 0.9, 'stroke-opacity=".7"');
  }
  out += line([low(t0, h - 3), low(t1, h - 3)], '#33393d', 3.4) + line([low(t0, h - 8), low(t1, h - 8)], '#5a4030', 2.4);
  return out;
}

function ground(): string {
  const lane = `<defs>${gradient('lane', ['#c8c2b2', '#b5ae9d', '#9d9788'])}<clipPath id="laneclip"><polygon points="318,150 350,150 590,360 20,360"/></clipPath></defs>`;
  let out =
    lane +
    poly(
      [
        [318, 150],
        [350, 150],
        [560, 360],
        [60, 360],
      ],
      'url(#lane)',
    ) +
    paving(150, 360, EYE[0], EYE[1], '#a8a191', 74, 'clip-path="url(#laneclip)"');
  const roll = dice(21);
  out += '<g clip-path="url(#laneclip)">';
  for (let i = 0; i < 90; i++) {
    const y = 152 + roll() ** 1.6 * 208;
    const k = (y - EYE[1]) / 232;
    out += ellipse(
      EYE[0] + (roll() - 0.5) * 640 * k,
      y,
      24 * k * roll() + 2,
      5 * k * roll() + 0.6,
      roll() < 0.5 ? '#8d8778' : '#cfc9ba',
      'fill-opacity=".35"',
    );
  }
  // The houses on the left keep the sun off half of the lane.
  return `${out}${path('M318 150L330 150L250 360H60Z', '#2c3540', 'fill-opacity=".26"')}</g>`;
}

function background(): string {
  let out = sky('#8fb9d4', '#e6eff0', 140, 5, 11);
  out += karst({ seed: 2, base: 142, height: 92, colour: '#a9c2c9', cones: 8 }) + mist(134, 34, 0.8);
  out += karst({ seed: 9, base: 148, height: 62, colour: '#7fa290', cones: 6, near: true }) + mist(144, 20, 0.6);
  out += terraces(270, 410, 136, 156, 4) + woods(200, 300, 152, 15, '#557d4b', 2) + woods(372, 470, 152, 14, '#5d8550', 8);
  out += house({ x: 300, y: 153, w: 34, h: 13, roof: 9, wooden: true, seed: 4 }) + tree(368, 158, 44, '#66904e', 3);
  out += yards() + ground();
  // Left: a white house, then a wooden one farther on; right the other way round.
  out +=
    wall(60, 360, 1.25, 3.9, 190, '#9a7150', true) +
    eave(60, 360, 1.2, 3.95, 190, 34, 46) +
    opening(60, 360, 1.55, 1.95, 60, 130, '#3a2c22') +
    opening(60, 360, 2.5, 3, 60, 130, '#3a2c22');
  out +=
    wall(60, 360, -0.6, 1.15, 262, '#e9e4d7', false) +
    opening(60, 360, 0.02, 0.26, 0, 150, '#6b3f2b') +
    opening(60, 360, 0.52, 0.78, 78, 150, '#46545b') +
    eave(60, 360, -0.6, 1.2, 250, 46, 60);
  out +=
    wall(560, 360, 0.95, 3.6, 205, '#e4dfd2', false) +
    opening(560, 360, 1.25, 1.5, 0, 120, '#6b3f2b') +
    opening(560, 360, 1.95, 2.35, 70, 132, '#46545b') +
    eave(560, 360, 0.9, 3.65, 205, -34, 46);
  out +=
    wall(560, 360, -0.6, 0.85, 247, '#a0764f', true) +
    opening(560, 360, 0.1, 0.36, 60, 150, '#3a2c22') +
    opening(560, 360, 0.54, 0.72, 0, 140, '#5d3725') +
    eave(560, 360, -0.6, 0.9, 235, -46, 60);
  out += couplets() + pot(128, 308, 22, '#e0563f', 2) + pot(148, 292, 17, '#e6a0b6', 5) + pot(500, 300, 20, '#f0c63f', 7);
  return out + basketAndFirewood() + lens();
}

/** Grass and vegetable beds behind the houses, seen between them. */
function yards(): string {
  let out = rect(0, 150, 640, 210, '#8a9a62') + rect(0, 150, 640, 8, '#a9b877', 'fill-opacity=".7"');
  for (let i = 0; i < 5; i++)
    out += shrub(178 + i * 17, 250 - i * 17, 24 - i * 3, '#5f8a48', i) + shrub(494 - i * 17, 252 - i * 17, 24 - i * 3, '#6a9150', i + 9);
  return out + tree(232, 196, 66, '#5b8a4a', 6) + bamboo(444, 196, 66, 3);
}

function couplets(): string {
  const left = side(60, 360);
  const right = side(560, 360);
  const strip = (at: typeof left, t: number, low: number, high: number) =>
    poly([at(t, low), at(t, high), at(t + 0.035, high), at(t + 0.035, low)], '#bf2f2a');
  return (
    strip(left, -0.04, 40, 150) +
    strip(left, 0.285, 40, 150) +
    strip(right, 1.2, 30, 118) +
    strip(right, 1.52, 30, 118) +
    strip(right, 0.5, 40, 140) +
    strip(right, 0.735, 40, 140)
  );
}

function basketAndFirewood(): string {
  let out = shadow(545, 330, 34, 7);
  const roll = dice(5);
  for (let row = 0; row < 4; row++)
    for (let i = 0; i < 7 - row; i++)
      out +=
        ellipse(520 + row * 4 + i * 8.4, 326 - row * 8, 4.4, 4.4, shade('#a27d56', (roll() - 0.5) * 0.3)) +
        ellipse(520 + row * 4 + i * 8.4, 326 - row * 8, 2.2, 2.2, '#caa878');
  return out;
}

const granny = facing('granny', { coat: '#5b4d77', trousers: '#32343c', hair: '#b9b6b0', basket: true }, true);
const neighbour = facing('neighbour', { coat: '#2f6f8f', trousers: '#3b3f4a', hat: 'straw' });
const girl = facing('girl', { coat: '#e2793f', trousers: '#42557c', bag: '#3f78b5', child: true });
const uncle = facing('uncle', { coat: '#6a7a4a', trousers: '#3c3a38' }, true);
const carrier = walker('carrier', { coat: '#8a3e3a', trousers: '#343a45', basket: true, hat: 'straw' });

const far = { x: 334, y: 152, scale: 0.13 };
const actors: Actor[] = [
  stays(swayingLantern, { x: 176, y: 122, scale: 0.7, depth: 250 }, 5),
  stays(swayingLantern, { x: 118, y: 120, scale: 0.9, depth: 290 }, 5, 0.9),
  stays(swayingLantern, { x: 512, y: 130, scale: 0.82, depth: 300 }, 5, 0.4),
  comes(granny, { from: { x: 250, y: 352, scale: 1.5 }, to: far, takes: 46, every: 52, rate: 7 }),
  comes(neighbour, { from: far, to: { x: 400, y: 372, scale: 1.6 }, takes: 38, every: 47, late: 11, rate: 9 }),
  comes(girl, { from: { x: 342, y: 165, scale: 0.25 }, to: { x: 310, y: 380, scale: 1.7 }, takes: 22, every: 64, late: 30, rate: 13 }),
  comes(uncle, { from: { x: 420, y: 366, scale: 1.6 }, to: { x: 340, y: 160, scale: 0.2 }, takes: 34, every: 58, late: 5, rate: 8 }),
  goes(carrier, { from: { x: 246, y: 226, scale: 0.66 }, to: { x: 432, y: 232, scale: 0.68 }, takes: 9, every: 37, late: 4, rate: 10 }),
  goes(dog('yellow', '#c58f4e'), {
    from: { x: 120, y: 330, scale: 1.5 },
    to: { x: 470, y: 276, scale: 1.15 },
    takes: 7,
    every: 29,
    late: 3,
    rate: 12,
  }),
  goes(dog('yellow', '#c58f4e'), {
    from: { x: 470, y: 276, scale: 1.15 },
    to: { x: 190, y: 296, scale: 1.25 },
    takes: 7,
    every: 29,
    late: 17,
    rate: 12,
  }),
  stays(hen('brown', '#a9643a'), { x: 452, y: 318, scale: 1.3 }, 3),
  stays(hen('white', '#ece6da'), { x: 482, y: 330, scale: 1.4, flip: true }, 2.4, 0.5),
  stays(hen('dark', '#4c3a33'), { x: 236, y: 262, scale: 0.9 }, 2.7, 1.2),
  stays(stander('sitter', { coat: '#7d6b52', trousers: '#3a3c40', hair: '#9a968f' }), { x: 204, y: 268, scale: 0.95 }),
];

export const lane: Scene = { background: background(), actors };
