/** 大门口: the gateway of the village at the county road. */
import { dog } from '../art/animals.ts';
import { contact, house, swayingLantern, tiledRoof } from '../art/buildings.ts';
import { bicycle, scooter, tricycle } from '../art/cycles.ts';
import { karst, lens, mist, sky, terraces, woods } from '../art/landscape.ts';
import { facing, stander, walker } from '../art/people.ts';
import { bamboo, pole, shadow, shrub, tree } from '../art/plants.ts';
import { ellipse, gradient, line, path, poly, rect, shade, text } from '../art/svg.ts';
import { car, van } from '../art/vehicles.ts';
import { comes, goes, stays } from '../picture/motion.ts';
import type { Actor, Scene } from '../picture/scene.ts';

const STONE = '#cfc9bb';

function pillar(x: number, top: number, w: number): string {
  return (
    rect(x - w / 2, top, w, 248 - top, STONE) +
    rect(x + w * 0.18, top, w * 0.32, 248 - top, shade(STONE, -0.18)) +
    rect(x - w / 2 - 3, 236, w + 6, 13, '#b1ab9c') +
    rect(x - w / 2 - 5, 244, w + 10, 6, '#9b9586') +
    rect(x - w * 0.3, top + 26, w * 0.6, 70, '#b3271f') +
    ellipse(x, 233, w * 0.42, 5, '#b1ab9c')
  );
}

/** 牌坊: three bays, four pillars, tiled roofs in steps, the village's name over the middle. */
function gateway(): string {
  let out = contact(160, 248, 60, 8) + contact(420, 248, 60, 8) + contact(250, 248, 30, 8) + contact(362, 248, 30, 8);
  out += pillar(178, 128, 17) + pillar(462, 128, 17) + pillar(258, 92, 19) + pillar(382, 92, 19);
  // Side bays.
  for (const [x0, x1] of [
    [178, 258],
    [382, 462],
  ] as const) {
    out +=
      rect(x0, 132, x1 - x0, 12, '#8f3f30') +
      rect(x0, 146, x1 - x0, 16, '#dcd6c8') +
      rect(x0 + 10, 148, x1 - x0 - 20, 12, '#3f7467', 'rx="2"') +
      rect(x0, 164, x1 - x0, 7, '#8f3f30');
    for (let x = x0 + 16; x < x1 - 8; x += 12) out += ellipse(x, 154, 3.4, 3, '#e0b95a') + ellipse(x, 154, 1.4, 1.2, '#b3271f');
    out += tiledRoof(x0 - 18, x1 + 18, 104, 131, 14, '#4f6a63');
  }
  // Middle bay.
  out +=
    rect(258, 96, 124, 14, '#8f3f30') +
    rect(258, 112, 124, 38, '#e2dccf') +
    rect(266, 114, 108, 34, '#24405f', 'rx="2" stroke="#e0b95a" stroke-width="2"');
  [...'平安村'].forEach((c, i) => {
    out += text(288 + i * 32, 140, 25, '#f3d27a', c);
  });
  out += rect(258, 152, 124, 9, '#8f3f30');
  for (let x = 268; x < 380; x += 13) out += path(`M${x - 5} 110h10l-3-8h-4Z`, '#d9b357');
  out += tiledRoof(236, 404, 62, 97, 20, '#4a655e') + ellipse(320, 56, 5, 6, '#d9b357') + path('M314 62h12l-3-6h-6Z', '#4a655e');
  return out;
}

function lion(x: number, mirrored: boolean): string {
  const body = `${rect(-11, -12, 22, 12, '#b1ab9c')}${path('M-8 -12Q-10 -26 -3 -31Q0 -40 7 -38Q13 -36 11 -28Q9 -22 8 -12Z', '#bdb7a9')}${ellipse(5, -32, 6.5, 6.5, '#c7c1b3')}${ellipse(7.5, -33, 1, 1, '#5b564c')}${path('M5 -29.500H11', 'none', 'stroke="#6f6a5f" stroke-width="1.200"')}${path('M-1 -36Q-5 -30 -2 -25', 'none', 'stroke="#8b8577" stroke-width="2"')}`;
  return `<g transform="translate(${x} 252)${mirrored ? ' scale(-1 1)' : ''}">${shadow(0, 0, 16, 3)}${body}</g>`;
}

