/** A 720p picture that moves, with the time in it as bits that a program can read off any screen. */
export const CLOCK = { width: 1280, height: 720, fps: 25, bits: 24, cell: 40 } as const;
const BLACK = 16;
const WHITE = 235;
/** Rows by which the picture moves from one to the next. */
const STEP = 4;

/** The bits of an instant, ms since 1970: its lowest 24, then a sum of them in 8, most significant first. */
export function clockBits(at: number): boolean[] {
  const low = at % 2 ** CLOCK.bits;
  const sum = (low & 0xff) ^ ((low >> 8) & 0xff) ^ ((low >> 16) & 0xff);
  return [...bits(low, CLOCK.bits), ...bits(sum, 8)];
}

export class ClockPicture {
  readonly #bytes = Buffer.alloc((CLOCK.width * CLOCK.height * 3) / 2, 128);
  /** Twice as high as the picture, which moves over it. */
  readonly #texture = texture(CLOCK.width, CLOCK.height * 2);
  #frame = 0;

  paint(at: number): { bytes: Uint8Array } {
    const { width, height, cell } = CLOCK;
    const row = (this.#frame++ * STEP) % height;
    this.#texture.copy(this.#bytes, 0, row * width, (row + height) * width);
    for (const [i, one] of clockBits(Math.round(at)).entries())
      for (let y = 0; y < cell; y++) this.#bytes.fill(one ? WHITE : BLACK, y * width + i * cell, y * width + (i + 1) * cell);
    return { bytes: this.#bytes };
  }
}

function bits(value: number, count: number): boolean[] {
  return Array.from({ length: count }, (_, i) => ((value >> (count - 1 - i)) & 1) === 1);
}

/** Soft blotches: something for the encoder to do. The lower half is the upper one again, so that it moves on for ever. */
function texture(width: number, height: number): Buffer {
  const half = height / 2;
  const out = Buffer.alloc(width * height);
  for (let y = 0; y < half; y++)
    for (let x = 0; x < width; x++) {
      const wave = Math.sin((x * Math.PI) / 64) * Math.cos((y * 2 * Math.PI * 6) / half) + 0.4 * Math.sin(((x * 7 + y * 13) % 97) / 15);
      out[y * width + x] = 120 + Math.round(60 * wave);
    }
  out.copy(out, half * width, 0, half * width);
  return out;
}
