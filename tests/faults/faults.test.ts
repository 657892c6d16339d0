/** A short, seeded set of the faults that `npm run test:faults` tries at length. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, it } from 'vitest';
import { bundleMains, type Mains } from '../harness/bundle.ts';
import { seeded } from '../harness/random.ts';
import { FAULTS } from './all.ts';
import { Report } from './report.ts';

const SEED = 20_261_125;
/** Those that take long to be noticed are left to the long run. */
const SHORT = ['kills', 'centre-disk-full', 'hour-away', 'bad-packets', 'box-clock-jumps', 'centre-clock-jumps'];

const dir = mkdtempSync(join(tmpdir(), 'shouwang-faults-'));
let mains: Mains;
beforeAll(async () => {
  mains = await bundleMains(dir);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it.each(SHORT)('%s: what was received is one case, what was stored is not lost', { timeout: 300_000 }, async (name) => {
  const context = { random: seeded(SEED), report: new Report(SEED), storms: 2, short: true, mains, say: () => undefined };
  await FAULTS[name]?.(context);
});
