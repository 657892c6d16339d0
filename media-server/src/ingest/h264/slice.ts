/** Slice headers (ITU-T H.264, 7.3.3), as far as the order of pictures needs them. */
import { BitReader } from './bits.ts';
import { NAL, nalType, withoutEmulation } from './nal.ts';

/** More than the two fields take that are read. */
const HEAD_BYTES = 16;
/** Table 7-6: 1, or 6 where all slices of the picture are alike. */
const B = 1;

/** Whether a picture may have been predicted from one that is shown after it. */
export function hasBSlice(nals: readonly Buffer[]): boolean {
  return nals.some((nal) => nalType(nal) === NAL.SLICE && sliceType(nal) === B);
}

/** Undefined where the header is broken. */
function sliceType(nal: Buffer): number | undefined {
  try {
    const r = new BitReader(withoutEmulation(nal.subarray(1), HEAD_BYTES));
    r.ue(); // first_mb_in_slice
    return r.ue() % 5;
  } catch {
    return undefined;
  }
}
