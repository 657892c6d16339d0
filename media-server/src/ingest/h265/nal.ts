/** H.265 network abstraction layer units (ITU-T H.265, 7.3.1.2 and table 7-1), without start codes. */

export const NAL265 = {
  RASL_N: 8,
  RASL_R: 9,
  /** The first and the last type of pictures that decoding can begin with (intra random access points). */
  BLA_W_LP: 16,
  IDR_W_RADL: 19,
  IDR_N_LP: 20,
  CRA: 21,
  LAST_IRAP: 23,
  VPS: 32,
  SPS: 33,
  PPS: 34,
  AUD: 35,
  END_OF_SEQUENCE: 36,
  END_OF_BITSTREAM: 37,
  FILLER: 38,
} as const;

export function nalType265(nal: Buffer): number {
  return (nal[0]! >> 1) & 0x3f;
}
