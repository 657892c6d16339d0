/** 村委会广场: the paved square before the village committee, where people dance, play and cross. */
import { bird, dog } from '../art/animals.ts';
import { contact, house, lattice, paving, tiledRoof, windows } from '../art/buildings.ts';
import { bicycle } from '../art/cycles.ts';
import { flag } from '../art/flag.ts';
import { karst, lens, mist, sky, woods } from '../art/landscape.ts';
import { dancer, facing, type Look, stander, walker } from '../art/people.ts';
import { flowerBed, shadow, shrub, tree } from '../art/plants.ts';
import { ellipse, gradient, line, path, poly, rect, text } from '../art/svg.ts';
import { comes, goes, stands, stays } from '../picture/motion.ts';
import type { Actor, Scene } from '../picture/scene.ts';

/** Two storeys, white, with the tiled roof of the region and the county's banner. */
function committee(): string {
  let out = `${contact(196, 196, 262, 9)}<defs>${gradient('committee', ['#d8d4c9', '#f4f1e8', '#ece8dc'])}</defs>`;
  out += rect(200, 98, 254, 98, 'url(#committee)') + rect(200, 178, 254, 18, '#b3aea1');
  out +=
    windows(206, 106, 84, 32, 3, 1) + windows(364, 106, 84, 32, 3, 1) + windows(206, 146, 84, 34, 3, 1) + windows(364, 146, 84, 34, 3, 1);
  out += rect(196, 139, 262, 5, '#c9c3b4') + rect(196, 143, 262, 2, '#8f897b');
  // The middle bay with its porch.
  out +=
    rect(292, 92, 70, 104, '#f0ece1') +
    lattice(304, 106, 18, 24) +
    lattice(332, 106, 18, 24) +
    rect(300, 150, 54, 46, '#4d3a30') +
    rect(303, 153, 23, 43, '#6f8d9a') +
    rect(328, 153, 23, 43, '#6f8d9a') +
    path('M303 190L318 153h5L303 196Z', '#fff', 'fill-opacity=".3"');
  out +=
    rect(286, 140, 82, 8, '#8d3129') +
    text(327, 147, 6.4, '#f6dfa0', '平安村党群服务中心') +
    rect(289, 148, 4, 48, '#9c3f34') +
    rect(361, 148, 4, 48, '#9c3f34');
  out +=
    rect(278, 152, 8, 38, '#fbfaf5', 'stroke="#b9b3a5" stroke-width=".6"') +
    rect(368, 152, 8, 38, '#fbfaf5', 'stroke="#b9b3a5" stroke-width=".6"');
  [...'平安村委会'].forEach((c, i) => {
    out += text(372, 160 + i * 6.6, 6, '#b3261e', c);
  });
  [...'综治工作站'].forEach((c, i) => {
    out += text(282, 160 + i * 6.6, 6, '#1f2d3a', c);
  });
  out += tiledRoof(190, 464, 72, 99, 18) + tiledRoof(284, 370, 74, 95, 12, '#525a63');
  out +=
    ellipse(327, 64, 9, 9, '#c8322b') +
    path('M327 58l1.800 4.200 4.600.300-3.500 3 1.100 4.400-4-2.400-4 2.400 1.100-4.400-3.500-3 4.600-.300Z', '#f7d64a');
  return (
    out +
    poly(
      [
        [284, 196],
        [372, 196],
        [380, 204],
        [276, 204],
      ],
      '#c3bdae',
    ) +
    poly(
      [
        [276, 204],
        [380, 204],
        [390, 213],
        [266, 213],
      ],
      '#b2ac9d',
    )
  );
}

