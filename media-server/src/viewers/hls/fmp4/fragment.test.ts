import { expect, test } from 'vitest';
import { PictureMemory } from '../../../ingest/video/picture-memory.ts';
import { fragment, fragmentPieces, type Sample } from './fragment.ts';

const NALS = ['first', 'a', 'longer than the others', 'z'].map((text) => Buffer.from(text));

function samples(nals: readonly Buffer[], framed: boolean): Sample[] {
  return nals.map((nal, i) => ({ nals: [nal], framed, key: i === 0, dts: i * 3600, offset: 0, duration: 3600 }));
}

test('a fragment of pictures that lie in memory as files have them is the same, and copies none of them', () => {
  const memory = new PictureMemory();
  const lying = NALS.map((nal) => {
    memory.append(nal);
    return memory.take();
  });
  const pieces = fragmentPieces(7, samples(lying, true));
  expect(Buffer.concat(pieces)).toEqual(fragment(7, samples(NALS, false)));
  expect(pieces).toHaveLength(2);
  expect(pieces[1]!.buffer).toBe(lying[0]!.buffer);
});

test('what was left out between pictures is left out', () => {
  const memory = new PictureMemory();
  const lying = NALS.map((nal) => {
    memory.append(nal);
    const kept = memory.take();
    memory.append(Buffer.from('delimiter'));
    memory.take();
    return kept;
  });
  expect(fragment(1, samples(lying, true))).toEqual(fragment(1, samples(NALS, false)));
});

test('sound follows the pictures', () => {
  const sound = { frames: [Buffer.from('sss'), Buffer.from('tt')], dts: 0 };
  expect(fragment(1, samples(NALS, false), sound).toString('latin1').endsWith('zssstt')).toBe(true);
});
