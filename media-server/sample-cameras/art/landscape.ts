/** Sky, karst hills and what lies before them. */
import { dice, ellipse, gradient, n, path, rect, shade } from './svg.ts';

const WIDTH = 640;

/** Sky from `top` to `low` at `horizon`, with soft clouds. */
export function sky(top: string, low: string, horizon: number, clouds = 5, seed = 3): string {
  const roll = dice(seed);
  let out = `<defs>${gradient('sky', [top, low])}<filter id="soft" x="-30%" y="-80%" width="160%" height="260%"><feGaussianBlur stdDeviation="7"/></filter></defs>`;
  out += rect(0, 0, WIDTH, horizon + 20, 'url(#sky)') + rect(0, horizon + 20, WIDTH, 360, low);
  for (let i = 0; i < clouds; i++) {
    const x = roll() * WIDTH;
    const y = 8 + roll() * horizon * 0.5;
    const w = 60 + roll() * 90;
    out += ellipse(x, y, w, 7 + roll() * 7, '#fff', 'fill-opacity=".55" filter="url(#soft)"');
  }
  return out;
}

export interface Hills {
  seed: number;
  /** Where their feet are. */
  base: number;
  /** Of the highest. */
  height: number;
  colour: string;
  /** How many cones over the width. */
  cones: number;
  /** Trees and rock drawn on them; leave out for what is far. */
  near?: boolean;
}

/** A row of cone karst as in Guizhou: steep round-topped cones that stand one beside the other. */
export function karst({ seed, base, height, colour, cones, near = false }: Hills): string {
  const roll = dice(seed);
  const hills = Array.from({ length: cones }, (_, i) => ({
    x: ((i + 0.1 + roll() * 0.8) / cones) * (WIDTH + 80) - 40,
    w: (WIDTH / cones) * (0.5 + roll() * 0.35),
    h: height * (0.45 + roll() * 0.55),
  }));
  const top = (x: number) =>
    Math.max(
      height * 0.12,
      ...hills.map(({ x: cx, w, h }) => h * Math.exp(-(Math.abs((x - cx) / w) ** 2.6)) * (1 + 0.025 * Math.sin(x * 0.35 + cx))),
    );
  let outline = `M0 ${base}`;
  for (let x = 0; x <= WIDTH; x += 4) outline += `L${x} ${n(base - top(x))}`;
  const id = `hill${seed}`;
  let out = `<defs>${gradient(id, [shade(colour, 0.06), colour, shade(colour, 0.28)])}<clipPath id="${id}c"><path d="${outline}V${base}Z"/></clipPath></defs>`;
  out += path(`${outline}L${WIDTH} ${base}Z`, `url(#${id})`);
  out += `<g clip-path="url(#${id}c)">`;
  for (const hill of hills) {
    // The side away from the light: its own right half, less a rib that still has sun.
    let dark = `M${n(hill.x)} ${n(base - hill.h)}`;
    for (let k = 0; k <= 12; k++) dark += `L${n(hill.x + (k / 8) * hill.w)} ${n(base - hill.h * Math.exp(-((k / 8) ** 2.6)))}`;
    out += path(
      `${dark}V${base}H${n(hill.x + hill.w * 0.5)}Q${n(hill.x + hill.w * 0.36)} ${n(base - hill.h * 0.45)} ${n(hill.x)} ${n(base - hill.h)}Z`,
      shade(colour, -0.2),
      'fill-opacity=".26"',
    );
  }
  if (near) {
    for (let i = 0; i < 420; i++) {
      const x = roll() * WIDTH;
      const y = base - roll() * top(x);
      const size = 2 + roll() * 4;
      out += ellipse(x, y, size * 1.2, size, shade(colour, roll() < 0.5 ? -0.16 : 0.1), 'fill-opacity=".5"');
    }
    for (let i = 0; i < 16; i++) {
      const hill = hills[Math.floor(roll() * hills.length)]!;
      const x = hill.x + (roll() - 0.4) * hill.w * 0.7;
      const y = base - hill.h * (0.35 + roll() * 0.4);
      out += path(`M${n(x)} ${n(y)}l3 -7l3 2l1 9l-4 4Z`, '#c9c8bb', 'fill-opacity=".5"');
    }
  }
  return `${out}</g>`;
}

/** A bank of mist over the feet of hills. */
export function mist(y: number, height: number, opacity: number): string {
  const id = `mist${Math.round(y)}`;
  return `<defs>${gradient(id, ['#eef4f5/0', `#eef4f5/${opacity}`, '#eef4f5/0'])}</defs>${rect(0, y - height / 2, WIDTH, height, `url(#${id})`)}`;
}

/** Terraced paddies that climb from `base` up to `top`, between x0 and x1. */
export function terraces(x0: number, x1: number, top: number, base: number, seed = 5): string {
  const roll = dice(seed);
  const colours = ['#9db668', '#b4c574', '#86a65c', '#c3cd86', '#a5bb6d'];
  const steps = Math.round((base - top) / 6);
  let out = '';
  for (let i = 0; i < steps; i++) {
    const y = top + ((base - top) * i) / steps;
    const left = x0 + (1 - i / steps) * (x1 - x0) * 0.16;
    const right = x1 - (1 - i / steps) * (x1 - x0) * 0.12;
    const bend = 5 + roll() * 6;
    const colour = colours[Math.floor(roll() * colours.length)]!;
    out += path(
      `M${n(left)} ${n(y + 4)}C${n(left + (right - left) * 0.3)} ${n(y - bend)} ${n(left + (right - left) * 0.6)} ${n(y + bend)} ${n(right)} ${n(y)}V${n(base)}H${n(left)}Z`,
      colour,
      `stroke="${shade(colour, -0.3)}" stroke-width=".8"`,
    );
  }
  return out;
}

/** A hedge of woods along a line: rounded crowns, darker below. */
export function woods(x0: number, x1: number, base: number, height: number, colour: string, seed = 7): string {
  const roll = dice(seed);
  let out = '';
  for (let row = 0; row < 3; row++) {
    for (let x = x0; x < x1; x += 7 + roll() * 6) {
      const r = height * (0.28 + roll() * 0.16);
      const y = base - height * (0.75 - row * 0.3) + r * 0.4;
      out += ellipse(x, y, r * 1.1, r, shade(colour, (row - 1) * -0.14 + (roll() - 0.5) * 0.12));
      out += ellipse(x - r * 0.3, y - r * 0.35, r * 0.55, r * 0.45, shade(colour, 0.14), 'fill-opacity=".45"');
    }
  }
  return out;
}

/** The lens: darker corners, and a breath of haze above. To be laid last. */
export function lens(): string {
  return (
    '<defs><radialGradient id="lens" cx=".5" cy=".46" r=".82"><stop offset=".58" stop-color="#0a1420" stop-opacity="0"/><stop offset="1" stop-color="#0a1420" stop-opacity=".34"/></radialGradient></defs>' +
    rect(0, 0, WIDTH, 360, 'url(#lens)')
  );
}
