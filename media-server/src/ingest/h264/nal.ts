/** H.264 network abstraction layer units (ITU-T H.264, 7.3.1), without start codes. */

export const NAL = { SLICE: 1, IDR: 5, SEI: 6, SPS: 7, PPS: 8, AUD: 9, END_OF_SEQUENCE: 10, FILLER: 12 } as const;

export function nalType(nal: Buffer): number {
  return nal[0]! & 0x1f;
}

/** Whether it carries part of a picture (Table 7-1: types 1 to 5). */
export function isPicture(nal: Buffer): boolean {
  const type = nalType(nal);
  return type >= 1 && type <= 5;
}

const START_CODE = Buffer.from([0, 0, 0, 1]);

/** As a byte stream with start codes (Annex B). */
export function toAnnexB(nals: readonly Buffer[]): Buffer {
  return Buffer.concat(nals.flatMap((n) => [START_CODE, n]));
}

/** Takes emulation prevention bytes out of at most `limit` bytes (7.4.1: 00 00 03 → 00 00). */
export function withoutEmulation(nal: Buffer, limit = nal.length): Buffer {
  const out = Buffer.allocUnsafe(Math.min(nal.length, limit));
  let size = 0;
  let zeros = 0;
  for (let i = 0; i < nal.length && size < out.length; i++) {
    const byte = nal[i]!;
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    out[size++] = byte;
  }
  return out.subarray(0, size);
}
