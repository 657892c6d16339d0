/** Houses of the karst country: grey tiled roofs, white or wooden walls, stone. Each stands on the ground line `y`. */
import type { Sprite } from '../picture/scene.ts';
import { dice, ellipse, gradient, line, n, type Point, path, poly, rect, shade, text } from './svg.ts';

/**
 * A tiled roof slope seen from the front: the ridge from (x0 + inset, top) to (x1 - inset, top), the eave from x0 to x1 at `eave`.
 * Its ridge ends turn up.
 */
export function tiledRoof(x0: number, x1: number, top: number, eave: number, inset: number, colour = '#59616a'): string {
  const width = x1 - x0;
  const id = `tiles${Math.round(x0)}_${Math.round(top)}_${Math.round(x1)}`;
  let out = `<defs>${gradient(id, [shade(colour, 0.16), colour, shade(colour, -0.14)])}</defs>`;
  const sag = 1.5;
  out += path(
    `M${n(x0 + inset)} ${n(top)}H${n(x1 - inset)}L${n(x1 + 3)} ${n(eave - 2)}Q${n(x1 - 6)} ${n(eave + sag)} ${n((x0 + x1) / 2)} ${n(eave)}Q${n(x0 + 6)} ${n(eave + sag)} ${n(x0 - 3)} ${n(eave - 2)}Z`,
    `url(#${id})`,
  );
  const ribs = Math.max(4, Math.round(width / 4.5));
  for (let i = 0; i <= ribs; i++) {
    const t = i / ribs;
    const a: Point = [x0 + inset + (width - 2 * inset) * t, top + 1];
    const b: Point = [x0 + width * t, eave];
    out += line([a, b], shade(colour, -0.3), 1, 'stroke-opacity=".75"');
    out += line(
      [
        [a[0] + 1, a[1]],
        [b[0] + 1.2, b[1]],
      ],
      shade(colour, 0.26),
      0.7,
      'stroke-opacity=".6"',
    );
  }
  out += line(
    [
      [x0 - 2, eave - 0.5],
      [x1 + 2, eave - 0.5],
    ],
    shade(colour, -0.42),
    1.8,
  );
  const up = Math.min(6, width * 0.04 + 2);
  out += `<path d="M${n(x0 + inset - 4)} ${n(top - up)}Q${n(x0 + inset + 2)} ${n(top)} ${n(x0 + inset + 10)} ${n(top)}H${n(x1 - inset - 10)}Q${n(x1 - inset - 2)} ${n(top)} ${n(x1 - inset + 4)} ${n(top - up)}" fill="none" stroke="${shade(colour, -0.3)}" stroke-width="2.6" stroke-linecap="round"/>`;
  return out;
}

/** A window with a lattice. */
export function lattice(x: number, y: number, w: number, h: number, frame = '#6d4a33', glass = '#3c4a52'): string {
  let out = rect(x - 1.2, y - 1.2, w + 2.4, h + 2.4, frame) + rect(x, y, w, h, glass);
  out += path(`M${n(x)} ${n(y + h)}L${n(x + w * 0.6)} ${n(y)}h${n(w * 0.2)}L${n(x + w * 0.2)} ${n(y + h)}Z`, '#fff', 'fill-opacity=".12"');
  for (let i = 1; i < 4; i++)
    out += line(
      [
        [x + (w * i) / 4, y],
        [x + (w * i) / 4, y + h],
      ],
      frame,
      0.8,
    );
  for (let i = 1; i < 3; i++)
    out += line(
      [
        [x, y + (h * i) / 3],
        [x + w, y + (h * i) / 3],
      ],
      frame,
      0.8,
    );
  return out;
}

/** A door of two leaves with red couplets to both sides. */
export function door(x: number, y: number, w: number, h: number, colour = '#6b3f2b'): string {
  let out = rect(x - 2, y - h - 2, w + 4, h + 2, shade(colour, -0.3)) + rect(x, y - h, w, h, colour);
  out += rect(x + w / 2 - 0.4, y - h, 0.8, h, shade(colour, -0.4));
  for (const side of [0, 1]) {
    const leaf = x + (side * w) / 2;
    out += rect(leaf + w * 0.09, y - h * 0.92, w * 0.32, h * 0.36, shade(colour, 0.1), 'rx=".6"');
    out += rect(leaf + w * 0.09, y - h * 0.46, w * 0.32, h * 0.4, shade(colour, -0.12), 'rx=".6"');
    out += rect(side ? x + w + 2.6 : x - 5.6, y - h * 0.95, 3, h * 0.8, '#c0302b');
  }
  return (
    out +
    ellipse(x + w * 0.44, y - h * 0.5, 0.7, 0.7, '#e0b45a') +
    ellipse(x + w * 0.56, y - h * 0.5, 0.7, 0.7, '#e0b45a') +
    rect(x - 3, y - h - 6, w + 6, 3.6, '#c0302b')
  );
}

