/** ADTS (ISO/IEC 13818-7, 6.2): AAC frames with a head each, as ffmpeg writes them and MPEG-TS carries them. */

export interface AdtsHead {
  objectType: number;
  rateIndex: number;
  channels: number;
}

const HEAD = 7;

/** Takes a stream apart into frames without their heads. What is no ADTS is passed over. */
export class AdtsReader {
  readonly #onFrame: (frame: Buffer, head: AdtsHead) => void;
  #rest: Buffer = Buffer.alloc(0);

  constructor(onFrame: (frame: Buffer, head: AdtsHead) => void) {
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    let bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    while (bytes.length >= HEAD) {
      if (bytes[0] !== 0xff || (bytes[1]! & 0xf6) !== 0xf0) {
        bytes = bytes.subarray(1);
        continue;
      }
      const length = ((bytes[3]! & 3) << 11) | (bytes[4]! << 3) | (bytes[5]! >> 5);
      // protection_absent: without it a checksum of two bytes follows the head.
      const head = bytes[1]! & 1 ? HEAD : HEAD + 2;
      if (length < head) {
        bytes = bytes.subarray(1);
        continue;
      }
      if (bytes.length < length) break;
      const rateIndex = (bytes[2]! >> 2) & 15;
      const channels = ((bytes[2]! & 1) << 2) | (bytes[3]! >> 6);
      this.#onFrame(Buffer.from(bytes.subarray(head, length)), { objectType: (bytes[2]! >> 6) + 1, rateIndex, channels });
      bytes = bytes.subarray(length);
    }
    this.#rest = Buffer.from(bytes);
  }
}
