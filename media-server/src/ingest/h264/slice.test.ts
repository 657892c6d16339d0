import { expect, test } from 'vitest';
import { idr, skipB, skipP } from '../../testing/h264-video.ts';
import { hasBSlice } from './slice.ts';

const SEI = Buffer.from('0605ffff', 'hex');

test.each([
  ['a key frame', [idr(7)], false],
  ['a P picture', [SEI, skipP(1, 2)], false],
  ['a B picture', [SEI, skipB(1, 2)], true],
  ['a picture of which one slice is B', [skipP(1, 2), skipB(1, 2)], true],
  ['nothing', [], false],
  ['a slice that ends in its header', [Buffer.from('01', 'hex'), Buffer.from('0100000000000000', 'hex')], false],
])('B slices are found in %s, or not', (_what, nals, has) => {
  expect(hasBSlice(nals)).toBe(has);
});
