/** 卫生院门前: the township's clinic, seen at an angle, with its forecourt, ramp and ambulance. */
import { house, paving, recedingWall } from '../art/buildings.ts';
import { parkedScooter, scooter } from '../art/cycles.ts';
import { karst, lens, mist, sky, woods } from '../art/landscape.ts';
import { facing, stander, walker } from '../art/people.ts';
import { flowerBed, pot, shadow, shrub, tree } from '../art/plants.ts';
import { ellipse, gradient, line, path, poly, rect, text } from '../art/svg.ts';
import { ambulance } from '../art/vehicles.ts';
import { comes, goes, stands, stays } from '../picture/motion.ts';
import type { Actor, Scene, Sprite } from '../picture/scene.ts';

const CORNER = { x: 374, top: 28, bottom: 222 };
const FRAME = '#f7faf9';
const GLASS = '#6793a6';

/** The long front with the entrance, 330 × 150 flat. */
function front(): string {
  const wall = recedingWall(330, 150, { x: 64, top: 64, bottom: 200 }, CORNER);
  const { quad, panes, lettering, cross, at } = wall;
  let out = `<defs>${gradient('clinicfront', ['#fbfcfb', '#eff3f2', '#dfe6e5'])}</defs>${quad(0, 0, 330, 150, 'url(#clinicfront)')}`;
  out += quad(0, 0, 330, 7, '#2f8f83') + quad(0, 46, 330, 4, '#bfdcd7') + quad(0, 96, 330, 4, '#bfdcd7') + quad(0, 138, 330, 12, '#a9b6b6');
  out +=
    panes(4, 15, 322, 26, 10, FRAME, GLASS) +
    panes(4, 62, 112, 26, 4, FRAME, GLASS) +
    panes(222, 62, 104, 26, 3, FRAME, GLASS) +
    panes(4, 109, 102, 24, 3, FRAME, GLASS) +
    panes(228, 109, 98, 24, 3, FRAME, GLASS);
  // Entrance: sign, glass doors, canopy.
  out +=
    quad(118, 54, 100, 40, '#ffffff') +
    cross(133, 74, 21, '#d6352c') +
    lettering(180, 71, 12, '#1d6b61', '平安镇') +
    lettering(180, 88, 15, '#1d6b61', '卫生院');
  out += quad(122, 100, 90, 50, '#c9d6d8') + quad(126, 104, 40, 46, '#87b0bf') + quad(168, 104, 40, 46, '#87b0bf');
  for (const x of [130, 174]) out += poly([at(x, 150), at(x + 26, 104), at(x + 33, 104), at(x + 10, 150)], '#fff', 'fill-opacity=".32"');
  out +=
    quad(163, 124, 1.6, 12, '#eef3f3') +
    quad(169.6, 124, 1.6, 12, '#eef3f3') +
    cross(146, 120, 9, '#2f8f83') +
    cross(188, 120, 9, '#2f8f83');
  return (
    out +
    quad(110, 95, 114, 7, '#2f8f83') +
    quad(110, 101, 114, 2, '#1f6a61') +
    quad(116, 103, 3, 47, '#b9c5c5') +
    quad(216, 103, 3, 47, '#b9c5c5')
  );
}

/** The short side with the emergency entrance, 150 × 150 flat. */
function flank(): string {
  const { quad, panes, lettering } = recedingWall(150, 150, CORNER, { x: 508, top: 58, bottom: 206 });
  let out = `<defs>${gradient('clinicside', ['#cfdad9', '#c3cfce', '#b4c1c0'])}</defs>${quad(0, 0, 150, 150, 'url(#clinicside)')}`;
  out += quad(0, 0, 150, 7, '#24766c') + quad(0, 46, 150, 4, '#9fc1bb') + quad(0, 96, 150, 4, '#9fc1bb') + quad(0, 138, 150, 12, '#8b9999');
  out +=
    panes(6, 15, 138, 26, 4, '#dde5e4', '#557f92') +
    panes(6, 62, 138, 26, 4, '#dde5e4', '#557f92') +
    quad(46, 104, 58, 46, '#728f9a') +
    quad(74, 104, 2, 46, '#dde5e4');
  return out + quad(36, 93, 78, 13, '#c9302a') + lettering(75, 103.2, 9.5, '#fff', '急 诊');
}

