/** What all vehicles have. */
import { ellipse, line } from './svg.ts';

export function wheel(x: number, y: number, r: number, turn: number, spokes = 3): string {
  let out = ellipse(x, y, r, r, '#26272a') + ellipse(x, y, r * 0.62, r * 0.62, '#8d949a') + ellipse(x, y, r * 0.5, r * 0.5, '#5a6066');
  for (let i = 0; i < spokes; i++) {
    const a = turn + (i * Math.PI) / spokes;
    out += line(
      [
        [x - Math.cos(a) * r * 0.55, y - Math.sin(a) * r * 0.55],
        [x + Math.cos(a) * r * 0.55, y + Math.sin(a) * r * 0.55],
      ],
      '#b9c0c5',
      1,
    );
  }
  return out + ellipse(x, y, r * 0.14, r * 0.14, '#e5e8ea');
}

export const under = (x: number, y: number, rx: number): string => ellipse(x, y, rx, 3, '#141c18', 'fill-opacity=".32"');
/** Spokes look the same again after a third of half a turn. */
export const turnOf = (frame: number, spokes = 3) => (frame / 4) * (Math.PI / spokes);
