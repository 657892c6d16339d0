/**
 * A UUIDv7 (RFC 9562, 5.7) for the instant `now`. Boxes without `crypto.getRandomValues` get their randomness from Math.random and a
 * counter: enough to tell the messages of one box apart, and no secret hangs on it.
 */
let counter = 0;

export function newId(now: number): string {
  const bytes = randomBytes(10);
  bytes[0] = (bytes[0]! & 0x0f) | 0x70;
  bytes[2] = (bytes[2]! & 0x3f) | 0x80;
  const time = `00000000000${Math.max(0, Math.floor(now)).toString(16)}`.slice(-12);
  const hex = time + bytes.map((b) => `0${b.toString(16)}`.slice(-2)).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function randomBytes(n: number): number[] {
  const bytes: number[] = [];
  const strong = typeof crypto !== 'undefined' && typeof crypto.getRandomValues === 'function';
  const drawn = strong ? crypto.getRandomValues(new Uint8Array(n)) : undefined;
  counter = (counter + 1) & 0xff;
  for (let i = 0; i < n; i++) bytes.push(drawn ? drawn[i]! : Math.floor(Math.random() * 256));
  // Not among the bits of the version and the variant.
  if (!drawn) bytes[1] = counter;
  return bytes;
}
