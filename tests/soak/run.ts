/**
 * `npm run test:soak [-- NAME… --minutes N --seed N]`. Without a name all soaks, one after the other; without minutes each for as long as
 * the list says. Goes on after a failure, says with which seed to do it again, and exits 1 when anything failed.
 */
import { parseArgs } from 'node:util';
import { seeded } from '../harness/random.ts';
import { SOAKS } from './all.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: 'string' }, seed: { type: 'string' } },
});
const wanted = values.minutes === undefined ? undefined : Number(values.minutes);
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const known = Object.keys(SOAKS);
const unknown = positionals.filter((name) => !Object.hasOwn(SOAKS, name));
if (unknown.length > 0 || (wanted !== undefined && !(wanted > 0)) || !Number.isSafeInteger(seed)) {
  console.error(`usage: npm run test:soak [-- NAME… --minutes N --seed N]\nknown soaks: ${known.join(', ')}`);
  process.exit(2);
}

const failed: string[] = [];
for (const name of positionals.length > 0 ? positionals : known) {
  const startedAt = performance.now();
  const soak = SOAKS[name]!;
  const minutes = wanted ?? soak.minutes;
  const took = () => `${((performance.now() - startedAt) / 60_000).toFixed(1)} min`;
  console.log(`${name}: ${minutes} min, seed ${seed}`);
  try {
    const run = await soak.load();
    // The same seed gives a soak the same choices, whichever others run.
    await run({ random: seeded(seed), minutes, say: (text) => console.log(`  ${name}: ${text}`) });
    console.log(`${name}: nothing grew (${took()})`);
  } catch (error) {
    failed.push(name);
    console.log(`${name}: FAILED (${took()}); again with: npm run test:soak -- ${name} --minutes ${minutes} --seed ${seed}`);
    console.log((error as Error).stack);
  }
}
process.exit(failed.length === 0 ? 0 : 1);