function court(): string {
  let out =
    poly(
      [
        [420, 226],
        [640, 226],
        [640, 360],
        [470, 360],
      ],
      '#4f7f6e',
    ) +
    poly(
      [
        [420, 226],
        [640, 226],
        [640, 262],
        [434, 262],
      ],
      '#5b8d7b',
      'fill-opacity=".6"',
    );
  out +=
    line(
      [
        [428, 232],
        [640, 232],
      ],
      '#eef2ea',
      1.6,
    ) +
    line(
      [
        [428, 232],
        [480, 360],
      ],
      '#eef2ea',
      2,
    ) +
    `<path d="M500 232Q520 286 640 292" fill="none" stroke="#eef2ea" stroke-width="1.800"/>` +
    poly(
      [
        [545, 232],
        [612, 232],
        [620, 262],
        [546, 262],
      ],
      '#b56a4d',
      'fill-opacity=".75" stroke="#eef2ea" stroke-width="1.600"',
    );
  return out;
}

function hoop(): string {
  return (
    shadow(578, 238, 18, 4) +
    rect(574, 150, 5, 88, '#5b6d7c') +
    line(
      [
        [577, 158],
        [566, 150],
      ],
      '#5b6d7c',
      3,
    ) +
    rect(546, 128, 46, 30, '#eef3f5', 'stroke="#9aa7af" stroke-width="1.400"') +
    `<rect x="561" y="140" width="16" height="12" fill="none" stroke="#c8493b" stroke-width="1.400"/>` +
    ellipse(569, 158, 8, 2.4, 'none', 'stroke="#d8572f" stroke-width="1.800"') +
    path('M561.500 158l2.500 12h10l2.500-12', 'none', 'stroke="#f4f6f6" stroke-width=".8"')
  );
}

function bench(x: number, y: number): string {
  return (
    shadow(x + 20, y + 2, 26, 4) +
    rect(x, y - 9, 40, 4, '#8a6547') +
    rect(x, y - 17, 40, 3, '#8a6547') +
    rect(x + 3, y - 9, 3, 9, '#595c5e') +
    rect(x + 34, y - 9, 3, 9, '#595c5e') +
    rect(x + 3, y - 18, 2, 10, '#595c5e') +
    rect(x + 35, y - 18, 2, 10, '#595c5e')
  );
}

function background(): string {
  let out = sky('#7fb2d6', '#e9f0ee', 150, 6, 4);
  out +=
    karst({ seed: 14, base: 160, height: 100, colour: '#a8c3ca', cones: 7 }) +
    mist(150, 36, 0.8) +
    karst({ seed: 23, base: 172, height: 70, colour: '#82a690', cones: 5, near: true });
  out += woods(0, 210, 188, 26, '#5a8450', 5) + woods(450, 640, 188, 24, '#5f8a52', 6);
  out +=
    house({ x: 18, y: 190, w: 74, h: 36, roof: 18, wooden: true, seed: 3 }) +
    house({ x: 110, y: 192, w: 66, h: 44, roof: 16, storeys: 2, seed: 5 }) +
    house({ x: 488, y: 190, w: 72, h: 38, roof: 18, seed: 8 }) +
    house({ x: 578, y: 188, w: 70, h: 34, roof: 18, wooden: true, seed: 9 });
  out +=
    `<defs>${gradient('plaza', ['#cfcabd', '#beb8a9', '#aaa496'])}</defs>` +
    rect(0, 188, 640, 172, 'url(#plaza)') +
    paving(188, 360, 320, 96, '#a9a395', 92);
  out += rect(0, 186, 640, 4, '#9c978a') + committee() + court();
  out += flowerBed(120, 204, 70, 8, ['#e4574f', '#f3c14b', '#e79ab8']) + flowerBed(394, 204, 62, 8, ['#e4574f', '#f3c14b', '#f4f0e6'], 3);
  out +=
    shrub(204, 200, 20, '#4f7d45', 2) +
    shrub(448, 200, 20, '#4f7d45', 4) +
    tree(478, 216, 92, '#628f4d', 8) +
    tree(16, 214, 96, '#6a9450', 4);
  out += bench(486, 222) + path('M224 240Q300 226 396 240L400 244Q300 232 220 244Z', '#8f897b', 'fill-opacity=".25"');
  return out + lens();
}

/** With its ring of stone: what is older than the village. */
const oldTree =
  ellipse(84, 195, 66, 15, '#8d887b') +
  ellipse(84, 191, 66, 15, '#c9c3b4') +
  ellipse(84, 190, 54, 11, '#6e5f4a') +
  tree(84, 193, 186, '#557f44', 2);

