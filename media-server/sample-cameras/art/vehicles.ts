/** What drives through a village, seen from the side and going to the right. */
import type { Sprite } from '../picture/scene.ts';
import { ellipse, line, n, path, type Point, rect, shade, text } from './svg.ts';

const SKIN = '#d9a67f';

function wheel(x: number, y: number, r: number, turn: number, spokes = 3): string {
  let out = ellipse(x, y, r, r, '#26272a') + ellipse(x, y, r * 0.62, r * 0.62, '#8d949a') + ellipse(x, y, r * 0.5, r * 0.5, '#5a6066');
  for (let i = 0; i < spokes; i++) {
    const a = turn + (i * Math.PI) / spokes;
    out += line([[x - Math.cos(a) * r * 0.55, y - Math.sin(a) * r * 0.55], [x + Math.cos(a) * r * 0.55, y + Math.sin(a) * r * 0.55]], '#b9c0c5', 1);
  }
  return out + ellipse(x, y, r * 0.14, r * 0.14, '#e5e8ea');
}

const under = (x: number, y: number, rx: number): string => ellipse(x, y, rx, 3, '#141c18', 'fill-opacity=".32"');
/** Spokes look the same again after a third of half a turn. */
const turnOf = (frame: number, spokes = 3) => (frame / 4) * (Math.PI / spokes);

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

/** An electric scooter with a rider. */
export function scooter(id: string, colour: string, coat: string, helmet: string): Sprite {
  const svg = (frame: number) =>
    under(36, 58, 30) +
    path('M12 40Q20 34 34 38L36 46H50L57 22L61 23L56 50Q54 53 50 52H18Q10 50 12 40Z', colour) +
    path('M12 40Q20 34 34 38L35 42Q22 40 12 44Z', '#2c2d30') +
    path('M52 30L60 28L62 36L56 44Z', shade(colour, 0.3)) + line([[57, 22], [53, 17]], '#33363a', 2.4) + ellipse(61.5, 27, 2.2, 2.6, '#fff6cf') +
    wheel(16, 51, 7.4, turnOf(frame)) + wheel(58, 51, 7.4, turnOf(frame)) +
    rider(25, 38, coat, '#3b4452', [53, 20], [42, 45], helmet);
  return { id: `scooter-${id}`, width: 72, height: 62, frames: 4, anchor: { x: 36, y: 58 }, svg };
}

/** A bicycle whose rider pedals, 8 frames. */
export function bicycle(id: string, colour: string, coat: string): Sprite {
  const svg = (frame: number) => {
    const a = (frame / 8) * 2 * Math.PI;
    const pedal: Point = [34 + Math.cos(a) * 5, 49 + Math.sin(a) * 5];
    const other: Point = [34 - Math.cos(a) * 5, 49 - Math.sin(a) * 5];
    const knee = (p: Point): Point => [(27 + p[0]) / 2 + 6, (33 + p[1]) / 2 - 1];
    const rim = (x: number) => `<circle cx="${x}" cy="49" r="9.500" fill="none" stroke="#2a2b2e" stroke-width="1.800"/>` + [0, 1, 2, 3].map((i) => line([[x - Math.cos(a + i * 0.785) * 9, 49 - Math.sin(a + i * 0.785) * 9], [x + Math.cos(a + i * 0.785) * 9, 49 + Math.sin(a + i * 0.785) * 9]], '#8a9094', 0.5)).join('');
    return (
      under(36, 59, 28) + rim(17) + rim(55) +
      line([[27, 33], knee(other), other], '#2f3642', 4.4) +
      line([[17, 49], [34, 49], [50, 34], [28, 35], [34, 49]], colour, 2) + line([[28, 35], [17, 49]], colour, 1.8) + line([[55, 49], [49, 29], [53, 27]], colour, 2) + rect(23, 31.5, 9, 2.4, '#2b2624', 'rx="1"') +
      line([[27, 33], knee(pedal), pedal], '#3d4656', 4.6) + line([[pedal[0] - 1, pedal[1] + 1], [pedal[0] + 4, pedal[1] + 1]], '#2b2624', 2.4) +
      path('M22 33Q24 20 30 15Q35 13 36 18L32 33Z', coat) + line([[33, 18], [41, 26], [51, 28]], shade(coat, -0.15), 3.6) +
      ellipse(35, 9, 4.8, 5.2, SKIN) + path('M29.500 9.600a5.600 5.800 0 0 1 10.600 -3.200Q36 6 34 10Q32 13 30.500 12.500Z', '#23201f')
    );
  };
  return { id: `bicycle-${id}`, width: 72, height: 63, frames: 8, anchor: { x: 36, y: 59 }, svg };
}

