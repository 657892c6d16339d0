/**
 * Set-up: makes a fresh clone ready to start or to test, and does nothing where it is. What it needs is asked of the machine
 * each time (npm's own record, dpkg, the binaries), so that whatever a person did by hand counts.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { allocatorStep, jemallocLibrary } from './allocator.mjs';
import { endRunningCommands } from './command.mjs';
import { SetUpFailure } from './failure.mjs';
import { ffmpegBinary, ffmpegStep } from './ffmpeg.mjs';
import { withLock } from './lock.mjs';
import { nodeBinary, nodeStep, pathWithNode } from './node.mjs';
import { npmCiStep } from './npm-ci.mjs';
import { fontStep, testPackagesStep } from './packages.mjs';
import { pagesStep } from './pages.mjs';
import { tools } from './paths.mjs';
import { runSteps } from './steps.mjs';
import { workerBinary, workerStep } from './worker/step.mjs';

/** @typedef {'start' | 'test' | 'check'} Purpose `check` reads sources only: it needs no binaries and no pages */

/** @param {Purpose} purpose */
function stepsFor(purpose) {
  const sources = [nodeStep, npmCiStep];
  if (purpose === 'check') return sources;
  return [...sources, purpose === 'test' ? testPackagesStep : fontStep, allocatorStep, ffmpegStep, workerStep, pagesStep];
}

/**
 * @param {Purpose} purpose
 * @returns {Promise<{ node: string, env: NodeJS.ProcessEnv }>} the Node to run with, and the environment that names what set-up found
 */
export async function setUp(purpose) {
  const onSignal = () => {
    console.error('\nSet-up: stopping …');
    void endRunningCommands().then(() => process.exit(130));
  };
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  for (const signal of signals) process.on(signal, onSignal);
  mkdirSync(tools, { recursive: true });
  const waiting = () => console.error('Set-up: another one is at work in this checkout; waiting for it …');
  await withLock(join(tools, 'set-up.lock'), waiting, () => runSteps(stepsFor(purpose)));
  for (const signal of signals) process.off(signal, onSignal);

  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, PATH: pathWithNode(process.env) };
  if (purpose !== 'check') {
    env.MEDIASOUP_WORKER_BIN = workerBinary();
    env.FFMPEG_BIN = ffmpegBinary();
    env.JEMALLOC_LIB = jemallocLibrary();
  }
  return { node: nodeBinary(), env };
}

/** Prints a failed set-up as what, why, what to type, and exits 1; any other error is shown whole. @param {unknown} error @returns {Promise<never>} */
export async function exitWith(error) {
  await endRunningCommands();
  console.error(error instanceof SetUpFailure ? error.toText() : error);
  process.exit(1);
}