function guardHouse(): string {
  return (
    contact(516, 254, 60, 8) +
    rect(520, 200, 56, 54, '#eef0ea') +
    rect(520, 240, 56, 14, '#3f7467') +
    rect(527, 208, 24, 22, '#4f6b78') +
    path('M527 230L543 208h5L531 230Z', '#fff', 'fill-opacity=".3"') +
    rect(557, 210, 14, 44, '#6b4a38') +
    rect(514, 193, 68, 8, '#4a655e') +
    rect(510, 199, 76, 4, '#3b524c') +
    text(548, 199.6, 6.5, '#f4efdf', '警务室') +
    rect(500, 238, 7, 18, '#d9a52c') +
    line(
      [
        [503, 240],
        [412, 226],
      ],
      '#e9e9e4',
      3,
    ) +
    line(
      [
        [488, 237.7],
        [470, 235],
      ],
      '#c8322b',
      3,
    ) +
    line(
      [
        [452, 232],
        [434, 229.5],
      ],
      '#c8322b',
      3,
    )
  );
}

function background(): string {
  let out = sky('#86b6d2', '#eef1ea', 170, 5, 8);
  out +=
    karst({ seed: 31, base: 178, height: 126, colour: '#a6c1c6', cones: 6 }) +
    mist(168, 46, 0.85) +
    karst({ seed: 37, base: 192, height: 84, colour: '#7a9f86', cones: 6, near: true }) +
    mist(188, 24, 0.5);
  out +=
    `<defs>${gradient('verge', ['#9bb26a', '#86a05c'])}${gradient('road', ['#7b7f82', '#6a6e72', '#5c6064'])}${gradient('drive', ['#b9b3a5', '#a9a396'])}</defs>` +
    rect(0, 184, 640, 80, 'url(#verge)');
  out += terraces(420, 640, 168, 214, 9) + woods(0, 200, 206, 26, '#557f4b', 3) + woods(230, 420, 200, 16, '#608b52', 4);
  out +=
    house({ x: 56, y: 212, w: 66, h: 30, roof: 18, wooden: true, seed: 2 }) +
    house({ x: 232, y: 202, w: 46, h: 20, roof: 12, seed: 6 }) +
    house({ x: 352, y: 201, w: 44, h: 18, roof: 11, wooden: true, seed: 7 });
  out +=
    poly(
      [
        [304, 200],
        [336, 200],
        [428, 264],
        [212, 264],
      ],
      'url(#drive)',
    ) +
    line(
      [
        [320, 202],
        [320, 262],
      ],
      '#d9d3c4',
      1,
      'stroke-dasharray="5 5" stroke-opacity=".7"',
    );
  out +=
    tree(18, 250, 128, '#5c884a', 5) +
    tree(136, 234, 78, '#6c964f', 3) +
    bamboo(606, 246, 120, 4) +
    shrub(210, 250, 26, '#557f45', 3) +
    shrub(434, 250, 26, '#557f45', 6);
  out += pole(92, 256, 150) + gateway() + lion(224, false) + lion(416, true) + guardHouse();
  out +=
    rect(0, 260, 640, 7, '#c3bdb0') +
    rect(0, 266, 640, 5, '#928d82') +
    poly(
      [
        [206, 258],
        [434, 258],
        [450, 274],
        [190, 274],
      ],
      '#a59f92',
    );
  out +=
    rect(0, 270, 640, 90, 'url(#road)') +
    line(
      [
        [0, 273],
        [190, 273],
      ],
      '#e7e6dd',
      1.6,
    ) +
    line(
      [
        [450, 273],
        [640, 273],
      ],
      '#e7e6dd',
      1.6,
    );
  for (let x = -10; x < 640; x += 66)
    out += poly(
      [
        [x, 308],
        [x + 36, 308],
        [x + 37, 311.5],
        [x - 1, 311.5],
      ],
      '#e5bf4b',
    );
  for (const [x, y, w] of [
    [80, 292, 60],
    [420, 334, 90],
    [560, 288, 40],
    [250, 346, 70],
  ] as const)
    out += ellipse(x, y, w, 3, '#4d5154', 'fill-opacity=".35"');
  return out + lens();
}

