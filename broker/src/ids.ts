/** Identifiers made at the centre. */
import { randomFillSync } from 'node:crypto';

/** Random bytes are drawn in bulk: a storm makes tens of thousands of ids. */
const pool = Buffer.alloc(8192);
let used = pool.length;

/** `size` fresh random bytes, valid until the next call. */
function random(size: number): Buffer {
  if (used + size > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += size;
  return pool.subarray(used - size, used);
}

/** 128 random bits, hex. */
export function randomSalt(): string {
  return random(16).toString('hex');
}

/** A UUIDv7 (RFC 9562, 5.7) of the instant `now` (ms since 1970). */
export function uuid7(now: number): string {
  const bits = random(10);
  bits[0] = (bits[0]! & 0x0f) | 0x70;
  bits[2] = (bits[2]! & 0x3f) | 0x80;
  const hex = now.toString(16).padStart(12, '0') + bits.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Tells the day at the centre, `YYYYMMDD`, in an IANA time zone; empty: this machine's, which is also what its clocks show. */
export function dayTeller(timeZone: string): (ms: number) => string {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: timeZone || undefined, year: 'numeric', month: '2-digit', day: '2-digit' });
  // Every zone's days begin with a minute, and a storm asks thousands of times within one.
  let minute = Number.NaN;
  let day = '';
  return (ms) => {
    if (Math.floor(ms / 60_000) === minute) return day;
    minute = Math.floor(ms / 60_000);
    day = format
      .formatToParts(ms)
      .filter((p) => p.type !== 'literal')
      .map((p) => p.value)
      .join('');
    return day;
  };
}
