import { expect, test } from 'vitest';
import { LENGTH_BYTES, PictureMemory } from './picture-memory.ts';

const MB = 1024 * 1024;

test('units are what was put into them, one after the other in one block', () => {
  const memory = new PictureMemory();
  const read = Buffer.from('first');
  memory.append(read);
  memory.append(Buffer.from(' unit'));
  const first = memory.take();
  memory.append(Buffer.from('second'));
  const second = memory.take();
  read.fill(0);
  expect([first.toString(), second.toString()]).toEqual(['first unit', 'second']);
  expect(second.buffer).toBe(first.buffer);
});

test('each unit stands behind its length, so that units in a row are in a file as they lie in memory', () => {
  const memory = new PictureMemory();
  memory.append(Buffer.from('ab'));
  const first = memory.take();
  memory.append(Buffer.from('c'));
  const second = memory.take();
  const from = first.byteOffset - LENGTH_BYTES;
  const all = Buffer.from(first.buffer, from, second.byteOffset + second.length - from);
  expect(all.toString('hex')).toBe('00000002616200000001' + '63');
});

test('what was given out is never written over', () => {
  const memory = new PictureMemory();
  const given = Array.from({ length: 300 }, (_, i) => {
    memory.append(Buffer.alloc(10_007, i));
    return memory.take();
  });
  for (const [i, unit] of given.entries()) expect(unit.every((byte) => byte === i % 256)).toBe(true);
  // Blocks, not a buffer for each.
  expect(new Set(given.map((unit) => unit.buffer)).size).toBeLessThan(10);
});

test('a unit larger than any block stays in one piece', () => {
  const memory = new PictureMemory();
  for (let i = 0; i < 50; i++) memory.append(Buffer.alloc(65_536, i));
  const unit = memory.take();
  expect(unit.length).toBe(50 * 65_536);
  expect([unit[0], unit.at(-1)]).toEqual([0, 49]);
  expect(unit.buffer.byteLength).toBeLessThan(8 * MB);
});

test('the place of a unit that was given up is used again', () => {
  const memory = new PictureMemory();
  memory.append(Buffer.from('kept'));
  const kept = memory.take();
  for (let i = 0; i < 100; i++) {
    memory.append(Buffer.alloc(100_000));
    memory.drop();
  }
  memory.append(Buffer.from('next'));
  const next = memory.take();
  expect([kept.toString(), next.toString()]).toEqual(['kept', 'next']);
  expect(next.byteOffset).toBe(kept.byteOffset + kept.length + LENGTH_BYTES);
});