const deep = { x: 320, y: 203, scale: 0.28 };
const actors: Actor[] = [
  stays(swayingLantern, { x: 282, y: 160, scale: 0.72, depth: 0 }, 5),
  stays(swayingLantern, { x: 358, y: 160, scale: 0.72, depth: 0 }, 5, 0.7),
  goes(van('silver', '#cfd5d8'), {
    from: { x: -120, y: 336, scale: 1.2 },
    to: { x: 760, y: 336, scale: 1.2 },
    takes: 8,
    every: 34,
    late: 4,
    rate: 12,
  }),
  goes(car('red', '#b9362f'), {
    from: { x: 740, y: 296, scale: 0.92 },
    to: { x: -100, y: 296, scale: 0.92 },
    takes: 7,
    every: 43,
    late: 17,
    rate: 12,
  }),
  goes(car('white', '#e6e9ea'), {
    from: { x: -120, y: 338, scale: 1.16 },
    to: { x: 760, y: 338, scale: 1.16 },
    takes: 7.5,
    every: 59,
    late: 27,
    rate: 12,
  }),
  goes(tricycle(), { from: { x: 720, y: 298, scale: 0.9 }, to: { x: -90, y: 298, scale: 0.9 }, takes: 15, every: 61, late: 31, rate: 10 }),
  goes(scooter('teal', '#2f8f8a', '#d8793a', '#e9e6da'), {
    from: { x: -60, y: 330, scale: 1.08 },
    to: { x: 700, y: 330, scale: 1.08 },
    takes: 9,
    every: 37,
    late: 14,
    rate: 12,
  }),
  goes(bicycle('green', '#3b7d4f', '#7a5aa0'), {
    from: { x: 700, y: 292, scale: 0.86 },
    to: { x: -60, y: 292, scale: 0.86 },
    takes: 14,
    every: 53,
    late: 3,
    rate: 10,
  }),
  comes(facing('trader', { coat: '#a8552f', trousers: '#3a3d44', basket: true, hat: 'straw' }, true), {
    from: { x: 296, y: 268, scale: 0.98 },
    to: deep,
    takes: 24,
    every: 57,
    late: 2,
    rate: 9,
  }),
  comes(facing('mother', { coat: '#3d8a86', trousers: '#39405a', skirt: '#39405a' }), {
    from: deep,
    to: { x: 344, y: 272, scale: 1 },
    takes: 23,
    every: 49,
    late: 12,
    rate: 9,
  }),
  comes(facing('pupil', { coat: '#e3a22f', trousers: '#3f5a8c', bag: '#c23b4a', child: true }), {
    from: { ...deep, x: 323 },
    to: { x: 366, y: 272, scale: 1 },
    takes: 23,
    every: 49,
    late: 12,
    rate: 12,
  }),
  goes(walker('umbrella', { coat: '#75618f', trousers: '#2f333d', umbrella: '#d8737f' }), {
    from: { x: -30, y: 268, scale: 0.92 },
    to: { x: 670, y: 268, scale: 0.92 },
    takes: 52,
    every: 66,
    late: 20,
    rate: 8,
  }),
  goes(dog('black', '#3d3a38'), {
    from: { x: 450, y: 268, scale: 0.9 },
    to: { x: 190, y: 266, scale: 0.9 },
    takes: 8,
    every: 33,
    late: 9,
    rate: 12,
  }),
  stays(stander('guard', { coat: '#2c4a72', trousers: '#25303f', hat: '#1d2f4a' }), { x: 498, y: 264, scale: 0.9 }),
];

export const gate: Scene = { background: background(), actors };
