/** UUIDv7 (RFC 9562, 5.7): 48 bits of ms since 1970, then random. */
import { randomBytes } from 'node:crypto';

/** `now` in ms since 1970. */
export function uuid7(now: number): string {
  const b = randomBytes(16);
  b.writeUIntBE(now, 0, 6);
  b[6] = (b[6]! & 0x0f) | 0x70;
  b[8] = (b[8]! & 0x3f) | 0x80;
  const hex = b.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
