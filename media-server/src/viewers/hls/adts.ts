/** ADTS (ISO/IEC 13818-7, 6.2): AAC frames with a head each, as ffmpeg writes them and MPEG-TS carries them. */
import type { LaneTrack } from './audio-lane.ts';

const HEAD = 7;

/** Takes a stream apart into frames without their heads. What is no ADTS is passed over. */
export class AdtsReader {
  readonly #onFrame: (frame: Buffer) => void;
  #rest: Buffer = Buffer.alloc(0);

  constructor(onFrame: (frame: Buffer) => void) {
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
      this.#onFrame(Buffer.from(bytes.subarray(head, length)));
      bytes = bytes.subarray(length);
    }
    this.#rest = Buffer.from(bytes);
  }
}

/** The head of a frame of `size` bytes. */
export function adtsHead({ channels, config }: LaneTrack, size: number): Buffer {
  const rate = ((config[0]! & 7) << 1) | (config[1]! >> 7);
  const length = size + HEAD;
  return Buffer.from([
    0xff,
    0xf1, // MPEG-4, no checksum
    (1 << 6) | (rate << 2) | (channels >> 2), // LC
    ((channels & 3) << 6) | (length >> 11),
    (length >> 3) & 0xff,
    ((length & 7) << 5) | 0x1f,
    0xfc,
  ]);
}
