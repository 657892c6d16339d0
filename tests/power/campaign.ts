/** What both campaigns of power cuts have in common: their options, and what they report. */
import type { Finding, Promises } from '../faults/promises.ts';
import type { Random } from '../harness/random.ts';
import type { Images } from './images.ts';
import type { DiskCounts } from './volatile-disk.ts';

export interface CampaignOptions {
  images: Images;
  /** Where disks and logs are. */
  dir: string;
  cuts: number;
  random: Random;
  /** The data disk at first. */
  disk: Buffer;
  withoutFsync: boolean;
  say(text: string): void;
}

export interface CampaignReport {
  what: 'broker' | 'bridge';
  cuts: number;
  /** Cuts while the guest was still starting, e.g. in the middle of the recovery from the last cut. */
  cutsWhileStarting: number;
  promises: Promises;
  cases: number;
  disk: DiskCounts;
  problems: string[];
}

/** One line about one cut. */
export function cutLine(n: number, when: string, promises: Promises, found: Finding): string {
  const { sent, stored, received } = promises;
  const counts = `sent ${sent.size}, stored ${stored.size}, received ${received.size}, cases ${found.cases}, ledger rows ${found.ledgerRows}`;
  const verdict = found.problems.length === 0 ? 'all kept' : `BROKEN: ${found.problems.slice(0, 3).join('; ')}`;
  return `cut ${n} ${when}: ${counts}: ${verdict}`;
}

/** The instant of a cut is a time, by its nature. */
export const anInstant = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