function building(): string {
  // Solar heaters on the roof, as everywhere here.
  let out = '';
  for (let i = 0; i < 5; i++) {
    const x = 106 + i * 50;
    const y = 58 - i * 5.2;
    out +=
      poly(
        [
          [x, y],
          [x + 26, y - 2.6],
          [x + 32, y - 13],
          [x + 9, y - 11],
        ],
        '#39506a',
      ) + ellipse(x + 21, y - 14, 13, 2.8, '#c6d0d3');
  }
  out += poly(
    [
      [66, 202],
      [374, 224],
      [508, 208],
      [536, 214],
      [380, 236],
      [70, 208],
    ],
    '#20261f',
    'fill-opacity=".2"',
  );
  out += front() + flank();
  return out;
}

function ramp(): string {
  return (
    poly(
      [
        [160, 207],
        [286, 216],
        [310, 232],
        [168, 222],
      ],
      '#d3d7d1',
    ) +
    poly(
      [
        [168, 222],
        [310, 232],
        [310, 237],
        [168, 227],
      ],
      '#a5aaa4',
    ) +
    poly(
      [
        [286, 216],
        [398, 233],
        [392, 243],
        [310, 234],
      ],
      '#bcc1bb',
    ) +
    line(
      [
        [310, 233],
        [310, 215],
        [392, 226],
        [392, 242],
      ],
      '#8fa3a6',
      2,
    ) +
    line(
      [
        [310, 224],
        [392, 234],
      ],
      '#8fa3a6',
      1.4,
    ) +
    line(
      [
        [338, 236],
        [338, 219],
      ],
      '#8fa3a6',
      1.4,
    ) +
    line(
      [
        [366, 239],
        [366, 223],
      ],
      '#8fa3a6',
      1.4,
    )
  );
}

function background(): string {
  let out = sky('#93bfd8', '#eff4f2', 150, 5, 27);
  out +=
    karst({ seed: 52, base: 176, height: 116, colour: '#aac5cb', cones: 6 }) +
    mist(166, 40, 0.85) +
    karst({ seed: 57, base: 188, height: 74, colour: '#7fa48c', cones: 5, near: true });
  out +=
    rect(0, 180, 640, 60, '#8fa768') +
    woods(500, 640, 200, 28, '#5a8450', 4) +
    woods(0, 70, 198, 30, '#618b52', 6) +
    house({ x: 556, y: 204, w: 62, h: 32, roof: 16, seed: 4 });
  out +=
    `<defs>${gradient('court', ['#d2cfc6', '#c1bdb2', '#aeaa9f'])}</defs>` +
    rect(0, 200, 640, 160, 'url(#court)') +
    paving(200, 360, 480, 70, '#aba79c', 84);
  out +=
    building() +
    ramp() +
    poly(
      [
        [404, 236],
        [640, 262],
        [640, 360],
        [560, 360],
      ],
      '#6f7477',
    ) +
    line(
      [
        [404, 236],
        [560, 360],
      ],
      '#e8e6dc',
      2.4,
    );
  for (const x of [446, 520, 600])
    out += line(
      [
        [x, 241 + (x - 404) * 0.11],
        [x + 76 + (x - 446) * 0.2, 352],
      ],
      '#f2f0e6',
      1.8,
    );
  out += text(0, 0, 15, '#e9c94f', '救护车专用', 'transform="matrix(1 .12 .5 .8 560 318)" fill-opacity=".85"');
  out +=
    flowerBed(70, 212, 96, 8, ['#e4574f', '#f4c84f', '#f2f0ea', '#d98ab6'], 2) +
    tree(36, 226, 118, '#5f8d4c', 7) +
    tree(628, 246, 120, '#5a8749', 3) +
    shrub(380, 226, 24, '#4f7d45', 3);
  for (const x of [24, 82, 140])
    out += line(
      [
        [x, 292],
        [x + 12, 262],
      ],
      '#f2f0e6',
      1.8,
    );
  out += line(
    [
      [36, 262],
      [152, 262],
    ],
    '#f2f0e6',
    1.8,
  );
  return out + lens();
}

