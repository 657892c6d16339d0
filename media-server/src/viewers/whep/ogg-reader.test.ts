import { expect, test } from 'vitest';
import { OggReader } from './ogg-reader.ts';

/** A page (RFC 3533, 6) of segments as given. */
function page(...segments: Buffer[]): Buffer {
  const head = Buffer.alloc(27);
  head.write('OggS');
  head[26] = segments.length;
  return Buffer.concat([head, Buffer.from(segments.map((s) => s.length)), ...segments]);
}

function read(stream: Buffer, pieceBytes = stream.length): number[] {
  const sizes: number[] = [];
  const reader = new OggReader((packet) => sizes.push(packet.length));
  for (let at = 0; at < stream.length; at += pieceBytes) reader.push(stream.subarray(at, at + pieceBytes));
  return sizes;
}

const bytes = (size: number) => Buffer.alloc(size, 7);

test('packets come out of pages, however the pages arrive', () => {
  const stream = Buffer.concat([page(bytes(19)), page(bytes(80), bytes(3)), page(bytes(0))]);
  for (const piece of [stream.length, 40, 1]) expect(read(stream, piece)).toEqual([19, 80, 3, 0]);
});

test('one that is longer than a segment, or than a page, is one packet', () => {
  expect(read(Buffer.concat([page(bytes(255), bytes(10)), page(bytes(255)), page(bytes(255), bytes(0), bytes(4))]))).toEqual([265, 510, 4]);
});

test('what is no page is passed over', () => {
  expect(read(Buffer.concat([bytes(100), page(bytes(5))]))).toEqual([5]);
});
