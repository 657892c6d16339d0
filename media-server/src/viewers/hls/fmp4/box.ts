/** Boxes of the ISO base media file format (ISO/IEC 14496-12, 4.2). */

export function box(type: string, ...content: (Buffer | readonly Buffer[])[]): Buffer {
  const parts = content.flat() as Buffer[];
  const size = parts.reduce((sum, b) => sum + b.length, 0);
  return Buffer.concat([boxHead(type, size), ...parts]);
}

/** What stands before `bytes` of content. */
export function boxHead(type: string, bytes: number): Buffer {
  const head = Buffer.allocUnsafe(8);
  head.writeUInt32BE(8 + bytes, 0);
  head.write(type, 4, 'latin1');
  return head;
}

export function fullBox(type: string, version: number, flags: number, ...content: Buffer[]): Buffer {
  return box(type, u32(version * 2 ** 24 + flags), content);
}

export function u8(...values: number[]): Buffer {
  return Buffer.from(values);
}

export function u16(...values: number[]): Buffer {
  const b = Buffer.allocUnsafe(values.length * 2);
  for (const [i, v] of values.entries()) b.writeUInt16BE(v, i * 2);
  return b;
}

export function u32(...values: number[]): Buffer {
  const b = Buffer.allocUnsafe(values.length * 4);
  for (const [i, v] of values.entries()) b.writeUInt32BE(v >>> 0, i * 4);
  return b;
}

export function u64(value: number): Buffer {
  const b = Buffer.allocUnsafe(8);
  b.writeBigUInt64BE(BigInt(value));
  return b;
}

export function ascii(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** The unity transformation matrix (8.2.2). */
export const UNITY_MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
