/** A byte stream with start codes (H.264 and H.265, annex B) → NAL units. */

const MAX_NALS = 2048;

/** The units of one access unit, without start codes and the zeros after them; views. */
export function splitAnnexB(bytes: Buffer): Buffer[] {
  const nals: Buffer[] = [];
  let from = -1;
  for (let at = bytes.indexOf(START); at >= 0 && nals.length < MAX_NALS; at = bytes.indexOf(START, at + 3)) {
    if (from >= 0) add(nals, bytes, from, at);
    from = at + 3;
  }
  if (from >= 0) add(nals, bytes, from, bytes.length);
  return nals;
}

const START = Buffer.from([0, 0, 1]);

function add(nals: Buffer[], bytes: Buffer, from: number, to: number): void {
  let end = to;
  // zero_byte and trailing_zero_8bits; a unit itself never ends with a zero (7.4.1).
  while (end > from && bytes[end - 1] === 0) end--;
  if (end > from) nals.push(bytes.subarray(from, end));
}