/** A red lantern that hangs from (x, y). */
function lantern(x: number, y: number, size: number): string {
  return (
    line(
      [
        [x, y],
        [x, y + size * 0.5],
      ],
      '#53362a',
      0.8,
    ) +
    ellipse(x, y + size, size * 0.62, size * 0.5, '#c8322b') +
    ellipse(x - size * 0.2, y + size * 0.92, size * 0.16, size * 0.36, '#ef7a5c', 'fill-opacity=".8"') +
    rect(x - size * 0.24, y + size * 0.46, size * 0.48, size * 0.12, '#e3b04b') +
    rect(x - size * 0.24, y + size * 1.42, size * 0.48, size * 0.12, '#e3b04b') +
    line(
      [
        [x, y + size * 1.5],
        [x, y + size * 2],
      ],
      '#e3b04b',
      1,
    )
  );
}

/** A lantern in the draught, 8 frames; hangs from its anchor. */
export const swayingLantern: Sprite = {
  id: 'lantern',
  width: 40,
  height: 50,
  frames: 8,
  anchor: { x: 20, y: 2 },
  svg: (frame) => `<g transform="rotate(${n(Math.sin((frame / 8) * 2 * Math.PI) * 5)} 20 2)">${lantern(20, 2, 20)}</g>`,
};

export interface House {
  x: number;
  y: number;
  w: number;
  /** Of the wall. */
  h: number;
  roof: number;
  wall?: string;
  wooden?: boolean;
  storeys?: 1 | 2;
  seed?: number;
}

/** A farmhouse seen from the front. */
export function house({ x, y, w, h, roof, wall = '#ece8dd', wooden = false, storeys = 1, seed = 1 }: House): string {
  const roll = dice(seed * 53);
  const top = y - h;
  const id = `wall${Math.round(x)}_${Math.round(y)}`;
  const base = wooden ? '#9a7150' : wall;
  let out = `<defs>${gradient(id, [shade(base, -0.2), base, base, shade(base, -0.08)])}</defs>${rect(x, top, w, h, `url(#${id})`)}`;
  if (wooden) {
    for (let i = 0; i <= w / 5; i++)
      out += line(
        [
          [x + i * 5, top],
          [x + i * 5, y],
        ],
        shade(base, -0.28),
        0.6,
        'stroke-opacity=".7"',
      );
    for (const at of [0, 0.33, 0.66, 1]) out += rect(x + (w - 3) * at, top, 3, h, shade(base, -0.34));
  } else {
    out += rect(x, y - h * 0.16, w, h * 0.16, '#a9a598');
    for (let i = 0; i < w / 7; i++)
      out += rect(x + i * 7 + roll() * 2, y - h * 0.15 + roll() * h * 0.1, 5, 1.6, '#8d897d', 'fill-opacity=".5"');
  }
  const floor = h / storeys;
  for (let s = 0; s < storeys; s++) {
    const sill = top + s * floor;
    const ground = s === storeys - 1;
    const bays = Math.max(2, Math.round(w / 34));
    for (let b = 0; b < bays; b++) {
      const cx = x + (w * (b + 0.5)) / bays;
      if (ground && b === Math.floor(bays / 2)) out += door(cx - 7, y, 14, Math.min(26, floor * 0.72));
      else out += lattice(cx - 6, sill + floor * 0.3, 12, floor * 0.36);
    }
    if (!ground) out += rect(x - 2, sill + floor - 2, w + 4, 2.4, shade('#7b5a41', -0.1));
  }
  out += rect(x, top, w, 5, '#1d2326', 'fill-opacity=".25"');
  out += tiledRoof(x - 7, x + w + 7, top - roof, top + 3, w * 0.06);
  return out;
}

/** Balustrade of white stone along the ground from x0 to x1. */
export function balustrade(x0: number, x1: number, y: number, h: number): string {
  let out = rect(x0, y - h * 0.12, x1 - x0, h * 0.14, '#b9b8b0');
  for (let x = x0; x < x1; x += 46) {
    out += rect(x + 5, y - h * 0.72, 36, h * 0.56, '#cfcdc4') + rect(x + 9, y - h * 0.62, 28, h * 0.36, '#b3b3ab', 'rx="3"');
    out += rect(x + 3, y - h * 0.84, 42, h * 0.14, '#dedcd3');
    out += rect(x - 3, y - h, 6, h, '#d5d3ca') + rect(x + 1.4, y - h, 1.6, h, '#a6a59d') + ellipse(x, y - h - 2, 3.4, 2.8, '#e2e0d8');
  }
  return out;
}

/** Panes of glass with a light reflection, in `columns` × `rows`. */
export function windows(
  x: number,
  y: number,
  w: number,
  h: number,
  columns: number,
  rows: number,
  frame = '#e9eef0',
  glass = '#5d7f92',
): string {
  let out = '';
  const cw = w / columns;
  const ch = h / rows;
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const wx = x + c * cw + cw * 0.12;
      const wy = y + r * ch + ch * 0.14;
      const ww = cw * 0.76;
      const wh = ch * 0.72;
      out +=
        rect(wx, wy, ww, wh, glass) +
        path(
          `M${n(wx)} ${n(wy + wh)}L${n(wx + ww * 0.7)} ${n(wy)}h${n(ww * 0.2)}L${n(wx + ww * 0.25)} ${n(wy + wh)}Z`,
          '#fff',
          'fill-opacity=".2"',
        );
      out +=
        `<rect x="${n(wx)}" y="${n(wy)}" width="${n(ww)}" height="${n(wh)}" fill="none" stroke="${frame}" stroke-width="1"/>` +
        line(
          [
            [wx + ww / 2, wy],
            [wx + ww / 2, wy + wh],
          ],
          frame,
          0.9,
        );
      out += rect(wx - 1, wy + wh + 0.5, ww + 2, 1.4, shade(frame, -0.18));
    }
  }
  return out;
}

