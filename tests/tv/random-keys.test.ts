/** A short, seeded piece of `npm run test:soak -- tv-keys`. */
import { it } from 'vitest';
import { seeded } from '../harness/random.ts';
import { pressesRandomKeys } from './random-keys.ts';

it('random keys for a while: nothing is thrown, nothing loses its highlight, nothing grows', { timeout: 300_000 }, async () => {
  await pressesRandomKeys({ random: seeded(5), minutes: 0.6, say: () => {} });
});
