/** 小学门口: the gate of the primary school, with the zebra crossing before it. */
import { contact, windows } from '../art/buildings.ts';
import { bicycle, scooter } from '../art/cycles.ts';
import { flag } from '../art/flag.ts';
import { karst, lens, mist, sky, woods } from '../art/landscape.ts';
import { facing, type Look, stander, walker } from '../art/people.ts';
import { shadow, shrub, tree } from '../art/plants.ts';
import { dice, ellipse, gradient, line, path, poly, rect, shade, text } from '../art/svg.ts';
import { car, schoolBus } from '../art/vehicles.ts';
import { comes, goes, stands, stays } from '../picture/motion.ts';
import type { Actor, Scene, Sprite } from '../picture/scene.ts';

/** Three storeys with open galleries, cream and orange. */
function teachingBlock(): string {
  let out =
    contact(150, 206, 350, 8) +
    `<defs>${gradient('block', ['#f7e7c8', '#f3dfb8', '#e6cfa4'])}</defs>` +
    rect(150, 84, 350, 122, 'url(#block)') +
    rect(144, 76, 362, 10, '#d9743c') +
    rect(144, 85, 362, 3, '#a9552a');
  for (let floor = 0; floor < 3; floor++) {
    const y = 90 + floor * 39;
    out +=
      rect(150, y, 350, 25, '#c7ad82') +
      windows(154, y + 1, 342, 22, 15, 1, '#fbf4e4', '#56788a') +
      rect(150, y + 24, 350, 12, floor === 1 ? '#e08b4e' : '#f4e3c2') +
      rect(150, y + 24, 350, 1.6, '#fff6e2') +
      rect(150, y + 35, 350, 2, '#b8935f');
    for (let x = 150; x <= 500; x += 50) out += rect(x - 2.5, y, 5, 37, '#efdcb6') + rect(x + 1, y, 1.5, 37, '#c9ac7c');
  }
  // Stair tower with the clock.
  out +=
    rect(300, 58, 50, 148, '#dd7d44') +
    rect(338, 58, 12, 148, '#b96030') +
    rect(294, 50, 62, 9, '#f4e3c2') +
    ellipse(325, 78, 14, 14, '#fdfaf2', 'stroke="#8b4a24" stroke-width="2"');
  [...'好好学习天天向上'].forEach((c, i) => {
    out += text(i < 4 ? 176 + i * 31 : 381 + (i - 4) * 31, 123.5, 9, '#b3261e', c);
  });
  return out;
}

/** The wall along the road: murals that children painted. */
function wall(x0: number, x1: number): string {
  let out = rect(x0, 206, x1 - x0, 46, '#f5efe0') + rect(x0 - 2, 201, x1 - x0 + 4, 6, '#d9743c') + rect(x0, 246, x1 - x0, 7, '#b9a27a');
  const roll = dice(x0 + 3);
  for (let x = x0 + 12; x < x1 - 40; x += 58) {
    out +=
      rect(x, 211, 48, 32, '#cfe8f3', 'rx="3"') +
      path(`M${x} 236q12 -12 24 -4t24 -4v15h-48Z`, '#8cc26a') +
      ellipse(x + 9, 218, 4, 4, '#f4b93a');
    for (let i = 0; i < 4; i++)
      out +=
        ellipse(x + 8 + i * 11, 238, 2.4, 2.4, ['#e4574f', '#f2c14a', '#e58ab8', '#7a6fd0'][Math.floor(roll() * 4)]!) +
        line(
          [
            [x + 8 + i * 11, 240],
            [x + 8 + i * 11, 243],
          ],
          '#4c8a3f',
          1,
        );
    out += path(`M${x + 28} 222l6 -5l6 5v9h-12Z`, '#e0793f');
  }
  return out;
}

function entrance(): string {
  let out =
    rect(214, 178, 20, 76, '#d9743c') +
    rect(228, 178, 6, 76, '#b65a2b') +
    rect(210, 172, 28, 8, '#f4e3c2') +
    rect(406, 178, 20, 76, '#d9743c') +
    rect(420, 178, 6, 76, '#b65a2b') +
    rect(402, 172, 28, 8, '#f4e3c2');
  out +=
    path('M226 174Q320 132 414 174L414 164Q320 118 226 164Z', '#2f6fa8') +
    path('M226 174Q320 132 414 174L414 171Q320 128 226 171Z', '#1f4f7d');
  [...'平安小学'].forEach((c, i) => {
    const x = 272 + i * 32;
    out +=
      ellipse(x, 140 + Math.abs(i - 1.5) ** 2 * 2, 12, 12, '#fdfaf2', 'stroke="#c8322b" stroke-width="2"') +
      text(x, 146 + Math.abs(i - 1.5) ** 2 * 2, 16, '#c8322b', c);
  });
  // The sliding gate, half open.
  for (let x = 240; x < 302; x += 7)
    out +=
      line(
        [
          [x, 224],
          [x + 7, 250],
        ],
        '#c3cbd0',
        1.6,
      ) +
      line(
        [
          [x + 7, 224],
          [x, 250],
        ],
        '#aab4ba',
        1.6,
      );
  out +=
    rect(236, 222, 68, 3, '#dfe5e8') +
    rect(236, 249, 68, 3, '#98a3a9') +
    rect(300, 216, 8, 38, '#e9c33d') +
    rect(300, 224, 8, 5, '#33363a') +
    rect(300, 236, 8, 5, '#33363a');
  return (
    out +
    rect(436, 206, 50, 48, '#f2ece0') +
    rect(432, 200, 58, 7, '#2f6fa8') +
    rect(442, 214, 22, 20, '#54788b') +
    path('M442 234l14 -20h5l-14 20Z', '#fff', 'fill-opacity=".3"') +
    rect(469, 214, 13, 40, '#8a5a3c') +
    text(461, 206, 5.6, '#fff', '门卫室')
  );
}

