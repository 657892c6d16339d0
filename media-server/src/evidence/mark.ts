/** The line that is burned into an export, drawn here: no font has to be installed, and no ffmpeg built with one. */

/** Glyphs of 5 columns of 8 bits, the lowest bit on top. */
const GLYPHS: Record<string, string> = {
  ' ': '0000000000',
  '+': '08083e0808',
  '-': '0808080808',
  '.': '0000606000',
  '/': '2010080402',
  ':': '0000140000',
  _: '4040404040',
  '0': '3e5149453e',
  '1': '00427f4000',
  '2': '7249494946',
  '3': '2141494d33',
  '4': '1814127f10',
  '5': '2745454539',
  '6': '3c4a494931',
  '7': '4121110907',
  '8': '3649494936',
  '9': '464949291e',
  A: '7c1211127c',
  B: '7f49494936',
  C: '3e41414122',
  D: '7f4141413e',
  E: '7f49494941',
  F: '7f09090901',
  G: '3e41415173',
  H: '7f0808087f',
  I: '00417f4100',
  J: '2040413f01',
  K: '7f08142241',
  L: '7f40404040',
  M: '7f021c027f',
  N: '7f0408107f',
  O: '3e4141413e',
  P: '7f09090906',
  Q: '3e4151215e',
  R: '7f09192946',
  S: '2649494932',
  T: '03017f0103',
  U: '3f4040403f',
  V: '1f2040201f',
  W: '3f4038403f',
  X: '6314081463',
  Y: '0304780403',
  Z: '6159494d43',
  a: '2054547840',
  b: '7f28444438',
  c: '3844444428',
  d: '384444287f',
  e: '3854545418',
  f: '00087e0902',
  g: '18a4a49c78',
  h: '7f08040478',
  i: '00447d4000',
  j: '2040403d00',
  k: '7f10284400',
  l: '00417f4000',
  m: '7c04780478',
  n: '7c08040478',
  o: '3844444438',
  p: 'fc18242418',
  q: '18242418fc',
  r: '7c08040408',
  s: '4854545424',
  t: '04043f4424',
  u: '3c4040207c',
  v: '1c2040201c',
  w: '3c4030403c',
  x: '4428102844',
  y: '4c9090907c',
  z: '4464544c44',
};
const ADVANCE = 6;
const ROWS = 8;
const MARGIN = 2;

/** Size in pixels of a line of so many characters. */
export function markSize(chars: number, scale: number): { width: number; height: number } {
  return { width: (chars * ADVANCE + 2 * MARGIN) * scale, height: (ROWS + 2 * MARGIN) * scale };
}

/** White on a dark band, RGBA; a character that has no glyph is an underscore. */
export function drawMark(text: string, scale: number): Buffer {
  const { width, height } = markSize(text.length, scale);
  const out = Buffer.alloc(width * height * 4);
  for (let i = 3; i < out.length; i += 4) out[i] = 160;
  for (const [i, char] of [...text].entries()) {
    const columns = Buffer.from(GLYPHS[char] ?? GLYPHS._!, 'hex');
    for (const [x, bits] of columns.entries())
      for (let y = 0; y < ROWS; y++) if ((bits >> y) & 1) dot(out, width, scale, MARGIN + i * ADVANCE + x, MARGIN + y);
  }
  return out;
}

function dot(out: Buffer, width: number, scale: number, x: number, y: number): void {
  for (let dy = 0; dy < scale; dy++) {
    const at = ((y * scale + dy) * width + x * scale) * 4;
    out.fill(255, at, at + scale * 4);
  }
}

/** E.g. `2026-11-23 16:00:05+08:00`, in this machine's time zone. */
export function markTime(ms: number): string {
  const east = -new Date(ms).getTimezoneOffset();
  const two = (n: number) => String(Math.trunc(n)).padStart(2, '0');
  const local = new Date(ms + east * 60_000).toISOString().slice(0, 19).replace('T', ' ');
  return `${local}${east < 0 ? '-' : '+'}${two(Math.abs(east) / 60)}:${two(Math.abs(east) % 60)}`;
}
