/** The hand that harms packets must really harm them, and only them. */
import { expect, it } from 'vitest';
import { seeded } from '../harness/random.ts';
import { frameSplitter } from './mqtt-frames.ts';
import { type Harm, tamperer } from './tamper.ts';

/** A PUBLISH with a body of `length` bytes of `letter`. */
function publish(letter: string, length: number): Buffer {
  const header = length < 128 ? [0x32, length] : [0x32, (length & 127) | 128, length >> 7];
  return Buffer.concat([Buffer.from(header), Buffer.alloc(length, letter)]);
}

function harmed(harm: Harm, packets: Buffer[]): { bytes: Buffer; cut: boolean } {
  const passed: Buffer[] = [];
  let cut = false;
  const hand = tamperer(seeded(1), [harm], 1, () => undefined)('up');
  for (const packet of packets)
    hand?.(
      packet,
      (b) => passed.push(b),
      () => (cut = true),
    );
  return { bytes: Buffer.concat(passed), cut };
}

it('packets are found in a stream whatever its chunks are', () => {
  const stream = Buffer.concat([publish('a', 5), publish('b', 300), publish('c', 0)]);
  const split = frameSplitter();
  const frames = Array.from(stream, (byte) => split(Buffer.from([byte]))).flat();
  expect(frames.map((f) => f.bytes.length)).toEqual([7, 303, 2]);
  expect(Buffer.concat(frames.map((f) => f.bytes))).toEqual(stream);
});

it('duplicated, reordered, truncated and bit-flipped are what they say', () => {
  const [a, b] = [publish('a', 5), publish('b', 5)];
  expect(harmed('duplicated', [a]).bytes).toEqual(Buffer.concat([a, a]));
  expect(harmed('reordered', [a, b]).bytes).toEqual(Buffer.concat([b, a]));
  expect(harmed('truncated', [publish('a', 100)]).bytes.length).toBeLessThan(102);
  const flipped = harmed('bit-flipped', [a]).bytes;
  const bits = [...flipped].map((byte, i) => (byte ^ a[i]!).toString(2).replaceAll('0', '').length);
  expect(bits.reduce((x, y) => x + y)).toBe(1);
});
