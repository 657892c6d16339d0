/** Identifiers made at the centre. */
import { randomBytes } from 'node:crypto';

/** A UUIDv7 (RFC 9562, 5.7) of the instant `now` (ms since 1970). */
export function uuid7(now: number): string {
  const random = randomBytes(10);
  random[0] = (random[0]! & 0x0f) | 0x70;
  random[2] = (random[2]! & 0x3f) | 0x80;
  const hex = now.toString(16).padStart(12, '0') + random.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Tells the day at the centre, `YYYYMMDD`, in an IANA time zone. */
export function dayTeller(timeZone: string): (ms: number) => string {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return (ms) =>
    format
      .formatToParts(ms)
      .filter((p) => p.type !== 'literal')
      .map((p) => p.value)
      .join('');
}