/** A patient in a wheelchair, pushed by a nurse; going to the right. */
const wheelchair: Sprite = (() => {
  const nurse = walker('nurse-pushing', { coat: '#f2f4f3', trousers: '#e4ecef', gown: true });
  return {
    id: 'wheelchair',
    width: 78,
    height: 72,
    frames: nurse.frames,
    anchor: { x: 40, y: 68 },
    svg: (frame) =>
      `${nurse.svg(frame)}${ellipse(54, 68, 16, 2.6, '#141c18', 'fill-opacity=".28"')}${line(
        [
          [28, 33],
          [40, 34],
          [42, 54],
          [58, 54],
          [62, 64],
        ],
        '#4a5560',
        2,
      )}${path('M43 36Q43 28 49 28Q54 30 54 38L55 50H43Z', '#7a93b5')}${line(
        [
          [46, 50],
          [58, 51],
          [60, 62],
        ],
        '#55606e',
        4.6,
      )}${line(
        [
          [51, 38],
          [57, 46],
        ],
        '#6b83a4',
        3.4,
      )}${ellipse(50, 22, 5, 5.4, '#d9a67f')}${path('M45 22a5.200 5.600 0 0 1 10 -2.500Q50 19 48 25Q45 25 45 22Z', '#bcb8b2')}<circle cx="47" cy="58" r="10" fill="none" stroke="#2d3136" stroke-width="2"/><circle cx="64" cy="65" r="3" fill="none" stroke="#2d3136" stroke-width="1.600"/>`,
  };
})();

const parked = parkedScooter('#d9dde0');

const door = { x: 226, y: 214, scale: 0.62 };
const actors: Actor[] = [
  stays(ambulance(), { x: 500, y: 292, scale: 1.1, depth: 290 }, 4),
  stays(parked, { x: 60, y: 284, scale: 0.8 }),
  stays(parked, { x: 120, y: 285, scale: 0.8 }),
  stands('pots', pot(20, 46, 26, '#e0563f', 2) + pot(52, 46, 24, '#f0c63f', 5), 72, 50, 404, 262),
  stands(
    'sign',
    shadow(20, 66, 12, 3) + rect(18, 20, 4, 46, '#7d8a8f') + rect(2, 2, 36, 24, '#2f8f83', 'rx="3"') + text(20, 18.5, 11, '#fff', '门 诊'),
    40,
    70,
    352,
    278,
  ),
  goes(wheelchair, { from: { x: -50, y: 316, scale: 1.18 }, to: { x: 690, y: 326, scale: 1.22 }, takes: 46, every: 67, late: 8, rate: 7 }),
  comes(facing('doctor', { coat: '#f2f4f3', trousers: '#3b4757', gown: true }), {
    from: door,
    to: { x: 330, y: 374, scale: 1.38 },
    takes: 21,
    every: 53,
    late: 4,
    rate: 9,
  }),
  comes(facing('father', { coat: '#566f4a', trousers: '#37393f' }, true), {
    from: { x: 282, y: 374, scale: 1.4 },
    to: door,
    takes: 25,
    every: 49,
    late: 17,
    rate: 9,
  }),
  comes(facing('son', { coat: '#e08a3a', trousers: '#3b5684', child: true }, true), {
    from: { x: 316, y: 374, scale: 1.36 },
    to: { ...door, x: 234 },
    takes: 25,
    every: 49,
    late: 17,
    rate: 12,
  }),
  goes(walker('grandpa', { coat: '#6d6a60', trousers: '#34363c', hair: '#cbc7c1', stick: true }), {
    from: { x: 690, y: 344, scale: 1.28 },
    to: { x: -40, y: 340, scale: 1.26 },
    takes: 74,
    every: 91,
    late: 33,
    rate: 6,
  }),
  goes(walker('nurse', { coat: '#e9a7b8', trousers: '#f0e8ea', skirt: '#e9a7b8' }), {
    from: { x: 470, y: 252, scale: 0.78 },
    to: { x: 110, y: 240, scale: 0.74 },
    takes: 17,
    every: 44,
    late: 24,
    rate: 9,
  }),
  goes(scooter('visitor', '#3f6fa8', '#a8485c', '#f0c648'), {
    from: { x: 720, y: 352, scale: 1.2 },
    to: { x: -80, y: 350, scale: 1.2 },
    takes: 11,
    every: 71,
    late: 50,
    rate: 11,
  }),
  stays(stander('waiting', { coat: '#8f6a9c', trousers: '#353945', hair: '#6e6863' }), { x: 140, y: 250, scale: 0.84 }),
];

export const clinic: Scene = { background: background(), actors };
