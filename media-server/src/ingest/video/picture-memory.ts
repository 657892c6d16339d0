/**
 * Where a camera's pictures lie: blocks of memory that are filled from front to back, and never twice. NAL units are views of them, good for
 * as long as anybody holds one; a block goes when nobody does. A buffer for each unit, kept for a minute, is what the garbage collector
 * would spend more time on than the rest of us on the camera.
 */

/** A camera of 4 Mbit/s fills one in a second. */
const BLOCK_BYTES = 512 * 1024;

export class PictureMemory {
  #block: Buffer = Buffer.alloc(0);
  /** Of the unit under way. */
  #from = 0;
  #to = 0;

  /** Copies bytes to the end of the unit under way. */
  append(bytes: Buffer): void {
    const room = this.#block.length - this.#to;
    if (bytes.length > room) this.#move(bytes.length);
    this.#block.set(bytes, this.#to);
    this.#to += bytes.length;
  }

  /** The unit under way is whole; the next one begins. */
  take(): Buffer {
    const unit = this.#block.subarray(this.#from, this.#to);
    this.#from = this.#to;
    return unit;
  }

  /** The unit under way is given up, and its place is used again. */
  drop(): void {
    this.#to = this.#from;
  }

  /** To a block in which the unit under way has room to grow. */
  #move(bytes: number): void {
    const begun = this.#block.subarray(this.#from, this.#to);
    this.#block = Buffer.allocUnsafeSlow(Math.max(BLOCK_BYTES, 2 * (begun.length + bytes)));
    this.#block.set(begun);
    this.#from = 0;
    this.#to = begun.length;
  }
}
