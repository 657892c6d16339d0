import { expect, test } from 'vitest';
import { Reception } from './reception.ts';
import { receiverReport } from './rtcp.ts';

const NOW = 1_790_000_000_000;
const packet = (sequence: number, timestamp: number) => ({
  marker: false,
  payloadType: 96,
  sequence: sequence & 0xffff,
  timestamp,
  ssrc: 0x1234,
  payload: Buffer.alloc(10),
});

test('what was lost is said, since the last report and in all (RFC 3550, 6.4.1)', () => {
  const r = new Reception(90_000);
  expect(r.block(NOW)).toBeUndefined();
  for (const s of [65_534, 65_535, 65_537, 65_538]) r.took(packet(s, 0), NOW);
  expect(r.block(NOW)).toMatchObject({ ssrc: 0x1234, lost: 1, fraction: Math.floor(256 / 5), highest: 65_538 });
  for (const s of [65_539, 65_540]) r.took(packet(s, 0), NOW);
  expect(r.block(NOW)).toMatchObject({ lost: 1, fraction: 0 });
});

test('an even pace has no jitter, an uneven one has', () => {
  const r = new Reception(90_000);
  for (let i = 0; i < 50; i++) r.took(packet(i, i * 3600), NOW + i * 40);
  expect(r.block(NOW)!.jitter).toBe(0);
  for (let i = 50; i < 100; i++) r.took(packet(i, i * 3600), NOW + i * 40 + (i % 2) * 20);
  expect(r.block(NOW)!.jitter).toBeGreaterThan(900);
});

test('the last sender report is answered for, with how long ago it came', () => {
  const r = new Reception(90_000);
  r.took(packet(1, 0), NOW);
  r.sawReport({ ssrc: 0x1234, ntpMs: 0, ntpMiddle: 0xabcd_ef01, timestamp: 0 }, NOW);
  expect(r.block(NOW + 500)).toMatchObject({ lastReport: 0xabcd_ef01, delay: 32_768 });
});

test('a report is a compound packet with our name', () => {
  const bytes = receiverReport(7, { ssrc: 9, fraction: 10, lost: -1, highest: 70_000, jitter: 5.4, lastReport: 1, delay: 2 }, 'shouwang');
  expect(bytes.subarray(0, 32).toString('hex')).toBe(`81c90007000000070000000${'9'}0affffff00011170000000050000000100000002`);
  // SDES: one chunk, CNAME, padded with zeros to a whole word, one at least.
  expect(bytes.subarray(32, 36).toString('hex')).toBe('81ca0004');
  expect(bytes.subarray(40).toString('latin1')).toBe('\x01\x08shouwang\0\0');
});
