/** 河边东路: the road along the river, with the covered bridge, willows and a boat. */
import { bird, buffalo, dog, duck } from '../art/animals.ts';
import { boat } from '../art/boat.ts';
import { balustrade, house, tiledRoof } from '../art/buildings.ts';
import { bicycle, scooter, tricycle } from '../art/cycles.ts';
import { karst, lens, mist, sky, terraces, woods } from '../art/landscape.ts';
import { walker } from '../art/people.ts';
import { bamboo, shrub, willow } from '../art/plants.ts';
import { dice, ellipse, gradient, line, n, path, poly, rect, shade } from '../art/svg.ts';
import { car, van } from '../art/vehicles.ts';
import { goes, stands, stays } from '../picture/motion.ts';
import type { Actor, Scene, Sprite } from '../picture/scene.ts';

const FAR_BANK = 176;
const NEAR_BANK = 262;

/** 风雨桥: stone piers, a roofed gallery, three pavilions. */
function coveredBridge(x0: number, x1: number, deck: number): string {
  let out = '';
  const width = x1 - x0;
  for (const at of [0.02, 0.34, 0.66, 0.98]) {
    const x = x0 + width * at;
    out +=
      poly(
        [
          [x - 9, deck + 4],
          [x + 9, deck + 4],
          [x + 11, deck + 40],
          [x - 11, deck + 40],
        ],
        '#a7a295',
      ) +
      poly(
        [
          [x + 2, deck + 4],
          [x + 9, deck + 4],
          [x + 11, deck + 40],
          [x + 3, deck + 40],
        ],
        '#837e72',
      );
  }
  out += rect(x0 - 6, deck - 2, width + 12, 8, '#6b4b35') + rect(x0 - 6, deck + 4, width + 12, 3, '#4b3425');
  for (let x = x0; x <= x1; x += width / 18) out += rect(x - 1, deck - 22, 2.4, 22, '#6b4b35');
  out +=
    rect(x0, deck - 10, width, 2, '#7d5a40') +
    rect(x0, deck - 6, width, 1.4, '#7d5a40') +
    tiledRoof(x0 - 12, x1 + 12, deck - 36, deck - 21, 8);
  for (const at of [0.08, 0.5, 0.92]) {
    const x = x0 + width * at;
    const big = at === 0.5 ? 1.25 : 1;
    out +=
      rect(x - 11 * big, deck - 44 * big, 22 * big, 44 * big - 33, '#8a5d40') +
      tiledRoof(x - 19 * big, x + 19 * big, deck - 52 * big, deck - 42 * big, 8 * big) +
      tiledRoof(x - 12 * big, x + 12 * big, deck - 64 * big, deck - 55 * big, 7 * big) +
      ellipse(x, deck - 67 * big, 1.8, 3, '#c9a24c');
  }
  return out;
}

function water(): string {
  const roll = dice(12);
  let out =
    `<defs>${gradient('river', ['#a9c6c2', '#7fabab', '#5f9296', '#4c8088'])}</defs>` +
    rect(0, FAR_BANK, 640, NEAR_BANK - FAR_BANK + 6, 'url(#river)');
  // The hills and the bridge stand on their heads in it.
  for (let i = 0; i < 9; i++)
    out += ellipse(
      40 + i * 74 + roll() * 30,
      FAR_BANK + 12,
      40 + roll() * 20,
      12 + roll() * 8,
      '#3f7260',
      'fill-opacity=".4" filter="url(#soft)"',
    );
  for (const at of [0.02, 0.34, 0.66, 0.98]) out += rect(330 + 250 * at - 8, FAR_BANK + 14, 16, 26, '#6f7a72', 'fill-opacity=".35"');
  for (let i = 0; i < 130; i++) {
    const y = FAR_BANK + 3 + roll() ** 1.3 * (NEAR_BANK - FAR_BANK);
    const w = 6 + ((y - FAR_BANK) / 80) * 30 * roll();
    const x = roll() * 640;
    out += line(
      [
        [x, y],
        [x + w, y],
      ],
      roll() < 0.6 ? '#dcebe6' : '#3f727b',
      0.9,
      'stroke-opacity=".35"',
    );
  }
  return out;
}

