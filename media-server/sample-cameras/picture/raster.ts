/** SVG text → YUV planes with alpha (BT.601, limited range), premultiplied so that laying one over another is one multiplication. */
import { Resvg } from '@resvg/resvg-js';
import { chineseFont } from './font.ts';

export interface Planes {
  width: number;
  height: number;
  y: Uint8Array;
  u: Uint8Array;
  v: Uint8Array;
  a: Uint8Array;
  /** The same at half resolution, one for each way that its corner can lie on the 2 × 2 grid of chroma samples; made when needed. */
  halves: Array<Half | undefined>;
}

/** Chroma and its alpha at half resolution. */
export interface Half {
  width: number;
  height: number;
  u: Uint8Array;
  v: Uint8Array;
  a: Uint8Array;
}

/**
 * Draws `inner` (SVG elements in a box of `width` × `height` units) at `scale` pixels a unit.
 * Text is drawn only where the machine has a Chinese font.
 */
export function rasterise(inner: string, width: number, height: number, scale = 1, flip = false): Planes {
  const w = Math.max(1, Math.round(width * scale));
  const h = Math.max(1, Math.round(height * scale));
  const turned = flip ? `<g transform="translate(${width} 0) scale(-1 1)">${inner}</g>` : inner;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${w}" height="${h}" preserveAspectRatio="none">${turned}</svg>`;
  const font = inner.includes('<text') ? chineseFont() : undefined;
  const image = new Resvg(svg, {
    font: { loadSystemFonts: false, fontFiles: font ? [font] : [], defaultFontFamily: 'Noto Sans CJK SC' },
  }).render();
  return toPlanes(image.pixels, image.width, image.height);
}

/** resvg gives premultiplied RGBA. */
function toPlanes(rgba: Uint8Array, width: number, height: number): Planes {
  const n = width * height;
  const planes: Planes = {
    width,
    height,
    y: new Uint8Array(n),
    u: new Uint8Array(n),
    v: new Uint8Array(n),
    a: new Uint8Array(n),
    halves: [],
  };
  for (let i = 0, p = 0; i < n; i++, p += 4) {
    const r = rgba[p]!;
    const g = rgba[p + 1]!;
    const b = rgba[p + 2]!;
    const a = rgba[p + 3]!;
    planes.a[i] = a;
    planes.y[i] = (a * 16) / 255 + 0.257 * r + 0.504 * g + 0.098 * b + 0.5;
    planes.u[i] = (a * 128) / 255 - 0.148 * r - 0.291 * g + 0.439 * b + 0.5;
    planes.v[i] = (a * 128) / 255 + 0.439 * r - 0.368 * g - 0.071 * b + 0.5;
  }
  return planes;
}

/**
 * Chroma of a drawing whose corner lies `dx`, `dy` (0 or 1) beside the grid: one sample is the mean of the four pixels that it
 * covers, those outside the drawing being transparent.
 */
export function halfOf(s: Planes, dx: number, dy: number): Half {
  const known = s.halves[dy * 2 + dx];
  if (known) return known;
  const width = (s.width + dx + 1) >> 1;
  const height = (s.height + dy + 1) >> 1;
  const half: Half = {
    width,
    height,
    u: new Uint8Array(width * height),
    v: new Uint8Array(width * height),
    a: new Uint8Array(width * height),
  };
  for (let i = 0; i < width * height; i++) {
    let a = 0;
    let u = 0;
    let v = 0;
    for (let k = 0; k < 4; k++) {
      const x = (i % width) * 2 - dx + (k & 1);
      const y = Math.floor(i / width) * 2 - dy + (k >> 1);
      if (x < 0 || y < 0 || x >= s.width || y >= s.height) continue;
      a += s.a[y * s.width + x]!;
      u += s.u[y * s.width + x]!;
      v += s.v[y * s.width + x]!;
    }
    half.a[i] = (a + 2) >> 2;
    half.u[i] = (u + 2) >> 2;
    half.v[i] = (v + 2) >> 2;
  }
  s.halves[dy * 2 + dx] = half;
  return half;
}
