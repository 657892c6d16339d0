/** The clock that is burned into every picture: digits of our own, so that it is there whatever fonts a machine has. */
import type { Frame } from './frame.ts';
import { type Planes, rasterise } from './raster.ts';
import { WIDTH } from './scene.ts';

/** Cell of one character in the picture. */
export const CELL = { width: 11, height: 20 } as const;
const TEXT_LENGTH = 'YYYY-MM-DD HH:MM:SS'.length;
/** Upper left corner of the clock's first cell. */
export const CLOCK_AT = { x: WIDTH - 16 - TEXT_LENGTH * CELL.width, y: 12 } as const;

/** Centre lines in a box of 10 × 18, drawn twice: a dark outline, then white. */
const STROKES: Record<string, string> = {
  '0': 'M5 3C2.6 3 2 5.5 2 9s.6 6 3 6 3-2.500 3-6-.6-6-3-6Z',
  '1': 'M2.600 5.200 5.400 3v12',
  '2': 'M2.200 5.600C2.400 4 3.500 3 5 3c1.800 0 3 1.200 3 3 0 2.600-3.600 5-6 9h6.200',
  '3': 'M2.200 5C2.700 3.700 3.700 3 5 3c1.800 0 2.900 1.100 2.900 2.800S6.800 8.600 4.600 8.600C7 8.600 8.200 9.800 8.200 11.700S6.900 15 5 15c-1.500 0-2.600-.800-3-2.200',
  '4': 'M6.600 15V3L1.800 11.200h6.800',
  '5': 'M7.600 3H3l-.500 5.500C3.200 7.700 4 7.400 5 7.400c1.900 0 3.200 1.500 3.200 3.700S6.900 15 5 15c-1.500 0-2.600-.800-3.100-2.100',
  '6': 'M7.600 4.500C7 3.500 6.200 3 5.200 3 3.100 3 2 5.500 2 9.600 2 13.200 3.100 15 5.100 15 6.900 15 8.100 13.500 8.100 11.300S6.900 7.700 5.200 7.700C3.700 7.700 2.500 8.700 2.100 10.300',
  '7': 'M1.900 3h6.300L4.200 15',
  '8': 'M5 3C3.400 3 2.400 4 2.400 5.700S3.400 8.600 5 8.600 7.600 7.400 7.600 5.700 6.600 3 5 3ZM5 8.600C3.100 8.600 1.900 9.800 1.900 11.800S3.100 15 5 15s3.100-1.200 3.100-3.200S6.900 8.600 5 8.600Z',
  '9': 'M2.400 13.500C3 14.500 3.800 15 4.800 15 6.900 15 8 12.500 8 8.400 8 4.800 6.900 3 4.900 3 3.100 3 1.900 4.500 1.900 6.700S3.100 10.300 4.800 10.300C6.300 10.300 7.500 9.300 7.900 7.700',
  '-': 'M2.800 9.400h4.400',
  ':': 'M5 6.400v.01M5 12.200v.01',
};

let glyphs: Record<string, Planes> | undefined;

/** One character of the clock, as it is drawn. */
export function glyph(character: string): Planes | undefined {
  glyphs ??= Object.fromEntries(Object.entries(STROKES).map(([c, path]) => [c, rasterise(outlined(path), CELL.width, CELL.height)]));
  return glyphs[character];
}

function outlined(path: string): string {
  const line = (width: number, colour: string, opacity: number) =>
    `<path d="${path}" transform="translate(.5 1)" fill="none" stroke="${colour}" stroke-opacity="${opacity}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`;
  return line(4, '#0b1118', 0.75) + line(1.9, '#fff', 1);
}

/** `YYYY-MM-DD HH:MM:SS` in the machine's time zone. `at`: ms since 1970. */
export function clockText(at: number): string {
  const d = new Date(at);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

/** Burns the time into a picture. */
export function drawClock(frame: Frame, at: number): void {
  let x: number = CLOCK_AT.x;
  for (const character of clockText(at)) {
    const drawing = glyph(character);
    if (drawing) frame.lay(drawing, x, CLOCK_AT.y);
    x += CELL.width;
  }
}
