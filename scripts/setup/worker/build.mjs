/** Builds the worker from the sources in the mediasoup package against the distribution's libraries: about 7 minutes of processor time. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installPackages, missingPackages } from '../apt.mjs';
import { runCommand } from '../command.mjs';
import { SetUpFailure } from '../failure.mjs';
import { packageFolder } from './package.mjs';
import { copySources } from './sources.mjs';

export const BUILD_PACKAGES = [
  'meson',
  'ninja-build',
  'pkg-config',
  'g++',
  'libuv1-dev',
  'libssl-dev',
  'libsrtp2-dev',
  'libflatbuffers-dev',
  'flatbuffers-compiler',
  'flatbuffers-compiler-dev',
];

/**
 * @template T
 * @param {string} nearby a path beside which the build may write (the machine cache)
 * @param {(text: string) => void} progress
 * @param {(binary: string) => Promise<T>} use gets the binary, which is gone afterwards
 * @returns {Promise<T>}
 */
export async function buildFromSources(nearby, progress, use) {
  const missing = await missingPackages(BUILD_PACKAGES);
  if (missing.length > 0) await installPackages(missing, 'building mediasoup-worker', progress);
  mkdirSync(dirname(nearby), { recursive: true });
  const folder = mkdtempSync(`${nearby}.build-`);
  try {
    const sources = join(folder, 'worker');
    try {
      copySources(join(packageFolder, 'worker'), sources);
    } catch (error) {
      throw new SetUpFailure(
        'preparing the sources of mediasoup-worker',
        error instanceof Error ? error.message : String(error),
        OTHERWISE,
      );
    }
    const options = ['--buildtype', 'release', '-Db_ndebug=true', '-Dms_use_builtin_bwe=true'];
    await must('worker-meson', 'meson', ['setup', 'build', ...options], sources, progress);
    await must('worker-ninja', 'ninja', ['-C', 'build', 'mediasoup-worker'], sources, (line) => {
      const step = /^\[(\d+)\/(\d+)\]/.exec(line);
      if (step) progress(`compiled ${step[1]} of ${step[2]}`);
    });
    return await use(join(sources, 'build/mediasoup-worker'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const OTHERWISE = ['export MEDIASOUP_WORKER_BIN=/path/to/a/mediasoup-worker   (of the same mediasoup version), then start again'];

/** @param {string} name @param {string} command @param {string[]} args @param {string} cwd @param {(line: string) => void} onLine */
async function must(name, command, args, cwd, onLine) {
  const result = await runCommand(command, args, { name, cwd, onLine });
  if (!result.ok) throw new SetUpFailure(`${command} (mediasoup-worker)`, `${result.tail}\n(all of it: ${result.log})`, OTHERWISE);
}
