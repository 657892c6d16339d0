/**
 * mediasoup-worker, the first that works: `MEDIASOUP_WORKER_BIN`; the machine cache; what the package's own postinstall left;
 * the prebuilt download; the build from sources. Whatever it is, the self-test has passed with it before it is used.
 */
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { SetUpFailure } from '../failure.mjs';
import { withLock } from '../lock.mjs';
import { tools } from '../paths.mjs';
import { buildFromSources } from './build.mjs';
import { binaryIn, cacheFolder, proofIn, removeLeftovers, store } from './cache.mjs';
import { mediasoupVersion } from './package.mjs';
import { downloadPrebuilt, packageBinary } from './prebuilt.mjs';
import { selfTest, starts } from './prove.mjs';

/** The worker to run with. Only right once the step below is done. */
export function workerBinary() {
  return process.env.MEDIASOUP_WORKER_BIN || binaryIn(cacheFolder(mediasoupVersion()));
}

/** @type {import('../steps.mjs').Step} */
export const workerStep = {
  name: 'mediasoup-worker',
  async needed() {
    const version = mediasoupVersion();
    if (process.env.MEDIASOUP_WORKER_BIN) {
      return existsSync(markOfGiven(process.env.MEDIASOUP_WORKER_BIN, version)) ? undefined : 'testing the one of MEDIASOUP_WORKER_BIN';
    }
    const folder = cacheFolder(version);
    if (!proofIn(folder)) return `${version} is not in the machine cache yet`;
    if (!(await starts(binaryIn(folder)))) return 'the cached one does not start any more (a library has gone?)';
    linkIntoPackage(binaryIn(folder));
    return undefined;
  },
  async work(progress) {
    const version = mediasoupVersion();
    if (process.env.MEDIASOUP_WORKER_BIN) return testGiven(process.env.MEDIASOUP_WORKER_BIN, version);
    const folder = cacheFolder(version);
    const waiting = () => progress('another set-up is making it; waiting');
    const from = await withLock(`${folder}.lock`, waiting, () => obtain(folder, progress));
    linkIntoPackage(binaryIn(folder));
    return from;
  },
};

/** @param {string} folder @param {(text: string) => void} progress @returns {Promise<string>} */
async function obtain(folder, progress) {
  removeLeftovers(folder);
  // Somebody else may have made it while we waited for the lock.
  const proof = proofIn(folder);
  if (proof && (await starts(binaryIn(folder)))) return `${proof.from} (${proof.selfTest})`;
  if (isOwnFile(packageBinary) && (await accept(folder, packageBinary, "the package's own"))) return "the package's own, self-test passed";

  const prebuilt = await downloadPrebuilt(progress);
  if ('binary' in prebuilt && (await accept(folder, prebuilt.binary, 'prebuilt'))) return 'prebuilt one, self-test passed';
  // One that does not work here must not be found by accident.
  rmSync(packageBinary, { force: true });

  progress('no prebuilt one to be had: building it from its sources');
  return buildFromSources(folder, progress, async (binary) => {
    progress('self-test');
    const test = await selfTest(binary);
    if (!test.ok)
      throw new SetUpFailure('the self-test of the mediasoup-worker that was built', test.said, ['npm run setup   (tries once more)']);
    store(folder, binary, { from: 'built from sources', selfTest: test.said });
    return `built from sources (${test.said})`;
  });
}

/** Takes a binary into the cache if it passes. @param {string} folder @param {string} binary @param {string} from */
async function accept(folder, binary, from) {
  if (!(await starts(binary))) return false;
  const test = await selfTest(binary);
  if (!test.ok) return false;
  store(folder, binary, { from, selfTest: test.said });
  return true;
}

/** @param {string} binary @param {string} version */
async function testGiven(binary, version) {
  const test = existsSync(binary) ? await selfTest(binary) : { ok: false, said: 'there is no such file' };
  if (!test.ok)
    throw new SetUpFailure(`MEDIASOUP_WORKER_BIN=${binary} does not work with mediasoup ${version}`, test.said, [
      'unset MEDIASOUP_WORKER_BIN   (set-up then gets a worker itself)',
    ]);
  const mark = markOfGiven(binary, version);
  mkdirSync(dirname(mark), { recursive: true });
  writeFileSync(mark, `${test.said}\n`);
  return `${binary} (${test.said})`;
}

/** The mark that this very file was tested with this version. @param {string} binary @param {string} version */
function markOfGiven(binary, version) {
  const stat = existsSync(binary) ? statSync(binary) : undefined;
  const key = [binary, version, stat?.size, stat?.mtimeMs].join('\n');
  return join(tools, 'stamps', `worker-${createHash('sha256').update(key).digest('hex').slice(0, 16)}`);
}

/** Makes mediasoup find it without any variable, e.g. under a plain `npx vitest`. A real file of the package stays. @param {string} binary */
function linkIntoPackage(binary) {
  if (isOwnFile(packageBinary) || linkTarget(packageBinary) === binary) return;
  rmSync(packageBinary, { force: true });
  mkdirSync(dirname(packageBinary), { recursive: true });
  symlinkSync(binary, packageBinary);
}

/** @param {string} file */
function linkTarget(file) {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}

/** @param {string} file */
function isOwnFile(file) {
  try {
    return lstatSync(file).isFile();
  } catch {
    return false;
  }
}
