/** Villagers who walk: seen from the side, from the front or from behind. About 60 units tall. */
import type { Sprite } from '../picture/scene.ts';
import { ellipse, line, n, type Point, path, rect, shade } from './svg.ts';

export const STEPS = 8;
const W = 44;
const H = 72;
const FOOT = { x: 22, y: 68 };
const SKIN = '#d9a67f';

export interface Look {
  coat: string;
  trousers: string;
  hair?: string;
  /** 背篓, the basket carried on the back. */
  basket?: boolean;
  /** A school bag of this colour. */
  bag?: string;
  hat?: 'straw' | string;
  skirt?: string;
  /** An umbrella of this colour. */
  umbrella?: string;
  /** A white coat down to the knees. */
  gown?: boolean;
  stick?: boolean;
  child?: boolean;
}

interface Body {
  hip: number;
  shoulder: number;
  head: number;
  headR: number;
  leg: number;
  half: number;
}

const body = ({ child }: Look): Body =>
  child
    ? { hip: 48, shoulder: 33, head: 25, headR: 6.6, leg: 10, half: 5.6 }
    : { hip: 42, shoulder: 22, head: 13.5, headR: 5.4, leg: 13, half: 6.4 };

const swing = (frame: number, offset = 0) => Math.sin(((frame / STEPS) * 2 + offset) * Math.PI);
const groundShadow = ellipse(FOOT.x + 3, FOOT.y, 12, 2.6, '#141c18', 'fill-opacity=".28"');

function limb(from: Point, angle: number, bend: number, length: number, width: number, colour: string): { svg: string; end: Point } {
  const knee: Point = [from[0] + Math.sin(angle) * length, from[1] + Math.cos(angle) * length];
  const end: Point = [knee[0] + Math.sin(angle - bend) * length, knee[1] + Math.cos(angle - bend) * length];
  return { svg: line([from, knee, end], colour, width), end };
}

/** Walking to the right. Flip to walk to the left. */
export function walker(id: string, look: Look): Sprite {
  const b = body(look);
  const svg = (frame: number) => {
    const stride = swing(frame);
    const leg = (phase: 1 | -1, colour: string) => {
      const angle = 0.46 * stride * phase;
      // The leg that comes forward bends; the standing one is straight.
      const bend = Math.max(0, Math.cos((frame / STEPS) * 2 * Math.PI) * phase) * 0.75 + 0.06;
      const l = limb([FOOT.x, b.hip], angle, bend, b.leg, 5, colour);
      return (
        l.svg +
        line(
          [
            [l.end[0] - 1, l.end[1] - 0.4],
            [l.end[0] + 3.6, l.end[1] - 0.2],
          ],
          '#2b2624',
          3,
        )
      );
    };
    const arm = (phase: 1 | -1, colour: string) => {
      const l = limb([FOOT.x - 0.5, b.shoulder + 4], -0.5 * stride * phase, -0.35, (b.hip - b.shoulder) * 0.46, 3.8, colour);
      return l.svg + ellipse(l.end[0], l.end[1], 2, 2, SKIN);
    };
    const dark = shade(look.trousers, -0.25);
    const bob = Math.abs(stride) * 0.9;
    let out = `${groundShadow}<g transform="translate(0 ${n(bob)})">${leg(-1, dark)}${arm(-1, shade(look.coat, -0.25))}${leg(1, look.trousers)}`;
    out += torsoSide(look, b) + arm(1, shade(look.coat, -0.06)) + headSide(look, b);
    if (look.stick)
      out += line(
        [
          [FOOT.x + 10 + stride * 2, b.hip - 4],
          [FOOT.x + 13 + stride * 4, FOOT.y],
        ],
        '#6a4a32',
        1.5,
      );
    return `${out}</g>`;
  };
  return { id: `side-${id}`, width: W, height: H, frames: STEPS, anchor: FOOT, svg };
}

