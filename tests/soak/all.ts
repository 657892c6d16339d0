/** Every soak by its name, and how long it lasts unless said. One more is one more line here, and `npm run test:soak -- NAME` runs it. */
import type { Random } from '../harness/random.ts';

export interface SoakContext {
  random: Random;
  /** How long its actors go on, min; setting up and the checks at the end come on top. */
  minutes: number;
  say: (text: string) => void;
}

/** Lets random actors loose for so long, then throws when something has grown, leaked or been left behind. */
export type Soak = (context: SoakContext) => Promise<void>;

export interface SoakEntry {
  /** How long, unless said; min. */
  minutes: number;
  load: () => Promise<Soak>;
}

export const SOAKS: Record<string, SoakEntry> = {
  'tv-keys': { minutes: 120, load: async () => (await import('../tv/random-keys.ts')).pressesRandomKeys },
  media: { minutes: 30, load: async () => (await import('./media.ts')).soakMedia },
};
