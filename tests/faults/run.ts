/**
 * `npm run test:faults [-- --seed N --storms N --only NAME]`. Goes on after a failure, says what failed with its seed and its folder, and
 * ends with a report. Exits 1 when anything failed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleMains } from '../harness/bundle.ts';
import { seeded } from '../harness/random.ts';
import { FAULTS } from './all.ts';
import { Report } from './report.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string' }, storms: { type: 'string', default: '100' }, only: { type: 'string' } },
});
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const storms = Number(values.storms);
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(storms) || storms < 1) throw new Error('--seed, --storms: expected whole numbers');
if (values.only !== undefined && !Object.hasOwn(FAULTS, values.only))
  throw new Error(`--only: expected one of ${Object.keys(FAULTS).join(', ')}`);

const report = new Report(seed);
const all = seeded(seed);
const failed: string[] = [];
const startedAt = performance.now();
const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;
const bundles = mkdtempSync(join(tmpdir(), 'shouwang-faults-'));
process.env.NODE_COMPILE_CACHE = join(bundles, 'compiled');
const mains = await bundleMains(bundles);
for (const [name, fault] of Object.entries(FAULTS)) {
  // Each has a source of its own, the same whether or not the others run.
  const random = all.fork();
  if (values.only !== undefined && values.only !== name) continue;
  const since = performance.now();
  try {
    await fault({ random, report, storms, short: false, mains, say: (text) => console.log(`  ${name}: ${text}`) });
    console.log(`${name}: all kept (${seconds(since)})`);
  } catch (error) {
    failed.push(name);
    console.log(`${name}: FAILED (${seconds(since)}); again with: npm run test:faults -- --seed ${seed} --storms ${storms} --only ${name}`);
    console.log((error as Error).stack);
  }
}
console.log(
  `\n${report.toText()}\n  ${failed.length === 0 ? 'every promise kept' : `FAILED: ${failed.join(', ')}`} (${seconds(startedAt)})`,
);
rmSync(bundles, { recursive: true, force: true });
process.exit(failed.length === 0 ? 0 : 1);