function torsoSide(look: Look, b: Body): string {
  const x = FOOT.x;
  const hem = look.gown ? b.hip + 9 : b.hip + 2;
  const coat = look.gown ? '#f2f4f3' : look.coat;
  let out = '';
  if (look.basket) {
    out += path(`M${x - 15} ${b.shoulder + 1}h10l-1.500 16h-7Z`, '#b98f52') + path(`M${x - 15} ${b.shoulder + 1}h10v2h-10Z`, '#8a6636');
    for (const dy of [5, 9, 13])
      out += line(
        [
          [x - 14.4 + dy * 0.08, b.shoulder + dy],
          [x - 5.6 - dy * 0.06, b.shoulder + dy],
        ],
        '#8a6636',
        0.8,
      );
    out += ellipse(x - 11.5, b.shoulder, 3, 2.4, '#5f8a45') + ellipse(x - 8, b.shoulder - 0.6, 2.8, 2.6, '#7ba653');
  }
  if (look.bag)
    out +=
      rect(x - 11, b.shoulder + 2, 8, 13, look.bag, 'rx="3"') + rect(x - 10.4, b.shoulder + 8, 5, 5, shade(look.bag, -0.2), 'rx="1.500"');
  out += path(
    `M${x - 4.6} ${b.shoulder + 1}Q${x} ${b.shoulder - 2.4} ${x + 4.4} ${b.shoulder + 2}Q${x + 6} ${b.hip - 8} ${x + 5} ${hem}H${x - 5}Q${x - 6.4} ${b.hip - 8} ${x - 4.6} ${b.shoulder + 1}Z`,
    coat,
  );
  out += path(
    `M${x - 4.6} ${b.shoulder + 1}Q${x - 6.4} ${b.hip - 8} ${x - 5} ${hem}h4Q${x - 3.4} ${b.hip - 8} ${x - 1.4} ${b.shoulder}Z`,
    shade(coat, -0.18),
    'fill-opacity=".8"',
  );
  if (look.skirt) out += path(`M${x - 5} ${b.hip - 3}h10l4 13h-18Z`, look.skirt);
  return out;
}

function headSide(look: Look, b: Body): string {
  const x = FOOT.x + 1;
  const hair = look.hair ?? '#23201f';
  const r = b.headR;
  let out =
    rect(x - 2, b.head + r - 2, 3.6, 5, shade(SKIN, -0.12)) +
    ellipse(x, b.head, r * 0.92, r, SKIN) +
    ellipse(x + r * 0.9, b.head + 0.8, 1, 1, SKIN);
  out += path(
    `M${n(x + r * 0.75)} ${n(b.head - r * 0.55)}A${r} ${r} 0 1 0 ${n(x - r * 0.5)} ${n(b.head + r * 0.85)}Q${n(x - r * 0.2)} ${n(b.head)} ${n(x + r * 0.75)} ${n(b.head - r * 0.55)}Z`,
    hair,
  );
  return out + hat(look, x, b) + umbrella(look, x + 6, b);
}

function hat(look: Look, x: number, b: Body): string {
  if (!look.hat) return '';
  if (look.hat === 'straw')
    return (
      path(
        `M${n(x - 11)} ${n(b.head - 1.4)}L${n(x)} ${n(b.head - 9)}L${n(x + 11)} ${n(b.head - 1.4)}Q${n(x)} ${n(b.head + 1)} ${n(x - 11)} ${n(b.head - 1.4)}Z`,
        '#d9bd7c',
      ) +
      line(
        [
          [x - 6, b.head - 3.6],
          [x + 6, b.head - 3.6],
        ],
        '#b39352',
        1,
      )
    );
  return path(
    `M${n(x - b.headR - 0.5)} ${n(b.head - 1.2)}a${n(b.headR + 0.5)} ${n(b.headR + 0.8)} 0 0 1 ${n(2 * b.headR + 1)} 0h3v1.600h${n(-2 * b.headR - 4)}Z`,
    look.hat,
  );
}

function umbrella(look: Look, x: number, b: Body): string {
  if (!look.umbrella) return '';
  const top = b.head - 12;
  return (
    line(
      [
        [x, top + 2],
        [x, b.shoulder + 14],
      ],
      '#5a4a40',
      1.2,
    ) +
    path(
      `M${x - 16} ${top + 9}Q${x - 15} ${top - 3} ${x} ${top - 4}Q${x + 15} ${top - 3} ${x + 16} ${top + 9}Q${x + 11} ${top + 5} ${x + 5.4} ${top + 8.6}Q${x} ${top + 4.6} ${x - 5.4} ${top + 8.6}Q${x - 11} ${top + 5} ${x - 16} ${top + 9}Z`,
      look.umbrella,
    ) +
    path(
      `M${x} ${top - 4}Q${x + 15} ${top - 3} ${x + 16} ${top + 9}Q${x + 11} ${top + 5} ${x + 5.4} ${top + 8.6}Q${x + 4} ${top} ${x} ${top - 4}Z`,
      shade(look.umbrella, -0.2),
    )
  );
}

