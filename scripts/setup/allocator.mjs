/**
 * The media node's memory allocator: jemalloc, in which what a crowd's pictures needed goes back to the kernel; glibc's keeps its highest level
 * (docs/decisions/0016-allocator.md). `JEMALLOC_LIB`; what the machine has; else apt. Without it everything runs.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import process from 'node:process';
import { SetUpFailure } from './failure.mjs';
import { optionalStep } from './optional.mjs';

const FILE = 'libjemalloc.so.2';
/** ld.so goes on without a library that it cannot load. */
const CHECK = `process.exit(require('fs').readFileSync('/proc/self/maps', 'latin1').includes('${FILE}') ? 0 : 1)`;
const CHECK_MS = 10_000;

/** @type {string | undefined} */
let usable;

/** The library to preload; empty: there is none. `JEMALLOC_LIB=` (empty): none is wanted. */
export function jemallocLibrary() {
  if (process.env.JEMALLOC_LIB !== undefined) return process.env.JEMALLOC_LIB;
  if (process.platform !== 'linux') return '';
  usable ??= libraries().find(loads);
  return usable ?? '';
}

/** Debian has a folder for each architecture, others one for all. */
function libraries() {
  const ofDebian = existsSync('/usr/lib') ? readdirSync('/usr/lib').filter((name) => name.includes('-linux-')) : [];
  return [...ofDebian.map((name) => `/usr/lib/${name}`), '/usr/lib64', '/usr/lib'].map((folder) => `${folder}/${FILE}`);
}

/** Whether Node runs with it: it may be of another architecture, or built for other pages than the kernel's. @param {string} file */
function loads(file) {
  if (!existsSync(file)) return false;
  return spawnSync(process.execPath, ['-e', CHECK], { env: { LD_PRELOAD: file }, stdio: 'ignore', timeout: CHECK_MS }).status === 0;
}

const byApt = optionalStep({
  name: 'memory allocator',
  pack: 'libjemalloc2',
  purpose: 'memory that goes back',
  found: () => jemallocLibrary() !== '',
});

/** @type {import('./steps.mjs').Step} */
export const allocatorStep = {
  ...byApt,
  async needed() {
    const given = process.env.JEMALLOC_LIB;
    if (given && !existsSync(given))
      throw new SetUpFailure(`JEMALLOC_LIB=${given} cannot be loaded`, 'there is no such file', [
        'unset JEMALLOC_LIB   (set-up then finds or installs one)',
      ]);
    return given !== undefined || process.platform !== 'linux' ? undefined : byApt.needed();
  },
};
