/** Trees, bamboo, pots. Each stands with its foot at (x, y). */
import { dice, ellipse, group, line, n, path, rect, shade } from './svg.ts';

/** The soft shadow of something on the ground. */
export const shadow = (x: number, y: number, rx: number, ry: number, opacity = 0.22): string =>
  ellipse(x, y, rx, ry, '#1c2420', `fill-opacity="${opacity}"`);

/** A broad-leaved tree, `size` units high. */
export function tree(x: number, y: number, size: number, colour = '#5f8a4c', seed = 1): string {
  const roll = dice(seed * 977 + 13);
  let out = shadow(x + size * 0.1, y, size * 0.36, size * 0.06);
  out += path(
    `M${n(x - size * 0.045)} ${n(y)}C${n(x - size * 0.02)} ${n(y - size * 0.2)} ${n(x - size * 0.03)} ${n(y - size * 0.3)} ${n(x - size * 0.02)} ${n(y - size * 0.55)}h${n(size * 0.05)}C${n(x + size * 0.03)} ${n(y - size * 0.3)} ${n(x + size * 0.03)} ${n(y - size * 0.15)} ${n(x + size * 0.06)} ${n(y)}Z`,
    '#6b5442',
  );
  out +=
    line(
      [
        [x, y - size * 0.35],
        [x - size * 0.16, y - size * 0.6],
      ],
      '#6b5442',
      size * 0.03,
    ) +
    line(
      [
        [x, y - size * 0.4],
        [x + size * 0.17, y - size * 0.64],
      ],
      '#6b5442',
      size * 0.028,
    );
  const blobs = Array.from({ length: 34 }, () => {
    const angle = roll() * Math.PI * 2;
    const far = Math.sqrt(roll()) * size * 0.3;
    return { x: x + Math.cos(angle) * far * 1.15, y: y - size * 0.66 + Math.sin(angle) * far * 0.88, r: size * (0.07 + roll() * 0.055) };
  });
  for (const b of blobs) out += ellipse(b.x + size * 0.02, b.y + size * 0.045, b.r * 1.1, b.r, shade(colour, -0.32));
  // Light comes from the upper left: what is low and to the right is darker, and the lit crowns lie on top.
  blobs.sort((p, q) => q.y - p.y);
  for (const b of blobs) {
    const lit = ((y - size * 0.66 - b.y) / size) * 0.55 - ((b.x - x) / size) * 0.25;
    out += ellipse(b.x, b.y, b.r, b.r * 0.9, shade(colour, Math.max(-0.3, Math.min(0.22, lit + (roll() - 0.5) * 0.1))));
    out += ellipse(b.x - b.r * 0.25, b.y - b.r * 0.4, b.r * 0.6, b.r * 0.4, shade(colour, 0.24), `fill-opacity="${n(0.45 + lit)}"`);
    for (let i = 0; i < 5; i++) {
      out += ellipse(
        b.x + (roll() - 0.5) * b.r * 1.9,
        b.y + (roll() - 0.5) * b.r * 1.7,
        1,
        0.7,
        shade(colour, roll() < 0.5 ? -0.35 : 0.32),
        'fill-opacity=".6"',
      );
    }
  }
  return out;
}

/** A willow beside water. */
export function willow(x: number, y: number, size: number, seed = 1): string {
  const roll = dice(seed * 31 + 5);
  let out = shadow(x, y, size * 0.3, size * 0.05);
  out += path(
    `M${n(x - size * 0.05)} ${n(y)}q${n(size * 0.03)} ${n(-size * 0.3)} ${n(-size * 0.01)} ${n(-size * 0.62)}h${n(size * 0.06)}q${n(size * 0.02)} ${n(size * 0.4)} ${n(size * 0.06)} ${n(size * 0.62)}Z`,
    '#5d4b3c',
  );
  for (let i = 0; i < 26; i++) {
    const angle = roll() * Math.PI * 2;
    const far = Math.sqrt(roll());
    const bx = x + Math.cos(angle) * far * size * 0.3;
    const by = y - size * 0.76 + Math.sin(angle) * far * size * 0.14;
    out += ellipse(bx, by, size * 0.1, size * 0.075, shade('#6f8f45', ((y - size * 0.76 - by) / size) * 1.6 + (roll() - 0.6) * 0.2));
  }
  for (let i = 0; i < 120; i++) {
    const from = (roll() - 0.5) * size * 0.66;
    const top = y - size * (0.9 - Math.abs(from / size) * 0.42) + roll() * size * 0.14;
    const reach = from * (1.18 + roll() * 0.3);
    const end = top + size * (0.2 + roll() * 0.4);
    const colour = shade('#83a251', (roll() - 0.55) * 0.5);
    out += `<path d="M${n(x + from * 0.8)} ${n(top)}Q${n(x + reach)} ${n(top - size * 0.02)} ${n(x + reach)} ${n(end)}" fill="none" stroke="${colour}" stroke-width="${n(1 + roll() * 1.3)}" stroke-linecap="round" stroke-opacity=".85"/>`;
  }
  return out;
}