/** Ripples that run down the river, 16 frames; laid over the painted water. */
const ripples: Sprite = {
  id: 'ripples',
  width: 640,
  height: 80,
  frames: 16,
  anchor: { x: 0, y: 0 },
  svg: (frame) => {
    const roll = dice(77);
    let out = '';
    for (let i = 0; i < 64; i++) {
      const y = 6 + roll() ** 1.2 * 70;
      const length = 8 + (y / 80) * 30 * (0.4 + roll());
      const period = 40 + (y / 80) * 80;
      const x = roll() * 700 - 40 + (((frame / 16) * period + roll() * period) % period);
      const glow = Math.sin(((frame / 16 + roll()) % 1) * Math.PI);
      out += `<path d="M${n(x)} ${n(y)}q${n(length / 2)} ${n(-1 - y / 50)} ${n(length)} 0" fill="none" stroke="${roll() < 0.7 ? '#f2faf6' : '#2f6570'}" stroke-width="${n(0.7 + y / 70)}" stroke-linecap="round" stroke-opacity="${n(glow * 0.55 + 0.04)}"/>`;
    }
    return out;
  },
};

function background(): string {
  let out = sky('#8dbbd3', '#eef3ee', 160, 6, 19);
  out +=
    karst({ seed: 41, base: 172, height: 128, colour: '#adc7cb', cones: 7 }) +
    mist(158, 46, 0.85) +
    karst({ seed: 48, base: 178, height: 96, colour: '#7fa48d', cones: 5, near: true }) +
    mist(172, 22, 0.55);
  out += terraces(0, 190, 140, 180, 3) + woods(150, 330, 180, 20, '#587f4c', 2) + woods(560, 640, 180, 24, '#618b52', 5);
  out +=
    house({ x: 34, y: 174, w: 48, h: 22, roof: 13, wooden: true, seed: 2 }) +
    house({ x: 98, y: 176, w: 40, h: 20, roof: 12, seed: 3 }) +
    house({ x: 168, y: 176, w: 52, h: 26, roof: 13, wooden: true, storeys: 2, seed: 4 });
  out += rect(0, FAR_BANK - 3, 640, 7, '#8c9a72') + water() + coveredBridge(330, 580, FAR_BANK - 10);
  out +=
    shrub(20, FAR_BANK + 3, 24, '#5d8849', 3) +
    shrub(300, FAR_BANK + 3, 22, '#5d8849', 4) +
    bamboo(612, FAR_BANK + 6, 74, 6) +
    bamboo(8, FAR_BANK + 6, 62, 7);
  // The embankment, the promenade and the road.
  out += `<defs>${gradient('bank', ['#a8a292', '#8d8777'])}${gradient('asphalt', ['#7c8083', '#6b6f73', '#5b5f63'])}${gradient('walk', ['#cbb9a0', '#bba98f'])}</defs>`;
  out += rect(0, NEAR_BANK - 2, 640, 12, 'url(#bank)') + rect(0, NEAR_BANK + 8, 640, 24, 'url(#walk)');
  for (let x = -20; x < 660; x += 22)
    out += line(
      [
        [x, NEAR_BANK + 9],
        [x - 12, NEAR_BANK + 32],
      ],
      '#9c8a72',
      0.7,
      'stroke-opacity=".6"',
    );
  out +=
    line(
      [
        [0, NEAR_BANK + 20],
        [640, NEAR_BANK + 20],
      ],
      '#9c8a72',
      0.7,
      'stroke-opacity=".6"',
    ) +
    rect(0, NEAR_BANK + 32, 640, 5, '#d5d0c4') +
    rect(0, NEAR_BANK + 36, 640, 4, '#8f8a7f') +
    rect(0, NEAR_BANK + 39, 640, 70, 'url(#asphalt)');
  out += line(
    [
      [0, 304],
      [640, 304],
    ],
    '#e7e6dd',
    1.4,
  );
  for (let x = -20; x < 640; x += 72)
    out += poly(
      [
        [x, 330],
        [x + 40, 330],
        [x + 41, 333.5],
        [x - 1, 333.5],
      ],
      '#eceae0',
    );
  const roll = dice(6);
  for (let i = 0; i < 24; i++)
    out += path(`M${n(roll() * 640)} ${n(274 + roll() * 16)}l3 -1.500l1.500 1.500l-2 1Z`, shade('#b9a04c', (roll() - 0.5) * 0.4));
  return out + lens();
}

/** The balustrade, the lamp and the willows stand between the river and whoever walks, so boats pass behind them. */
const lamp = `${rect(8, 6, 2.6, 104, '#4f5b60')}${rect(5, 106, 9, 6, '#3f494d')}${line(
  [
    [9, 10],
    [24, 6],
  ],
  '#4f5b60',
  2,
)}${poly(
  [
    [18, 5],
    [30, 3],
    [31, 7],
    [19, 9],
  ],
  '#f4efd8',
)}`;

