/** Every soak by its name. One more is one more line here, and `npm run test:soak -- NAME` runs it. */
import type { Random } from '../harness/random.ts';

export interface SoakContext {
  random: Random;
  /** How long its actors go on, min; setting up and the checks at the end come on top. */
  minutes: number;
  say: (text: string) => void;
}

/** Lets random actors loose for so long, then throws when something has grown, leaked or been left behind. */
export type Soak = (context: SoakContext) => Promise<void>;

export const SOAKS: Record<string, () => Promise<Soak>> = {
  'tv-keys': async () => (await import('../tv/random-keys.ts')).pressesRandomKeys,
  media: async () => (await import('./media.ts')).soakMedia,
};
