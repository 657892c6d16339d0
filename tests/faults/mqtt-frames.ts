/** Cuts a byte stream into MQTT control packets (MQTT 3.1.1 §2.2), so that a line can harm them one by one. */

export interface Frame {
  /** Control packet type: 1 CONNECT … 14 DISCONNECT. */
  type: number;
  bytes: Buffer;
}

/** Gives the whole packets that are there after each chunk. What cannot be a packet any more is passed on as one. */
export function frameSplitter(): (chunk: Buffer) => Frame[] {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    const frames: Frame[] = [];
    for (;;) {
      const length = frameLength(rest);
      if (length === undefined || length > rest.length) return frames;
      frames.push({ type: rest[0]! >> 4, bytes: Buffer.from(rest.subarray(0, length)) });
      rest = rest.subarray(length);
    }
  };
}

/** Length of the first packet with its header; undefined while the header is not whole. "Remaining Length" has 7 bits a byte, four bytes at most (§2.2.3). */
function frameLength(bytes: Buffer): number | undefined {
  let value = 0;
  for (let i = 1; i <= 4; i++) {
    const byte = bytes[i];
    if (byte === undefined) return undefined;
    value += (byte & 127) * 128 ** (i - 1);
    if (byte < 128) return value + i + 1;
  }
  return bytes.length;
}