const actors: Actor[] = [
  stays(ripples, { x: 0, y: FAR_BANK + 8, scale: 1, depth: 1 }, 5),
  goes(boat(), {
    from: { x: -60, y: 224, scale: 0.86 },
    to: { x: 720, y: 232, scale: 0.9 },
    takes: 64,
    every: 78,
    late: 10,
    rate: 6,
    depth: 228,
  }),
  ...[0, 1, 2, 3].map((i) =>
    goes(duck(`d${i}`, i === 2 ? '#a68a63' : '#f3f1e8'), {
      from: { x: 680, y: 210 + (i % 2) * 7, scale: 0.8 },
      to: { x: -40, y: 214 + (i % 2) * 7, scale: 0.84 },
      takes: 80,
      every: 92,
      late: 14 + i * 2.6,
      rate: 5,
      depth: 212,
    }),
  ),
  stands('balustrade', `<g transform="translate(0 -242)">${balustrade(6, 660, 270, 24)}</g>`, 640, 30, 0, NEAR_BANK + 9),
  stands('willow-left', willow(70, 148, 142, 3), 150, 152, 30, 272),
  stands('willow-right', willow(84, 164, 156, 8), 170, 168, 466, 273),
  stands('lamp', lamp, 34, 112, 326, 274),
  goes(walker('stroller', { coat: '#c9855b', trousers: '#3a4150', skirt: '#3a5f6e' }), {
    from: { x: -30, y: 288, scale: 0.84 },
    to: { x: 670, y: 288, scale: 0.84 },
    takes: 48,
    every: 57,
    late: 1,
    rate: 9,
  }),
  goes(walker('farmer', { coat: '#486a80', trousers: '#37393d', hat: 'straw', basket: true }), {
    from: { x: 680, y: 284, scale: 0.82 },
    to: { x: -40, y: 284, scale: 0.82 },
    takes: 56,
    every: 69,
    late: 24,
    rate: 8,
  }),
  goes(dog('brown', '#9b6a42'), {
    from: { x: -60, y: 291, scale: 0.86 },
    to: { x: 640, y: 291, scale: 0.86 },
    takes: 48,
    every: 57,
    late: 1,
    rate: 9,
  }),
  goes(scooter('red', '#c23b36', '#4f7a57', '#f0c648'), {
    from: { x: 720, y: 318, scale: 0.94 },
    to: { x: -80, y: 318, scale: 0.94 },
    takes: 8,
    every: 31,
    late: 3,
    rate: 12,
  }),
  goes(scooter('blue', '#3a6fb0', '#b9657e', '#e8e8e4'), {
    from: { x: -80, y: 348, scale: 1.14 },
    to: { x: 720, y: 348, scale: 1.14 },
    takes: 7.5,
    every: 43,
    late: 19,
    rate: 12,
  }),
  goes(tricycle(), {
    from: { x: -100, y: 350, scale: 1.12 },
    to: { x: 760, y: 350, scale: 1.12 },
    takes: 14,
    every: 59,
    late: 30,
    rate: 10,
  }),
  goes(car('blue', '#35618e'), {
    from: { x: 760, y: 320, scale: 0.9 },
    to: { x: -120, y: 320, scale: 0.9 },
    takes: 7,
    every: 47,
    late: 12,
    rate: 12,
  }),
  goes(van('white', '#e9ebea'), {
    from: { x: -120, y: 352, scale: 1.14 },
    to: { x: 780, y: 352, scale: 1.14 },
    takes: 8,
    every: 53,
    late: 6,
    rate: 12,
  }),
  goes(bicycle('black', '#33363a', '#d0b24f'), {
    from: { x: 700, y: 316, scale: 0.9 },
    to: { x: -60, y: 316, scale: 0.9 },
    takes: 16,
    every: 61,
    late: 41,
    rate: 10,
  }),
  goes(buffalo(), { from: { x: -80, y: 350, scale: 1.02 }, to: { x: 730, y: 350, scale: 1.02 }, takes: 56, every: 173, late: 90, rate: 7 }),
  ...[0, 1].map((i) =>
    goes(bird(), {
      from: { x: 660, y: 70 + i * 9, scale: 0.7 },
      to: { x: -20, y: 50 + i * 12, scale: 0.6 },
      takes: 21,
      every: 39,
      late: 4 + i * 0.8,
      rate: 9,
    }),
  ),
];

export const riverRoad: Scene = { background: background(), actors };
