import { expect, it } from 'vitest';
import { PPS, SPS } from '../testing/fake-encoder.ts';
import { FlvReader } from './flv-reader.ts';

const tag = (type: number, data: Uint8Array) =>
  Buffer.concat([
    Uint8Array.of(type, 0, data.length >> 8, data.length & 255, 0, 0, 0, 0, 0, 0, 0),
    data,
    Uint8Array.of(0, 0, 0, data.length + 11),
  ]);
const header = Buffer.from('464c5601010000000900000000', 'hex');
const configuration = Buffer.concat([
  Uint8Array.of(0x17, 0, 0, 0, 0, 1, 0x42, 0xc0, 0x1f, 0xff, 0xe1, 0, SPS.length),
  SPS,
  Uint8Array.of(1, 0, PPS.length),
  PPS,
]);
const picture = (key: boolean, ...nals: Uint8Array[]) =>
  Buffer.concat([Uint8Array.of(key ? 0x17 : 0x27, 1, 0, 0, 0), ...nals.flatMap((n) => [Uint8Array.of(0, 0, 0, n.length), n])]);

const stream = Buffer.concat([
  header,
  tag(18, Buffer.from('metadata')),
  tag(9, configuration),
  tag(9, picture(true, Uint8Array.of(6, 1), Uint8Array.of(0x65, 2, 3))),
  tag(9, picture(false, Uint8Array.of(0x41, 4))),
]);

function read(chunks: Uint8Array[]): string[] {
  const seen: string[] = [];
  const reader = new FlvReader({
    parameterSets: (sps, pps) => seen.push(`sets ${Buffer.from(sps).toString('hex')} ${Buffer.from(pps).toString('hex')}`),
    picture: (nals, key) => seen.push(`${key ? 'key' : 'delta'} ${nals.map((n) => Buffer.from(n).toString('hex')).join(' ')}`),
  });
  for (const chunk of chunks) reader.push(chunk);
  return seen;
}

const expected = ['sets 6742c01fda02 68ce3c80', 'key 0601 650203', 'delta 4104'];

it('takes parameter sets and pictures out, each as soon as its last byte is there', () => {
  expect(read([stream])).toEqual(expected);
  expect(read([stream.subarray(0, stream.length - 1)])).toEqual(expected.slice(0, 2));
});

it('does not mind how the stream is cut', () => {
  expect(read([...stream].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
});

it('refuses what is no FLV, and what is no H.264', () => {
  expect(() => read([Buffer.from('<html>not a video</html>')])).toThrow('not an FLV stream');
  expect(() => read([header, tag(9, Uint8Array.of(0x12, 0, 0, 0, 0, 0))])).toThrow('not H.264');
});
