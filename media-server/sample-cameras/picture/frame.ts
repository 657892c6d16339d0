import { halfOf, type Planes } from './raster.ts';
import { HEIGHT, WIDTH } from './scene.ts';

const CHROMA_WIDTH = WIDTH / 2;
const CHROMA_HEIGHT = HEIGHT / 2;
const CHROMA_SIZE = CHROMA_WIDTH * CHROMA_HEIGHT;
/** Bytes of one I420 picture. */
export const FRAME_BYTES = WIDTH * HEIGHT + 2 * CHROMA_SIZE;

/** One I420 picture: luma, then U and V at half resolution. */
export class Frame {
  readonly bytes: Uint8Array;
  readonly #y: Uint8Array;
  readonly #u: Uint8Array;
  readonly #v: Uint8Array;

  /** Black. */
  constructor() {
    this.bytes = new Uint8Array(FRAME_BYTES);
    this.#y = this.bytes.subarray(0, WIDTH * HEIGHT).fill(16);
    this.#u = this.bytes.subarray(WIDTH * HEIGHT, WIDTH * HEIGHT + CHROMA_SIZE).fill(128);
    this.#v = this.bytes.subarray(WIDTH * HEIGHT + CHROMA_SIZE).fill(128);
  }

  copyFrom(other: Frame): void {
    this.bytes.set(other.bytes);
  }

  /** Lays a drawing over the picture with its upper left corner at (left, top), whole pixels; what falls outside is cut off. */
  lay(drawing: Planes, left: number, top: number): void {
    blend(this.#y, WIDTH, HEIGHT, drawing.y, drawing, left, top);
    const half = halfOf(drawing, left & 1, top & 1);
    blend(this.#u, CHROMA_WIDTH, CHROMA_HEIGHT, half.u, half, left >> 1, top >> 1);
    blend(this.#v, CHROMA_WIDTH, CHROMA_HEIGHT, half.v, half, left >> 1, top >> 1);
  }
}

/** `to` = `from` + `to` × (1 - alpha), where `from` is premultiplied. */
function blend(
  to: Uint8Array,
  toWidth: number,
  toHeight: number,
  from: Uint8Array,
  { a, width, height }: { a: Uint8Array; width: number; height: number },
  left: number,
  top: number,
): void {
  const x0 = Math.max(0, -left);
  const x1 = Math.min(width, toWidth - left);
  const y1 = Math.min(height, toHeight - top);
  for (let y = Math.max(0, -top); y < y1; y++) {
    let s = y * width + x0;
    let d = (top + y) * toWidth + left + x0;
    for (let x = x0; x < x1; x++, s++, d++) {
      const alpha = a[s]!;
      if (alpha === 255) to[d] = from[s]!;
      else if (alpha !== 0) to[d] = from[s]! + (((to[d]! * (255 - alpha) + 128) * 257) >> 16);
    }
  }
}
