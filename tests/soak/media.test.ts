/** A short, seeded piece of `npm run test:soak -- media`. */
import { it } from 'vitest';
import { seeded } from '../harness/random.ts';
import { soakMedia } from './media.ts';

it('viewers who come, go and die leave nothing behind', { timeout: 600_000 }, async () => {
  const context = { random: seeded(20_261_126), minutes: 0.6, say: () => undefined };
  await soakMedia(context, { viewers: 6, spareBytes: 24 * 2 ** 20, mayVanish: [0, 0.2], ringS: 5 });
});
