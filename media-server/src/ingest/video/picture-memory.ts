/**
 * Where a camera's pictures lie: blocks of memory that are filled from front to back, and never twice. NAL units are views of them, good for
 * as long as anybody holds one; a block goes when nobody does. The past that is kept for clips and the playlist's window are views of the
 * same blocks. With a buffer for each unit, and another for each part of a playlist, the garbage collector had more to do than all others.
 */

/** A camera of 4 Mbit/s fills one in a second. */
const BLOCK_BYTES = 512 * 1024;
/** Each unit stands behind its length, as files have it (ISO/IEC 14496-15, 5.3.3.1): what lies together is written together. */
export const LENGTH_BYTES = 4;

export class PictureMemory {
  #block: Buffer = Buffer.alloc(0);
  /** Of the unit under way. */
  #from = 0;
  #to = 0;

  /** Copies bytes to the end of the unit under way. */
  append(bytes: Buffer): void {
    const head = this.#to === this.#from ? LENGTH_BYTES : 0;
    if (head + bytes.length > this.#block.length - this.#to) this.#move(head + bytes.length);
    this.#to += head;
    this.#block.set(bytes, this.#to);
    this.#to += bytes.length;
  }

  /** The unit under way, which is whole; the next one begins. */
  take(): Buffer {
    const unit = this.#block.subarray(this.#from + LENGTH_BYTES, this.#to);
    this.#block.writeUInt32BE(unit.length, this.#from);
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
