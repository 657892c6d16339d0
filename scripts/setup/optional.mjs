/** Debian packages without which everything runs, only less well: asked for once a day, with little patience. */
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages } from './apt.mjs';
import { SetUpFailure } from './failure.mjs';
import { tools } from './paths.mjs';

/** So long after it could not be had, a package is not asked for again: each try may wait for a network that is not there. */
const AGAIN_MS = 24 * 3600_000;

/**
 * @param {object} options
 * @param {string} options.name of the step
 * @param {string} options.pack the package's name
 * @param {string} options.purpose what it is for, in words
 * @param {() => Promise<boolean> | boolean} options.found whether what it brings is there
 * @param {string} [options.folder] where it is kept that it could not be had
 * @param {() => number} [options.now] ms since 1970
 * @param {typeof installPackages} [options.install]
 * @returns {import('./steps.mjs').Step}
 */
export function optionalStep({ name, pack, purpose, found, folder = tools, now = Date.now, install = installPackages }) {
  const failed = join(folder, `no-${pack}`);
  const failedLately = () => {
    const at = statSync(failed, { throwIfNoEntry: false })?.mtimeMs;
    return at !== undefined && now() - at < AGAIN_MS;
  };
  return {
    name,
    needed: async () => ((await found()) || failedLately() ? undefined : 'none found'),
    async work(progress) {
      try {
        await install([pack], purpose, progress, { patient: false });
        if (await found()) return 'installed by apt';
        throw new SetUpFailure(name, `${pack} is installed, and of no use here`, []);
      } catch (error) {
        if (!(error instanceof SetUpFailure)) throw error;
        mkdirSync(folder, { recursive: true });
        writeFileSync(failed, '');
        return ['going on without', ...(error.type.length > 0 ? [`for ${purpose} type: ${error.type.join(' ')}`] : [])].join('; ');
      }
    },
  };
}
