import type { Sprite } from '../picture/scene.ts';
import { ellipse, line, n, type Point, path, shade } from './svg.ts';

const phase = (frame: number, frames: number) => (frame / frames) * 2 * Math.PI;

/** A dog that trots to the right, 30 units long. */
export function dog(id: string, colour: string): Sprite {
  const svg = (frame: number) => {
    const p = phase(frame, 6);
    const leg = (x: number, offset: number, tone: string) => {
      const a = Math.sin(p + offset) * 0.6;
      const knee: Point = [x + Math.sin(a) * 4, 19 + Math.cos(a) * 4];
      return line([[x, 18], knee, [knee[0] + Math.sin(a - 0.3) * 4, knee[1] + 4.4]], tone, 2.4);
    };
    const dark = shade(colour, -0.3);
    return (
      ellipse(20, 28, 12, 1.8, '#141c18', 'fill-opacity=".28"') +
      leg(12, Math.PI, dark) +
      leg(26, 0, dark) +
      `<path d="M9 14Q4 ${n(9 + Math.sin(p * 2) * 2)} 5 5" fill="none" stroke="${colour}" stroke-width="2.600" stroke-linecap="round"/>` +
      path('M8 13Q10 9 20 10Q28 9 30 13Q30 19 25 19H12Q7 19 8 13Z', colour) +
      path('M9 16Q18 20 29 16Q28 19 25 19H12Q9 19 9 16Z', shade(colour, 0.35), 'fill-opacity=".6"') +
      leg(10.5, 0, colour) +
      leg(24.5, Math.PI, colour) +
      path('M27 13L29 6Q32 3 35 5L40 8Q40 10 37 10.500L33 12L31 15Z', colour) +
      path('M29.500 6L28 1.500L33 4.500Z', dark) +
      ellipse(39.4, 8.4, 1, 0.9, '#201c1a') +
      ellipse(34.6, 6.8, 0.7, 0.7, '#201c1a')
    );
  };
  return { id: `dog-${id}`, width: 42, height: 31, frames: 6, anchor: { x: 20, y: 28 }, svg };
}

/** A hen that pecks (frames 0–5) while it stands. */
export function hen(id: string, colour: string): Sprite {
  const svg = (frame: number) => {
    const down = frame >= 3 ? 1 : 0;
    const head: Point = down ? [20, 14 + (frame % 2)] : [18, 4.5];
    return (
      ellipse(11, 19, 7, 1.3, '#141c18', 'fill-opacity=".28"') +
      line(
        [
          [9, 14],
          [9, 19],
        ],
        '#c98a2e',
        1,
      ) +
      line(
        [
          [12, 14],
          [12, 19],
        ],
        '#c98a2e',
        1,
      ) +
      path('M2 4Q4 10 6 10Q12 7 16 10Q15 16 10 16Q4 16 2 4Z', colour) +
      path('M2 4Q4 10 7 11Q5 13 3 11Z', shade(colour, -0.35)) +
      line([[14, 10], head], colour, 3) +
      ellipse(head[0], head[1], 2.1, 2, colour) +
      ellipse(head[0] + 0.2, head[1] - 2, 1.3, 1, '#c7362c') +
      line(
        [
          [head[0] + 2, head[1] + 0.4],
          [head[0] + 3.4, head[1] + 0.9],
        ],
        '#e0a63c',
        1,
      )
    );
  };
  return { id: `hen-${id}`, width: 25, height: 21, frames: 6, anchor: { x: 11, y: 19 }, svg };
}

/** A duck on the water, with its wake. */
export function duck(id: string, colour = '#f3f1e8'): Sprite {
  const svg = (frame: number) => {
    const bob = Math.sin(phase(frame, 6)) * 0.6;
    return (
      `<path d="M1 12Q8 9.500 16 12" fill="none" stroke="#e6f1ee" stroke-opacity=".6" stroke-width="1"/>` +
      `<g transform="translate(0 ${n(bob)})">${path('M5 9Q6 6 10 7Q15 8 17 6.500Q19 9 16 11.500Q9 13 5 9Z', colour)}${path('M8 8Q12 8 14 10Q10 11.500 8 8Z', shade(colour, -0.15))}${line(
        [
          [16, 8],
          [17, 4.4],
        ],
        colour,
        2.2,
      )}${ellipse(17.4, 3.6, 2, 1.8, colour)}${line(
        [
          [19.2, 4],
          [21.4, 4.3],
        ],
        '#e8973a',
        1.4,
      )}</g>`
    );
  };
  return { id: `duck-${id}`, width: 23, height: 14, frames: 6, anchor: { x: 12, y: 11 }, svg };
}

/** A water buffalo that plods to the right. */
export function buffalo(): Sprite {
  const colour = '#5b5650';
  const svg = (frame: number) => {
    const p = phase(frame, 8);
    const leg = (x: number, offset: number, tone: string) => {
      const a = Math.sin(p + offset) * 0.32;
      return line(
        [
          [x, 34],
          [x + Math.sin(a) * 8, 42],
          [x + Math.sin(a) * 13, 51],
        ],
        tone,
        5,
      );
    };
    const nod = Math.sin(p) * 1.2;
    return (
      ellipse(40, 52, 32, 3.4, '#141c18', 'fill-opacity=".28"') +
      leg(24, Math.PI, shade(colour, -0.3)) +
      leg(56, 0.5, shade(colour, -0.3)) +
      path('M12 20Q18 10 34 12Q52 8 62 16Q68 24 64 34Q54 42 38 41Q20 42 14 35Q9 28 12 20Z', colour) +
      path('M14 34Q30 44 62 35Q54 42 38 41Q20 42 14 34Z', shade(colour, -0.28)) +
      `<path d="M13 20Q7 28 ${n(9 + Math.sin(p * 2) * 2)} 40" fill="none" stroke="${shade(colour, -0.2)}" stroke-width="2" stroke-linecap="round"/>` +
      leg(20, 0, colour) +
      leg(52, Math.PI + 0.5, colour) +
      `<g transform="translate(0 ${n(nod)})">${path('M60 18Q66 12 73 15L82 27Q81 33 75 31L64 28Z', colour)}<path d="M70 15Q62 4 54 8" fill="none" stroke="#3a3632" stroke-width="2.600" stroke-linecap="round"/>${path('M67 17l-7 -1l4 5Z', shade(colour, -0.2))}${ellipse(74.5, 20, 1, 1, '#191614')}${ellipse(80.5, 29.5, 2.6, 2, shade(colour, 0.16))}</g>`
    );
  };
  return { id: 'buffalo', width: 86, height: 56, frames: 8, anchor: { x: 40, y: 52 }, svg };
}

/** A small bird with beating wings. */
export function bird(): Sprite {
  const svg = (frame: number) => {
    const up = Math.sin(phase(frame, 4)) * 4;
    return `<path d="M1 ${n(6 - up)}Q5 ${n(5 - up * 0.3)} 8 7Q11 ${n(5 - up * 0.3)} 15 ${n(6 - up)}" fill="none" stroke="#2e373c" stroke-width="1.400" stroke-linecap="round"/>`;
  };
  return { id: 'bird', width: 16, height: 13, frames: 4, anchor: { x: 8, y: 7 }, svg };
}
