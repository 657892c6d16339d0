import { describe, expect, test } from 'vitest';
import { ahead, parseRtp, Unwrapper } from './rtp.ts';

function packet(first: number, rest: number[]): Buffer {
  return Buffer.from([first, 0xe0, 0x00, 0x05, 0x00, 0x00, 0x00, 0x0a, 0x00, 0x00, 0x00, 0x63, ...rest]);
}

describe('an RTP packet', () => {
  test('is read', () => {
    expect(parseRtp(packet(0x80, [1, 2, 3]))).toEqual({
      marker: true,
      payloadType: 96,
      sequence: 5,
      timestamp: 10,
      ssrc: 99,
      payload: Buffer.from([1, 2, 3]),
    });
  });

  test('may have contributing sources, an extension and padding', () => {
    const bytes = packet(0xb1, [0, 0, 0, 1, 0xbe, 0xde, 0, 1, 9, 9, 9, 9, 7, 8, 0, 2]);
    expect(parseRtp(bytes)?.payload).toEqual(Buffer.from([7, 8]));
  });

  test.each([
    ['too short', Buffer.alloc(11, 0x80)],
    ['of another version', packet(0x40, [1])],
    ['with more sources than bytes', packet(0x8f, [1])],
    ['with a cut extension', packet(0x90, [0, 0])],
    ['with an extension longer than itself', packet(0x90, [0, 0, 0xff, 0xff])],
    ['with more padding than payload', packet(0xa0, [1, 2, 200])],
    ['with no padding where some is claimed', packet(0xa0, [1, 2, 0])],
  ])('%s is none', (_what, bytes) => {
    expect(parseRtp(bytes)).toBeUndefined();
  });

  test('cut anywhere never throws', () => {
    const whole = packet(0xb1, [0, 0, 0, 1, 0xbe, 0xde, 0, 1, 9, 9, 9, 9, 7, 8, 0, 2]);
    for (let n = 0; n < whole.length; n++) expect(() => parseRtp(whole.subarray(0, n))).not.toThrow();
  });
});

test('numbers on a ring are compared the short way round', () => {
  expect(ahead(65_535, 0, 16)).toBe(1);
  expect(ahead(0, 65_535, 16)).toBe(-1);
  expect(ahead(2 ** 32 - 1, 4, 32)).toBe(5);
});

test('timestamps go on over their wrap, and may go back a little', () => {
  const u = new Unwrapper();
  const first = u.unwrap(2 ** 32 - 3000);
  expect(u.unwrap(600) - first).toBe(3600);
  expect(u.unwrap(2 ** 32 - 1) - first).toBe(2999);
});
