/** RTP data packets (RFC 3550, 5.1). */

export interface RtpPacket {
  marker: boolean;
  payloadType: number;
  /** 16 bits. */
  sequence: number;
  /** 32 bits, in the clock of the payload (90 kHz for video). */
  timestamp: number;
  ssrc: number;
  payload: Buffer;
}

/** Reads a packet; undefined where the bytes are not one (RFC 3550, A.1): wrong version, or shorter than its own header, CSRCs, extension or padding claim. */
export function parseRtp(bytes: Buffer): RtpPacket | undefined {
  if (bytes.length < 12) return undefined;
  const first = bytes[0]!;
  if (first >> 6 !== 2) return undefined;
  let start = 12 + (first & 0x0f) * 4;
  if (first & 0x10) {
    if (bytes.length < start + 4) return undefined;
    start += 4 + bytes.readUInt16BE(start + 2) * 4;
  }
  let end = bytes.length;
  if (first & 0x20) {
    const padding = bytes[end - 1]!;
    if (padding === 0) return undefined;
    end -= padding;
  }
  if (end < start) return undefined;
  const second = bytes[1]!;
  return {
    marker: (second & 0x80) !== 0,
    payloadType: second & 0x7f,
    sequence: bytes.readUInt16BE(2),
    timestamp: bytes.readUInt32BE(4),
    ssrc: bytes.readUInt32BE(8),
    payload: bytes.subarray(start, end),
  };
}

/** How far `b` is ahead of `a` on a ring of `bits` bits: negative where it is behind. */
export function ahead(a: number, b: number, bits: 16 | 32): number {
  const size = 2 ** bits;
  const d = (((b - a) % size) + size) % size;
  return d < size / 2 ? d : d - size;
}

/** Turns 32-bit timestamps into a line that never wraps (the first one is where it starts). */
export class Unwrapper {
  #last: number | undefined;
  #line = 0;

  /** Ticks since 0 of the first timestamp's own epoch; may go back where pictures are reordered. */
  unwrap(timestamp: number): number {
    if (this.#last === undefined) this.#line = timestamp;
    else this.#line += ahead(this.#last, timestamp, 32);
    this.#last = timestamp;
    return this.#line;
  }
}