/** A small family car. */
export function car(id: string, colour: string): Sprite {
  const svg = (frame: number) =>
    under(66, 54, 62) +
    path('M4 40Q5 31 18 29L32 14Q35 11 42 11H78Q84 11 90 16L104 28Q124 30 128 38V46Q128 49 124 49H8Q4 49 4 45Z', colour) +
    path('M4 40H128V46Q128 49 124 49H8Q4 49 4 45Z', shade(colour, -0.22)) +
    path('M34 27L43 16H62V28H33Z', '#2f3d47') + path('M66 16H78Q82 16 86 19L96 28H66Z', '#2f3d47') + path('M40 24L48 16H53L44 28Z', '#fff', 'fill-opacity=".25"') + path('M72 28L66 20V16H70L80 28Z', '#fff', 'fill-opacity=".2"') +
    line([[64, 28], [64, 46]], shade(colour, -0.35), 1) + line([[32, 29], [30, 44]], shade(colour, -0.35), 0.8) + rect(68, 32, 6, 1.6, shade(colour, -0.4)) + rect(37, 32, 6, 1.6, shade(colour, -0.4)) +
    line([[10, 31], [122, 32]], shade(colour, 0.35), 1.2, 'stroke-opacity=".7"') + path('M120 33Q127 34 127 39L119 38Z', '#fdf6da') + path('M5 33L10 32V38L4 39Z', '#c43c33') +
    wheel(31, 46, 9, turnOf(frame)) + wheel(103, 46, 9, turnOf(frame));
  return { id: `car-${id}`, width: 132, height: 58, frames: 4, anchor: { x: 66, y: 54 }, svg };
}

/** The seven-seat van that every village has. */
export function van(id: string, colour: string): Sprite {
  const svg = (frame: number) =>
    under(66, 66, 62) +
    path('M5 22Q5 10 16 10H92Q100 10 106 20L116 36Q126 38 127 46V56Q127 60 122 60H9Q5 60 5 56Z', colour) + path('M5 46H127V56Q127 60 122 60H9Q5 60 5 56Z', shade(colour, -0.2)) +
    path('M12 18H38V34H12Z', '#2f3d47') + path('M42 18H68V34H42Z', '#2f3d47') + path('M72 18H92Q96 18 100 24L106 34H72Z', '#2f3d47') +
    path('M16 34L28 18H34L22 34Z', '#fff', 'fill-opacity=".22"') + path('M48 34L60 18H65L53 34Z', '#fff', 'fill-opacity=".22"') +
    line([[70, 16], [70, 57]], shade(colour, -0.35), 1) + line([[40, 16], [40, 57]], shade(colour, -0.35), 1) + rect(44, 39, 7, 1.8, shade(colour, -0.4)) + path('M118 40Q126 41 126 47L118 46Z', '#fdf6da') + rect(5, 30, 3, 10, '#c43c33') +
    wheel(30, 57, 9.4, turnOf(frame)) + wheel(103, 57, 9.4, turnOf(frame));
  return { id: `van-${id}`, width: 132, height: 70, frames: 4, anchor: { x: 66, y: 66 }, svg };
}

/** A farm tricycle with vegetables in its tray. */
export function tricycle(): Sprite {
  const svg = (frame: number) => {
    let cargo = '';
    for (let i = 0; i < 16; i++) cargo += ellipse(14 + (i % 8) * 6, 30 - Math.floor(i / 8) * 5, 4.4, 3.8, i % 3 ? '#6f9c4a' : '#d8dcae');
    return (
      under(58, 64, 54) + cargo + path('M6 30H62L60 48H10Z', '#3c6f9e') + path('M6 30H62V34H6Z', '#5b8fbd') + line([[20, 34], [21, 48]], '#2c567d', 1.2) + line([[38, 34], [38, 48]], '#2c567d', 1.2) + line([[54, 34], [53, 48]], '#2c567d', 1.2) +
      path('M60 46L78 48L92 26L97 28L94 52H64Z', '#b5372f') + path('M62 38Q70 34 80 38L80 43H62Z', '#2c2d30') + line([[93, 27], [88, 20]], '#33363a', 2.6) + ellipse(98, 30, 2.600, 3, '#fff6cf') +
      wheel(30, 55, 9, turnOf(frame)) + wheel(95, 56, 8.4, turnOf(frame)) + rider(70, 40, '#53636c', '#363c40', [88, 23], [84, 47], '#d9bd7c')
    );
  };
  return { id: 'tricycle', width: 108, height: 68, frames: 4, anchor: { x: 58, y: 64 }, svg };
}

/** The clinic's ambulance, turned to the left so that its words can be read; it stands, its light turns. */
export function ambulance(): Sprite {
  const base = van('ambulance', '#f4f6f6');
  const turned = (inner: string) => `<g transform="translate(${base.width} 0) scale(-1 1)">${inner}</g>`;
  const svg = (frame: number) =>
    turned(rect(60, 5, 18, 6, '#27408f', 'rx="2"') + rect(frame % 4 < 2 ? 60 : 69, 5, 9, 6, '#5f8cff', 'rx="2"') + base.svg(0) + rect(5, 40, 122, 3.6, '#d23b34')) +
    rect(59, 45, 3, 9, '#d23b34') + rect(56, 48, 9, 3, '#d23b34') + text(78, 54, 9, '#d23b34', '急救');
  return { ...base, id: 'ambulance', svg };
}