/** A clump of bamboo. */
export function bamboo(x: number, y: number, size: number, seed = 1): string {
  const roll = dice(seed * 71 + 3);
  let out = shadow(x, y, size * 0.24, size * 0.04);
  for (let i = 0; i < 13; i++) {
    const lean = (roll() - 0.5) * size * 0.5;
    const tall = size * (0.75 + roll() * 0.3);
    const foot = x + (roll() - 0.5) * size * 0.2;
    out += `<path d="M${n(foot)} ${n(y)}Q${n(foot + lean * 0.15)} ${n(y - tall * 0.7)} ${n(foot + lean)} ${n(y - tall)}" fill="none" stroke="${shade('#7d9a4e', (roll() - 0.5) * 0.4)}" stroke-width="1.8"/>`;
    for (let k = 0; k < 9; k++) {
      const up = 0.35 + roll() * 0.65;
      const lx = foot + lean * up * up + (roll() - 0.5) * 14;
      const ly = y - tall * up;
      const turn = Math.round((roll() - 0.5) * 110);
      out += group(
        `translate(${n(lx)} ${n(ly)}) rotate(${turn})`,
        ellipse(0, 0, size * 0.07, 1.7, shade('#6f9745', (roll() - 0.5) * 0.45)),
      );
    }
  }
  return out;
}

/** A round shrub. */
export function shrub(x: number, y: number, size: number, colour = '#5b8347', seed = 1): string {
  const roll = dice(seed * 131 + 7);
  let out = shadow(x, y, size * 0.6, size * 0.12);
  for (let i = 0; i < 9; i++) {
    const r = size * (0.2 + roll() * 0.14);
    const bx = x + (roll() - 0.5) * size * 0.8;
    const by = y - size * 0.22 - roll() * size * 0.35;
    out += ellipse(bx, by, r, r * 0.9, shade(colour, (roll() - 0.6) * 0.35));
    out += ellipse(bx - r * 0.3, by - r * 0.3, r * 0.45, r * 0.35, shade(colour, 0.25), 'fill-opacity=".5"');
  }
  return out;
}

/** A pot with flowers of one colour. */
export function pot(x: number, y: number, size: number, flower: string, seed = 1): string {
  const roll = dice(seed * 17 + 1);
  let out = shadow(x, y, size * 0.45, size * 0.1) + shrub(x, y - size * 0.35, size * 0.8, '#4f7a43', seed);
  out += path(
    `M${n(x - size * 0.32)} ${n(y - size * 0.42)}h${n(size * 0.64)}l${n(-size * 0.1)} ${n(size * 0.42)}h${n(-size * 0.44)}Z`,
    '#a5654a',
  );
  out += rect(x - size * 0.36, y - size * 0.48, size * 0.72, size * 0.1, '#b97658');
  for (let i = 0; i < 9; i++)
    out += ellipse(x + (roll() - 0.5) * size * 0.8, y - size * (0.6 + roll() * 0.4), size * 0.06, size * 0.06, flower);
  return out;
}

/** Rows of blossoms in a bed: a rectangle of soil, flowers of several colours. */
export function flowerBed(x: number, y: number, w: number, h: number, colours: string[], seed = 1): string {
  const roll = dice(seed * 7 + 11);
  let out = rect(x - 2, y - h - 1, w + 4, h + 4, '#c9c3b5', 'rx="2"') + rect(x, y - h, w, h, '#4a6b3c', 'rx="1"');
  for (let i = 0; i < (w * h) / 7; i++) {
    const colour = roll() < 0.4 ? shade('#5f8a4c', roll() * 0.3) : colours[Math.floor(roll() * colours.length)]!;
    out += ellipse(x + roll() * w, y - h + roll() * h - 1, 1.3, 1.1, colour);
  }
  return out;
}

/** A pole with three wires that leave to both sides. */
export function pole(x: number, y: number, height: number): string {
  const top = y - height;
  let out = rect(x - 1.5, top, 3, height, '#8d8a83') + rect(x - 11, top + 6, 22, 1.6, '#716d66');
  for (const dx of [-10, 0, 10]) {
    out += line(
      [
        [x + dx, top + 5],
        [x + dx, top + 2],
      ],
      '#dfe3e2',
      1.4,
    );
    out += `<path d="M0 ${n(top - 14)}Q${n(x / 2)} ${n(top + 16)} ${n(x + dx)} ${n(top + 2)}Q${n((x + 640) / 2)} ${n(top + 18)} 640 ${n(top - 10)}" fill="none" stroke="#3d4246" stroke-width=".6" stroke-opacity=".6"/>`;
  }
  return out;
}