/** The ground in perspective: joints that run to (vx, vy) and courses that come closer with distance. */
export function paving(yTop: number, yBottom: number, vx: number, vy: number, colour: string, spacing: number, clip = ''): string {
  let out = `<g ${clip} stroke="${shade(colour, -0.28)}" stroke-width=".9" stroke-opacity=".55">`;
  for (let x = -900; x <= 1540; x += spacing) {
    const t = (yTop - vy) / (yBottom - vy);
    out += `<line x1="${n(vx + (x - vx) * t)}" y1="${n(yTop)}" x2="${n(x)}" y2="${n(yBottom)}"/>`;
  }
  // Equal steps on the ground are equal steps of 1 / (y - vy).
  const near = 1 / (yBottom - vy);
  const far = 1 / (yTop - vy);
  const courses = 16;
  for (let i = 0; i <= courses; i++) {
    const y = vy + 1 / (near + ((far - near) * i) / courses);
    out += `<line x1="0" y1="${n(y)}" x2="640" y2="${n(y)}"/>`;
  }
  return `${out}</g>`;
}

/** A vertical edge of a wall on the picture. */
export interface Edge {
  x: number;
  top: number;
  bottom: number;
}

/** A wall that recedes from one edge to another; everything on it is given in its own flat measures, (0, 0) at the upper edge. */
export interface Wall {
  at(x: number, y: number): Point;
  quad(x: number, y: number, w: number, h: number, fill: string, more?: string): string;
  panes(x: number, y: number, w: number, h: number, columns: number, frame: string, glass: string): string;
  lettering(x: number, y: number, size: number, fill: string, words: string): string;
  cross(x: number, y: number, size: number, fill: string): string;
}

export function recedingWall(w: number, h: number, from: Edge, to: Edge): Wall {
  const h0 = from.bottom - from.top;
  const h1 = to.bottom - to.top;
  /** 1 / distance goes evenly over the picture, distance itself over the wall. */
  const along = (x: number) => (h0 === h1 ? x / w : (1 / (1 / h0 + (1 / h1 - 1 / h0) * (x / w)) - h0) / (h1 - h0));
  const at = (x: number, y: number): Point => {
    const t = along(x);
    const top = from.top + (to.top - from.top) * t;
    return [from.x + (to.x - from.x) * t, top + (y / h) * (h0 + (h1 - h0) * t)];
  };
  const quad: Wall['quad'] = (x, y, qw, qh, fill, more) => poly([at(x, y), at(x + qw, y), at(x + qw, y + qh), at(x, y + qh)], fill, more);
  return {
    at,
    quad,
    panes: (x, y, pw, ph, columns, frame, glass) => {
      const cell = pw / columns;
      let out = '';
      for (let c = 0; c < columns; c++) {
        const left = x + c * cell + cell * 0.12;
        const wide = cell * 0.76;
        out += quad(left - 1.2, y - 1.2, wide + 2.4, ph + 2.4, frame) + quad(left, y, wide, ph, glass);
        out += poly(
          [at(left, y + ph), at(left + wide * 0.7, y), at(left + wide * 0.9, y), at(left + wide * 0.25, y + ph)],
          '#fff',
          'fill-opacity=".2"',
        );
        out += quad(left + wide / 2 - 0.6, y, 1.2, ph, frame) + quad(left - 2, y + ph + 1.2, wide + 4, 1.6, shade(frame, -0.2));
      }
      return out;
    },
    lettering: (x, y, size, fill, words) => {
      const [px, py] = at(x, y);
      const [rx, ry] = at(x + 1, y);
      const [, dy] = at(x, y + 1);
      return `<g transform="matrix(${(rx - px).toFixed(3)} ${(ry - py).toFixed(3)} 0 ${(dy - py).toFixed(3)} ${n(px)} ${n(py)})">${text(0, 0, size, fill, words)}</g>`;
    },
    cross: (x, y, size, fill) =>
      quad(x - size * 0.17, y - size / 2, size * 0.34, size, fill) + quad(x - size / 2, y - size * 0.17, size, size * 0.34, fill),
  };
}

/** A soft dark strip where a wall meets the ground. */
export const contact = (x: number, y: number, w: number, h = 7): string =>
  poly(
    [
      [x, y],
      [x + w, y],
      [x + w + 8, y + h],
      [x - 2, y + h],
    ],
    '#20261f',
    'fill-opacity=".2"',
  );
