/** Small words for drawing in SVG text. Coordinates are picture units; `+ y` is down. */

/** The same numbers for the same seed, from 0 up to 1: what is "random" in a drawing must be the same at each start (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export type Point = [x: number, y: number];

/** A number as short as it may be in a path. */
export const n = (value: number): string => String(Math.round(value * 10) / 10);

export const points = (list: Point[]): string => list.map(([x, y]) => `${n(x)},${n(y)}`).join(' ');

export const poly = (list: Point[], fill: string, more = ''): string => `<polygon points="${points(list)}" fill="${fill}" ${more}/>`;

export const line = (list: Point[], stroke: string, width: number, more = ''): string =>
  `<polyline points="${points(list)}" fill="none" stroke="${stroke}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round" ${more}/>`;

export const rect = (x: number, y: number, w: number, h: number, fill: string, more = ''): string =>
  `<rect x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}" fill="${fill}" ${more}/>`;

export const ellipse = (x: number, y: number, rx: number, ry: number, fill: string, more = ''): string =>
  `<ellipse cx="${n(x)}" cy="${n(y)}" rx="${n(rx)}" ry="${n(ry)}" fill="${fill}" ${more}/>`;

export const path = (d: string, fill: string, more = ''): string => `<path d="${d}" fill="${fill}" ${more}/>`;

export const group = (transform: string, ...inner: string[]): string => `<g transform="${transform}">${inner.join('')}</g>`;

/** From the top down (or from the left, `across`). Colours may carry an opacity: `#fff/.5`. */
export function gradient(id: string, colours: string[], across = false): string {
  const stops = colours.map((colour, i) => {
    const [rgb, opacity = '1'] = colour.split('/');
    return `<stop offset="${n((i / (colours.length - 1)) * 100)}%" stop-color="${rgb}" stop-opacity="${opacity}"/>`;
  });
  const to = across ? 'x2="1" y2="0"' : 'x2="0" y2="1"';
  return `<linearGradient id="${id}" x1="0" y1="0" ${to}>${stops.join('')}</linearGradient>`;
}

/** Text in the middle of (x, y), in the Simplified face of Noto. */
export const text = (x: number, y: number, size: number, fill: string, words: string, more = ''): string =>
  `<text x="${n(x)}" y="${n(y)}" font-family="Noto Sans CJK SC" font-weight="700" font-size="${size}" fill="${fill}" text-anchor="middle" ${more}>${words}</text>`;

/** A colour made lighter (`by` > 0) or darker (< 0). `by` from -1 to 1. */
export function shade(colour: string, by: number): string {
  const full = colour.length === 4 ? `#${[...colour.slice(1)].map((c) => c + c).join('')}` : colour;
  const towards = by > 0 ? 255 : 0;
  const part = (at: number) => {
    const value = Number.parseInt(full.slice(at, at + 2), 16);
    return Math.round(value + (towards - value) * Math.abs(by))
      .toString(16)
      .padStart(2, '0');
  };
  return `#${part(1)}${part(3)}${part(5)}`;
}