function yard(): string {
  const out =
    `<defs>${gradient('yard', ['#cfc5b0', '#bdb39e'])}</defs>` +
    rect(0, 204, 640, 52, 'url(#yard)') +
    path('M0 236Q140 214 320 214T640 236V222Q500 208 320 208T0 222Z', '#b5573f') +
    path('M0 229Q140 211 320 211T640 229', 'none', 'stroke="#f3e6da" stroke-width="1"');
  return (
    out +
    poly(
      [
        [306, 206],
        [334, 206],
        [404, 256],
        [236, 256],
      ],
      '#c9c0ae',
    )
  );
}

function background(): string {
  let out = sky('#84b9dd', '#f2f3ea', 160, 6, 33);
  out +=
    karst({ seed: 61, base: 180, height: 124, colour: '#a9c5cc', cones: 6 }) +
    mist(168, 40, 0.8) +
    karst({ seed: 66, base: 198, height: 88, colour: '#7ba285', cones: 6, near: true }) +
    woods(0, 160, 208, 26, '#5b8650', 2) +
    woods(490, 640, 208, 28, '#628d53', 3);
  out += yard() + teachingBlock() + tree(120, 222, 74, '#67944f', 4) + tree(614, 222, 84, '#5f8d4b', 5);
  out += wall(-4, 214) + wall(490, 650) + rect(426, 206, 64, 46, '#f5efe0') + entrance();
  out +=
    `<defs>${gradient('pavement', ['#d6cdbb', '#c3baa7'])}${gradient('street', ['#787c80', '#696d71', '#595d61'])}</defs>` +
    rect(0, 253, 640, 26, 'url(#pavement)');
  for (let x = -20; x < 660; x += 24)
    out += line(
      [
        [320 + (x - 320) * 0.97, 254],
        [320 + (x - 320) * 1.06, 279],
      ],
      '#a89e8a',
      0.8,
      'stroke-opacity=".7"',
    );
  out += rect(0, 279, 640, 5, '#e2ddd0') + rect(0, 283, 640, 4, '#8f8a7f') + rect(0, 286, 640, 74, 'url(#street)');
  for (let i = 0; i < 8; i++) {
    const x = 226 + i * 24;
    out += poly(
      [
        [x + (x - 320) * 0.02, 290],
        [x + 14 + (x - 306) * 0.02, 290],
        [x + 14 + (x - 306) * 0.24, 358],
        [x + (x - 320) * 0.24, 358],
      ],
      '#efede4',
      'fill-opacity=".92"',
    );
  }
  for (const [a, b] of [
    [0, 200],
    [446, 640],
  ] as const)
    for (let x = a; x < b - 30; x += 62) out += rect(x, 322, 34, 3, '#e5bf4b');
  out += shrub(30, 258, 20, '#568046', 2) + shrub(64, 258, 18, '#5c8849', 4) + shrub(604, 258, 22, '#568046', 6);
  for (const x of [206, 434])
    out +=
      shadow(x, 277, 6, 2) +
      rect(x - 2, 252, 4, 25, shade('#e9c33d', -0.05)) +
      rect(x - 2, 258, 4, 4, '#33363a') +
      rect(x - 2, 267, 4, 4, '#33363a');
  return out + lens();
}

const pupil = (coat: string, bag: string, more: Partial<Look> = {}): Look => ({ coat, trousers: '#34507f', bag, child: true, ...more });
/** School uniform: blue and white with red scarves would not show at this size; the bags do. */
const inGate = { x: 332, y: 210, scale: 0.34 };
const crossing = `${shadow(14, 60, 8, 2.4)}${rect(12.5, 16, 3, 44, '#9aa3a8')}${poly(
  [
    [14, 0],
    [28, 22],
    [0, 22],
  ],
  '#2f6fd0',
  'stroke="#fff" stroke-width="1.600" stroke-linejoin="round"',
)}${ellipse(14, 9, 1.8, 1.8, '#fff')}${line(
  [
    [14, 11],
    [14, 15],
    [11, 19],
  ],
  '#fff',
  1.6,
)}${line(
  [
    [14, 15],
    [17, 19],
  ],
  '#fff',
  1.6,
)}`;

