/** Reads the burned-in clock back from a picture, as a person would: by the look of its digits. */
import { CELL, CLOCK_AT, glyph } from '../picture/clock.ts';
import { WIDTH } from '../picture/scene.ts';

const PATTERN = '0000-00-00 00:00:00';

/** `luma`: the picture's Y plane, 640 wide. The text as `YYYY-MM-DD HH:MM:SS`. */
export function readClock(luma: Uint8Array): string {
  return [...PATTERN].map((kind, i) => (kind === '0' ? closest(luma, CLOCK_AT.x + i * CELL.width) : kind)).join('');
}

/** What `readClock` gave, as ms since 1970 in the machine's time zone. */
export function clockTime(text: string): number {
  return new Date(text.replace(' ', 'T')).getTime();
}

function closest(luma: Uint8Array, left: number): string {
  let best = '?';
  let least = Number.POSITIVE_INFINITY;
  for (const digit of '0123456789') {
    const error = difference(luma, left, digit);
    if (error < least) {
      best = digit;
      least = error;
    }
  }
  return best;
}

/** Within the glyph the picture should look like it; beside it nothing should be as white as a stroke. */
function difference(luma: Uint8Array, left: number, digit: string): number {
  const drawing = glyph(digit)!;
  let error = 0;
  for (let y = 0; y < drawing.height; y++) {
    for (let x = 0; x < drawing.width; x++) {
      const i = y * drawing.width + x;
      const seen = luma[(CLOCK_AT.y + y) * WIDTH + left + x]!;
      if (drawing.a[i]! > 180) error += Math.abs(seen - drawing.y[i]!);
      else if (seen > 218) error += seen - 120;
    }
  }
  return error;
}
