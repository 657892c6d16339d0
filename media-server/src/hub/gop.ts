/** The pictures since the last key frame, so that a new viewer need not wait for the next one. */
import type { AccessUnit } from '../ingest/access-unit.ts';

/** A camera with hardly any key frames must not eat the memory: beyond this nothing is kept until the next one. */
const MAX_BYTES = 24 * 1024 * 1024;
const MAX_PICTURES = 1500;

export class Gop {
  #pictures: AccessUnit[] = [];
  #bytes = 0;

  /** Oldest first; begins with a key frame, or is empty. */
  get pictures(): readonly AccessUnit[] {
    return this.#pictures;
  }

  add(picture: AccessUnit): void {
    if (picture.key) {
      // A new array: whoever holds the old one keeps it whole.
      this.#pictures = [];
      this.#bytes = 0;
    } else if (this.#pictures.length === 0) return;
    this.#pictures.push(picture);
    this.#bytes += picture.bytes;
    if (this.#bytes > MAX_BYTES || this.#pictures.length > MAX_PICTURES) this.clear();
  }

  clear(): void {
    this.#pictures = [];
    this.#bytes = 0;
  }
}
