/** ADTS (ISO/IEC 13818-7, 6.2): the head that each AAC frame has in MPEG-TS. */
import type { LaneTrack } from './audio-lane.ts';

const HEAD = 7;

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