/** The hands of the tower clock, which is as right as the one in the corner; a frame a minute. */
const hands: Sprite = {
  id: 'hands',
  width: 28,
  height: 28,
  frames: 720,
  anchor: { x: 14, y: 14 },
  svg: (minute) => {
    const hand = (turn: number, length: number, width: number) =>
      line(
        [
          [14, 14],
          [14 + Math.sin(turn * 2 * Math.PI) * length, 14 - Math.cos(turn * 2 * Math.PI) * length],
        ],
        '#3b2b20',
        width,
      );
    return hand(minute / 720, 6, 2) + hand((minute % 60) / 60, 10, 1.4);
  },
};
const towerClock: Actor = {
  sprite: hands,
  at: (t) => {
    const now = new Date(t * 1000);
    return { x: 325, y: 78, scale: 1, depth: 0, frame: (now.getHours() % 12) * 60 + now.getMinutes() };
  },
};

const actors: Actor[] = [
  towerClock,
  stays(flag(128), { x: 540, y: 203, scale: 0.9, depth: 100 }, 10),
  stays(schoolBus(), { x: 548, y: 312, scale: 0.95 }),
  stands('crossing', crossing, 28, 63, 176, 282),
  comes(facing('girl-pink', pupil('#e58aa8', '#7a4fb0'), true), {
    from: { x: 300, y: 366, scale: 1.24 },
    to: inGate,
    takes: 27,
    every: 43,
    late: 1,
    rate: 12,
  }),
  comes(facing('boy-blue', pupil('#4a86c8', '#e0a032'), true), {
    from: { x: 328, y: 372, scale: 1.26 },
    to: { ...inGate, x: 340 },
    takes: 28,
    every: 43,
    late: 2,
    rate: 12,
  }),
  comes(facing('girl-yellow', pupil('#e8c24a', '#c23b4a')), {
    from: inGate,
    to: { x: 366, y: 374, scale: 1.28 },
    takes: 26,
    every: 51,
    late: 16,
    rate: 12,
  }),
  comes(facing('teacher', { coat: '#44617e', trousers: '#2f333c' }), {
    from: { ...inGate, x: 346 },
    to: { x: 388, y: 276, scale: 0.86 },
    takes: 22,
    every: 51,
    late: 14,
    rate: 8,
  }),
  goes(walker('boy-green', pupil('#57a05a', '#2f4f7d')), {
    from: { x: -30, y: 272, scale: 0.88 },
    to: { x: 330, y: 270, scale: 0.86 },
    takes: 22,
    every: 37,
    late: 6,
    rate: 13,
  }),
  goes(walker('boy-red', pupil('#d8483e', '#3f78b5')), {
    from: { x: -30, y: 276, scale: 0.9 },
    to: { x: 318, y: 274, scale: 0.88 },
    takes: 20,
    every: 37,
    late: 9,
    rate: 14,
  }),
  goes(walker('gran', { coat: '#7d5f86', trousers: '#34373f', hair: '#b5b0aa', basket: true }), {
    from: { x: 680, y: 274, scale: 0.9 },
    to: { x: -40, y: 274, scale: 0.9 },
    takes: 60,
    every: 78,
    late: 20,
    rate: 8,
  }),
  goes(walker('girl-hand', pupil('#ef9a5a', '#58a06a')), {
    from: { x: 704, y: 276, scale: 0.9 },
    to: { x: -16, y: 276, scale: 0.9 },
    takes: 60,
    every: 78,
    late: 20,
    rate: 10,
  }),
  goes(scooter('parent', '#8a4fa0', '#3f7f7a', '#e9e6da'), {
    from: { x: -80, y: 318, scale: 1 },
    to: { x: 720, y: 318, scale: 1 },
    takes: 10,
    every: 41,
    late: 27,
    rate: 12,
  }),
  goes(car('grey', '#7c8a92'), {
    from: { x: 760, y: 350, scale: 1.1 },
    to: { x: -120, y: 350, scale: 1.1 },
    takes: 10,
    every: 67,
    late: 33,
    rate: 12,
  }),
  goes(bicycle('red', '#b8392f', '#4a6f9c'), {
    from: { x: 720, y: 344, scale: 1.08 },
    to: { x: -70, y: 344, scale: 1.08 },
    takes: 17,
    every: 59,
    late: 8,
    rate: 10,
  }),
  stays(stander('keeper', { coat: '#2c4a72', trousers: '#25303f', hat: '#1d2f4a' }), { x: 424, y: 268, scale: 0.88 }),
  stays(stander('parent', { coat: '#a5694a', trousers: '#3a3f4a' }), { x: 470, y: 272, scale: 0.88 }),
];

export const school: Scene = { background: background(), actors };