/** Walking towards the camera, or away from it. */
export function facing(id: string, look: Look, away = false): Sprite {
  const b = body(look);
  const svg = (frame: number) => {
    const stride = swing(frame);
    const leg = (side: 1 | -1) => {
      const lift = Math.max(0, stride * side) * 4;
      const x = FOOT.x + side * 3;
      return (
        line(
          [
            [x, b.hip - 1],
            [x + side * 0.4, FOOT.y - 2.4 - lift],
          ],
          side === 1 ? look.trousers : shade(look.trousers, -0.14),
          5.2,
        ) + ellipse(x + side * 0.6, FOOT.y - 1.4 - lift, 3.2, 1.9, '#2b2624')
      );
    };
    const arm = (side: 1 | -1) => {
      const reach = 1 - Math.max(0, stride * side) * 0.22;
      const x = FOOT.x + side * (b.half + 1.2);
      const hand: Point = [x + side * 1.6, b.shoulder + 4 + (b.hip - b.shoulder - 2) * reach];
      return (
        line([[x - side, b.shoulder + 4], [x + side * 1.4, b.shoulder + 12], hand], shade(look.gown ? '#f2f4f3' : look.coat, -0.1), 3.8) +
        ellipse(hand[0], hand[1], 2, 2, SKIN)
      );
    };
    const bob = Math.abs(stride) * 0.8;
    return `${groundShadow}<g transform="translate(0 ${n(bob)})">${leg(-1)}${leg(1)}${arm(-1)}${arm(1)}${torsoFacing(look, b, away)}${headFacing(look, b, away)}</g>`;
  };
  return { id: `${away ? 'back' : 'front'}-${id}`, width: W, height: H, frames: STEPS, anchor: FOOT, svg };
}

export function torsoFacing(look: Look, b: Body, away: boolean): string {
  const x = FOOT.x;
  const coat = look.gown ? '#f2f4f3' : look.coat;
  const hem = look.gown ? b.hip + 9 : b.hip + 2;
  let out = path(
    `M${x - b.half} ${b.shoulder + 3}Q${x - b.half + 1} ${b.shoulder - 1} ${x} ${b.shoulder - 1.4}Q${x + b.half - 1} ${b.shoulder - 1} ${x + b.half} ${b.shoulder + 3}L${x + b.half - 0.6} ${hem}H${x - b.half + 0.6}Z`,
    coat,
  );
  out += path(
    `M${x + b.half} ${b.shoulder + 3}L${x + b.half - 0.6} ${hem}h-4.400l.600 ${-(hem - b.shoulder - 4)}Z`,
    shade(coat, -0.2),
    'fill-opacity=".8"',
  );
  if (!away)
    out += line(
      [
        [x, b.shoulder + 2],
        [x, hem - 1],
      ],
      shade(coat, -0.3),
      0.9,
    );
  if (look.skirt) out += path(`M${x - b.half} ${b.hip - 3}h${b.half * 2}l3 13h${-b.half * 2 - 6}Z`, look.skirt);
  if (look.basket && away) {
    out += path(`M${x - 8} ${b.shoulder}h16l-2.400 17h-11.200Z`, '#b98f52') + rect(x - 8.4, b.shoulder - 1, 16.8, 2.6, '#8a6636');
    for (const dy of [5, 9, 13])
      out += line(
        [
          [x - 7.4 + dy * 0.1, b.shoulder + dy],
          [x + 7.4 - dy * 0.1, b.shoulder + dy],
        ],
        '#8a6636',
        0.9,
      );
    out += ellipse(x - 3, b.shoulder - 2, 4, 3, '#5f8a45') + ellipse(x + 3, b.shoulder - 2, 4, 3, '#7ba653');
  } else if (look.basket)
    out +=
      line(
        [
          [x - 4, b.shoulder],
          [x - 4.6, b.shoulder + 14],
        ],
        '#8a6636',
        1.6,
      ) +
      line(
        [
          [x + 4, b.shoulder],
          [x + 4.6, b.shoulder + 14],
        ],
        '#8a6636',
        1.6,
      );
  if (look.bag && away)
    out +=
      rect(x - 5.6, b.shoulder + 1, 11.2, 13, look.bag, 'rx="3"') +
      rect(x - 4, b.shoulder + 8, 8, 4.6, shade(look.bag, -0.2), 'rx="1.500"');
  else if (look.bag)
    out +=
      line(
        [
          [x - 3.6, b.shoulder],
          [x - 4, b.shoulder + 10],
        ],
        look.bag,
        1.6,
      ) +
      line(
        [
          [x + 3.6, b.shoulder],
          [x + 4, b.shoulder + 10],
        ],
        look.bag,
        1.6,
      );
  return out;
}

