/**
 * The media node's memory allocator: jemalloc, in which freed pieces of a crowd's pictures go back to the kernel; glibc's keeps them at their highest
 * level (docs/decisions/0016-allocator.md). `JEMALLOC_LIB`; what the machine has; else apt. Without it everything runs.
 */
import { existsSync } from 'node:fs';
import process from 'node:process';
import { installPackages } from './apt.mjs';
import { SetUpFailure } from './failure.mjs';

const PACKAGE = 'libjemalloc2';
const FILE = 'libjemalloc.so.2';

/** Debian's names of architectures in its library folders. @type {Partial<Record<NodeJS.Architecture, string>>} */
const MULTIARCH = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };

/** The library to preload, if there is one. `JEMALLOC_LIB=` (empty): none is wanted. */
export function jemallocLibrary() {
  if (process.env.JEMALLOC_LIB !== undefined) return process.env.JEMALLOC_LIB;
  const folders = [`/usr/lib/${MULTIARCH[process.arch]}`, '/usr/lib64', '/usr/lib'];
  return folders.map((folder) => `${folder}/${FILE}`).find((file) => existsSync(file)) ?? '';
}

/** @type {import('./steps.mjs').Step} */
export const allocatorStep = {
  name: 'memory allocator',
  async needed() {
    const given = process.env.JEMALLOC_LIB;
    if (given && !existsSync(given))
      throw new SetUpFailure(`JEMALLOC_LIB=${given} cannot be loaded`, 'there is no such file', [
        'unset JEMALLOC_LIB   (set-up then finds or installs one)',
      ]);
    if (given !== undefined || process.platform !== 'linux') return undefined;
    return jemallocLibrary() ? undefined : 'no jemalloc found';
  },
  async work(progress) {
    try {
      await installPackages([PACKAGE], 'memory that goes back', progress);
      return 'installed by apt';
    } catch (error) {
      if (!(error instanceof SetUpFailure)) throw error;
      return `going on without; so that more of a crowd's memory goes back type: ${error.type.join(' ')}`;
    }
  },
};