/** A yellow school bus; it stands. */
export function schoolBus(): Sprite {
  const svg = () => {
    let out = under(88, 76, 84) + path('M6 20Q6 10 16 10H140Q150 10 156 20L160 36Q170 38 171 48V62Q171 68 165 68H12Q6 68 6 62Z', '#f0b429') + path('M6 50H171V62Q171 68 165 68H12Q6 68 6 62Z', '#d1951b') + rect(6, 44, 165, 2.4, '#37312a');
    for (let i = 0; i < 5; i++) out += rect(14 + i * 24, 18, 20, 18, '#30404b', 'rx="2"') + path(`M${18 + i * 24} 36l10 -18h5l-10 18Z`, '#fff', 'fill-opacity=".2"');
    out += path('M136 18H142Q147 18 150 24L154 37V64H136Z', '#30404b') + line([[145, 20], [145, 64]], '#f0b429', 1.6) + ellipse(168, 52, 3, 4, '#fdf6da') + rect(6, 24, 3, 10, '#c43c33') + text(70, 58, 10, '#37312a', '校车');
    return out + wheel(38, 66, 10, 0.4) + wheel(134, 66, 10, 0.4);
  };
  return { id: 'school-bus', width: 176, height: 80, frames: 1, anchor: { x: 88, y: 76 }, svg };
}

/** A wooden boat with a boatman who poles it along. */
export function boat(): Sprite {
  const svg = (frame: number) => {
    const lean = Math.sin((frame / 12) * 2 * Math.PI);
    return (
      `<path d="M2 47Q46 52 96 46" fill="none" stroke="#e6f1ee" stroke-opacity=".5" stroke-width="1.400"/>` + path('M4 38Q20 42 48 42Q76 42 94 34Q90 47 78 48H20Q8 47 4 38Z', '#6d4a31') + path('M4 38Q20 42 48 42Q76 42 94 34L92 38Q76 45 48 45Q18 45 5 41Z', '#8a6242') +
      path('M34 42V32Q46 24 60 31V42Z', '#a98a55') + line([[36, 35], [59, 34]], '#7e6239', 1) + line([[38, 31], [56, 30]], '#7e6239', 1) +
      line([[20 - lean * 5, 8], [14 + lean * 3, 50]], '#9a7a4c', 1.8) + line([[24, 41], [25, 30]], '#39424b', 4) + line([[28, 41], [27, 30]], '#2f373f', 4) + path('M21 32Q21 20 25 17Q30 17 31 22L30 32Z', '#3f6a86') + line([[25, 20], [20 - lean * 3, 24 + lean]], '#34586f', 3) + ellipse(26.6, 13.4, 3.6, 3.8, SKIN) + path('M18 13L27 6L36 13Q27 15 18 13Z', '#d9bd7c')
    );
  };
  return { id: 'boat', width: 98, height: 54, frames: 12, anchor: { x: 48, y: 46 }, svg };
}

/** The national flag on its pole, flying; 12 frames. The pole's foot is the anchor. */
export function flag(height: number): Sprite {
  const svg = (frame: number) => {
    const wave = (x: number) => Math.sin((x / 46) * 2 * Math.PI - (frame / 12) * 2 * Math.PI) * (x / 46) * 2.6;
    const steps = Array.from({ length: 13 }, (_, i) => (i * 46) / 12);
    const edge = (y: number, list: number[]) => list.map((x) => `${n(8 + x)} ${n(y + wave(x))}`).join('L');
    const star = (x: number, y: number, r: number) => {
      const tips = Array.from({ length: 10 }, (_, i) => {
        const radius = i % 2 ? r * 0.4 : r;
        const a = -Math.PI / 2 + (i * Math.PI) / 5;
        return `${n(8 + x + Math.cos(a) * radius)} ${n(y + wave(x) + Math.sin(a) * radius)}`;
      });
      return path(`M${tips.join('L')}Z`, '#f7d64a');
    };
    const small: Point[] = [[15.4, 6.4], [18.4, 9.4], [18.4, 13.8], [15.4, 16.8]];
    return (
      ellipse(7, height - 2, 9, 2, '#141c18', 'fill-opacity=".3"') + rect(5.5, 3, 3, height - 5, '#d7dbdd') + rect(7.300, 3, 1.2, height - 5, '#98a0a4') + ellipse(7, 3, 2.4, 2.4, '#e8c04d') +
      path(`M${edge(6, steps)}L${edge(36, [...steps].reverse())}Z`, '#d8281f') + path(`M${edge(28, steps)}L${edge(36, [...steps].reverse())}Z`, '#a81a14', 'fill-opacity=".4"') + star(8, 13, 5) + small.map(([x, y]) => star(x, y, 1.7)).join('')
    );
  };
  return { id: `flag-${height}`, width: 58, height, frames: 12, anchor: { x: 7, y: height - 2 }, svg };
}