export function headFacing(look: Look, b: Body, away: boolean): string {
  const x = FOOT.x;
  const hair = look.hair ?? '#23201f';
  const r = b.headR;
  let out = rect(x - 2, b.head + r - 2, 4, 5, shade(SKIN, -0.12));
  if (away)
    out +=
      ellipse(x, b.head, r, r * 1.05, hair) +
      ellipse(x - r * 0.3, b.head - r * 0.3, r * 0.4, r * 0.4, shade(hair, 0.18), 'fill-opacity=".5"');
  else
    out +=
      ellipse(x, b.head + 0.4, r * 0.94, r, SKIN) +
      path(
        `M${n(x - r)} ${n(b.head + 0.6)}A${r} ${r} 0 0 1 ${n(x + r)} ${n(b.head + 0.6)}Q${n(x + r * 0.6)} ${n(b.head - r * 0.5)} ${x} ${n(b.head - r * 0.45)}Q${n(x - r * 0.6)} ${n(b.head - r * 0.5)} ${n(x - r)} ${n(b.head + 0.6)}Z`,
        hair,
      );
  return out + hat(look, x, b) + umbrella(look, x, b);
}

/** Someone who dances in the square: arms and knees on the beat, 12 frames. */
export function dancer(id: string, look: Look): Sprite {
  const b = body(look);
  const svg = (frame: number) => {
    const beat = (frame / 12) * 2 * Math.PI;
    const sway = Math.sin(beat) * 3;
    const x = FOOT.x;
    const legs = [-1, 1]
      .map((s) =>
        line(
          [
            [x + sway * 0.5 + s * 3, b.hip - 1],
            [x + s * 4 + sway * 0.2, (b.hip + FOOT.y) / 2],
            [x + s * 4, FOOT.y - 2 - Math.max(0, Math.sin(beat) * s) * 3],
          ],
          look.trousers,
          5,
        ),
      )
      .join('');
    const arms = [-1, 1]
      .map((s) => {
        const angle = 1.9 + 0.9 * Math.sin(beat * 2 + s * 0.8);
        const elbow: Point = [x + s * (b.half + 6 * Math.sin(angle)), b.shoulder + 4 + 6 * Math.cos(angle)];
        const hand: Point = [elbow[0] + s * 4, elbow[1] - 7 - 2 * Math.cos(beat)];
        return (
          line([[x + s * (b.half - 1), b.shoulder + 4], elbow, hand], shade(look.coat, -0.1), 3.6) +
          ellipse(hand[0], hand[1], 2, 2, SKIN) +
          path(`M${n(hand[0])} ${n(hand[1])}l${s * 5} -4l${s * 1.6} 5Z`, '#e2574c')
        );
      })
      .join('');
    return `${groundShadow}${legs}<g transform="translate(${n(sway * 0.5)} ${n(Math.abs(Math.sin(beat)) * 1.2)})">${arms}${torsoFacing(look, b, false)}${headFacing(look, b, false)}</g>`;
  };
  return { id: `dance-${id}`, width: W, height: H, frames: 12, anchor: FOOT, svg };
}

/** Someone who stands, turned to the camera or away. One frame of `facing` with both feet down. */
export function stander(id: string, look: Look, away = false): Sprite {
  return { ...facing(id, look, away), id: `stand-${away ? 'back' : 'front'}-${id}`, frames: 1 };
}
