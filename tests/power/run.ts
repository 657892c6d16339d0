/**
 * `npm run test:power [-- --cuts N --seed N --only broker|bridge --without-fsync]`. A guest with the centre, then one with boxes, each
 * loses its power N times. Exits 1 when a promise was broken, and keeps disks and logs. With `--without-fsync` the guests' fsync does
 * nothing, and it exits 1 when no loss is found: the rig itself is then at fault.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seeded } from '../harness/random.ts';
import type { World } from '../harness/world.ts';
import { bridgeFiles, bridgeWorld, cutBridge } from './bridge-cuts.ts';
import { brokerFiles, brokerWorld, cutBroker } from './broker-cuts.ts';
import type { CampaignOptions, CampaignReport } from './campaign.ts';
import { emptyDisk, makeImages } from './images.ts';

const { values } = parseArgs({
  options: {
    system: { type: 'string' },
    cuts: { type: 'string', default: '20' },
    seed: { type: 'string' },
    only: { type: 'string' },
    'without-fsync': { type: 'boolean', default: false },
  },
});
if (!values.system) throw new Error('--system: expected the folder of the guest system; use npm run test:power');
const system = values.system;
const cuts = Number(values.cuts);
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const withoutFsync = values['without-fsync'];
const random = seeded(seed);
const dir = mkdtempSync(join(tmpdir(), 'shouwang-power-'));
const startedAt = performance.now();
console.log(`power cuts: ${cuts} each, seed ${seed}, in ${dir}${withoutFsync ? ', with fsync switched off in the guests' : ''}`);

const reports: CampaignReport[] = [];
for (const [what, make, files, cut] of [
  ['broker', brokerWorld, brokerFiles, cutBroker],
  ['bridge', bridgeWorld, bridgeFiles, cutBridge],
] as const) {
  if (values.only !== undefined && values.only !== what) continue;
  const world: World = make();
  try {
    const options: CampaignOptions = {
      images: await makeImages(system, dir, files(world)),
      dir,
      cuts,
      random: random.fork(),
      disk: emptyDisk(dir),
      withoutFsync,
      say: (text) => console.log(`${what}: ${text}`),
    };
    reports.push(await cut(options, world));
  } finally {
    await world.ends();
  }
}

console.log(`\nReport (seed ${seed}, ${Math.round((performance.now() - startedAt) / 1000)} s)`);
for (const { what, cuts: n, cutsWhileStarting, promises, cases, disk, problems } of reports) {
  const { sent, stored, received } = promises;
  console.log(`${what}: ${n} cuts (${cutsWhileStarting} of them while starting)`);
  console.log(`  alarms: ${sent.size} pressed or sent, ${stored.size} shown as stored, ${received.size} received, ${cases} cases`);
  console.log(
    `  disk: ${disk.writes} writes, ${disk.flushes} flushes; ${disk.unflushed} sectors in the cache at the cuts, ${disk.lost} of them lost`,
  );
  console.log(problems.length === 0 ? '  every promise kept' : `  BROKEN ${problems.length} times:`);
  for (const problem of problems.slice(0, 20)) console.log(`    ${problem}`);
}
const losses = reports.some((r) => r.problems.length > 0);
const failed = withoutFsync ? reports.some((r) => r.problems.length === 0) : losses;
if (withoutFsync)
  console.log(failed ? 'No loss was found without fsync: the rig sees nothing.' : 'Without fsync there are losses, as there must be.');
if (failed && !withoutFsync) console.log(`Again with: npm run test:power -- --seed ${seed} --cuts ${cuts}\nkept: ${dir}`);
else rmSync(dir, { recursive: true, force: true });
process.exitCode = failed ? 1 : 0;