const look = (coat: string, trousers: string, more: Partial<Look> = {}): Look => ({ coat, trousers, ...more });
const dancers = ['#c23b4a', '#b8447a', '#d0603c', '#c23b4a', '#b8447a'].map((coat, i) =>
  dancer(`d${i}`, look(coat, '#2f3440', { hair: i % 2 ? '#3a3432' : '#8d8782' })),
);
const kid = (id: string, coat: string) => walker(id, look(coat, '#39507a', { child: true }));

const actors: Actor[] = [
  stands('old-tree', oldTree, 170, 212, 0, 306),
  stands('hoop', `<g transform="translate(-540 -122)">${hoop()}</g>`, 70, 122, 540, 244),
  stays(flag(118), { x: 236, y: 222, scale: 1 }, 10),
  ...dancers.map((sprite, i) =>
    stays(sprite, { x: 206 + (i % 3) * 46 + (i > 2 ? 22 : 0), y: i > 2 ? 300 : 268, scale: i > 2 ? 0.98 : 0.84 }, 9),
  ),
  goes(kid('red', '#e0483e'), {
    from: { x: 430, y: 322, scale: 1.1 },
    to: { x: 690, y: 292, scale: 0.98 },
    takes: 6,
    every: 26,
    late: 2,
    rate: 16,
  }),
  goes(kid('blue', '#3f86c9'), {
    from: { x: 410, y: 330, scale: 1.12 },
    to: { x: 690, y: 300, scale: 1 },
    takes: 6.6,
    every: 26,
    late: 3,
    rate: 16,
  }),
  goes(kid('green', '#57a05a'), {
    from: { x: 690, y: 316, scale: 1.05 },
    to: { x: 380, y: 340, scale: 1.16 },
    takes: 7,
    every: 26,
    late: 15,
    rate: 16,
  }),
  goes(bicycle('blue', '#2d6fae', '#8f9a4d'), {
    from: { x: -60, y: 234, scale: 0.74 },
    to: { x: 700, y: 230, scale: 0.73 },
    takes: 15,
    every: 41,
    late: 6,
    rate: 10,
  }),
  comes(facing('clerk', look('#33597f', '#2d3038'), true), {
    from: { x: 360, y: 372, scale: 1.36 },
    to: { x: 328, y: 206, scale: 0.5 },
    takes: 22,
    every: 55,
    late: 1,
    rate: 9,
  }),
  comes(facing('aunt', look('#9a5a86', '#3a3d49', { hair: '#57504c', basket: true })), {
    from: { x: 322, y: 206, scale: 0.5 },
    to: { x: 150, y: 372, scale: 1.4 },
    takes: 26,
    every: 61,
    late: 18,
    rate: 9,
  }),
  goes(walker('elder', look('#77715f', '#3b3c40', { hair: '#c4c0ba', stick: true })), {
    from: { x: 650, y: 212, scale: 0.62 },
    to: { x: -30, y: 216, scale: 0.64 },
    takes: 70,
    every: 82,
    late: 30,
    rate: 6,
  }),
  goes(dog('white', '#d8d0c1'), {
    from: { x: -30, y: 350, scale: 1.5 },
    to: { x: 680, y: 344, scale: 1.45 },
    takes: 12,
    every: 53,
    late: 22,
    rate: 13,
  }),
  stays(stander('chess1', look('#5d6b52', '#33363c', { hair: '#a5a09a' })), { x: 54, y: 318, scale: 1.06 }),
  stays(stander('chess2', look('#6b5a72', '#33363c', { hat: '#3b4a5c' }), true), { x: 116, y: 322, scale: 1.08 }),
  ...[0, 1, 2].map((i) =>
    goes(bird(), {
      from: { x: -20, y: 62 + i * 9, scale: 0.7 },
      to: { x: 660, y: 40 + i * 12, scale: 0.6 },
      takes: 19,
      every: 48,
      late: 9 + i * 0.7,
      rate: 9,
    }),
  ),
];

export const square: Scene = { background: background(), actors };
