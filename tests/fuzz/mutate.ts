/** Broken copies of good input: bits, bytes, lengths and whole pieces changed, cut, doubled and mixed. */
import type { Random } from '../harness/random.ts';

/** Where programs count wrong. */
const EDGES = [0, 1, 2, 3, 4, 7, 8, 15, 16, 0x1f, 0x20, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xe0, 0xfe, 0xff];
const EDGES_16 = [0, 1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xfffe, 0xffff];
const MAX_BYTES = 16 * 1024;
const MOST_CHANGES = 8;

type Change = (bytes: Buffer, random: Random, corpus: readonly Buffer[]) => Buffer;

const insert = (bytes: Buffer, at: number, piece: Buffer): Buffer => Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);

function anywhere(bytes: Buffer, random: Random): number {
  return random.int(0, Math.max(0, bytes.length - 1));
}

/** Beginnings are where headers are: half of the changes go there. */
function place(bytes: Buffer, random: Random): number {
  return random.chance(0.5) ? Math.min(anywhere(bytes, random), random.int(0, 24)) : anywhere(bytes, random);
}

const CHANGES: readonly Change[] = [
  (bytes, random) => {
    if (bytes.length > 0) bytes[place(bytes, random)]! ^= 1 << random.int(0, 7);
    return bytes;
  },
  (bytes, random) => {
    if (bytes.length > 0) bytes[place(bytes, random)] = random.int(0, 255);
    return bytes;
  },
  (bytes, random) => {
    if (bytes.length > 0) bytes[place(bytes, random)] = random.pick(EDGES);
    return bytes;
  },
  (bytes, random) => {
    if (bytes.length > 1) bytes.writeUInt16BE(random.pick(EDGES_16), Math.min(place(bytes, random), bytes.length - 2));
    return bytes;
  },
  (bytes, random) => bytes.subarray(0, anywhere(bytes, random)),
  (bytes, random) => bytes.subarray(Math.min(bytes.length, random.int(1, 16))),
  (bytes, random) => {
    const from = anywhere(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(Math.min(bytes.length, from + random.int(1, 64)))]);
  },
  (bytes, random) => {
    const from = anywhere(bytes, random);
    const piece = bytes.subarray(from, from + random.int(1, 64));
    return insert(bytes, anywhere(bytes, random), Buffer.concat(Array.from({ length: random.int(1, 8) }, () => piece)));
  },
  (bytes, random) => insert(bytes, anywhere(bytes, random), Buffer.alloc(random.int(1, 64), random.pick(EDGES))),
  (bytes, random, corpus) => {
    const other = random.pick(corpus);
    const from = anywhere(other, random);
    return insert(bytes, anywhere(bytes, random), other.subarray(from, from + random.int(1, 256)));
  },
  (bytes, random, corpus) => {
    const other = random.pick(corpus);
    return Buffer.concat([bytes.subarray(0, anywhere(bytes, random)), other.subarray(anywhere(other, random))]);
  },
];

/** Where state builds up: how often a broken input follows whole ones, and how many. */
const FOLLOWS = 0.4;
const MOST_WHOLE = 12;

/** Inputs without end. With `inSequence` runs of whole ones come in between, so that broken ones meet a parser in the middle of its work. */
export function* inputs(
  { corpus, words, inSequence }: { corpus: readonly Buffer[]; words: readonly string[]; inSequence?: boolean },
  random: Random,
): Generator<{ bytes: Buffer; broken: boolean }> {
  for (;;) {
    if (inSequence && random.chance(FOLLOWS)) {
      const from = random.int(0, corpus.length - 1);
      for (const whole of corpus.slice(from, from + random.int(1, MOST_WHOLE))) yield { bytes: Buffer.from(whole), broken: false };
    }
    yield { bytes: mutate(corpus, words, random), broken: true };
  }
}

/** One broken input of at most 16 KB. */
function mutate(corpus: readonly Buffer[], words: readonly string[], random: Random): Buffer {
  let bytes: Buffer = Buffer.from(random.pick(corpus));
  const changes = random.int(1, MOST_CHANGES);
  for (let i = 0; i < changes; i++) {
    if (words.length > 0 && random.chance(0.25)) bytes = insert(bytes, anywhere(bytes, random), Buffer.from(random.pick(words), 'latin1'));
    else bytes = random.pick(CHANGES)(bytes, random, corpus);
  }
  return bytes.length > MAX_BYTES ? Buffer.from(bytes.subarray(0, MAX_BYTES)) : bytes;
}
