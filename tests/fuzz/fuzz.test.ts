/** A short, seeded set of what `npm run test:fuzz` tries a million times. */
import { describe, expect, it } from 'vitest';
import { seeded } from '../harness/random.ts';
import { inputs } from './mutate.ts';
import { budget, TARGETS } from './targets.ts';

const SEED = 20_261_126;
const COUNT = 3000;

describe.each(Object.keys(TARGETS))('the parser of %s', (name) => {
  it(`takes ${COUNT} broken inputs, and gives out no more than they can account for`, () => {
    const target = TARGETS[name]!;
    const random = seeded(SEED);
    const parse = target.open(random.fork());
    const account = budget();
    let broken = 0;
    for (const input of inputs(target, random)) {
      try {
        account(input.bytes, parse(Buffer.from(input.bytes)));
      } catch (error) {
        throw new Error(`input ${broken}: ${input.bytes.toString('hex').slice(0, 2000)}`, { cause: error });
      }
      if (input.broken && ++broken === COUNT) break;
    }
  });

  it('takes what is whole', () => {
    const { corpus, open } = TARGETS[name]!;
    const parse = open(seeded(SEED));
    expect(corpus.reduce((sum, input) => sum + parse(Buffer.from(input)).things, 0)).toBeGreaterThan(0);
  });
});

it('the same seed makes the same inputs', () => {
  const made = () => {
    const found: string[] = [];
    for (const { bytes } of inputs(TARGETS.h264!, seeded(7))) if (found.push(bytes.toString('hex')) === 50) return found;
  };
  expect(made()).toEqual(made());
});
