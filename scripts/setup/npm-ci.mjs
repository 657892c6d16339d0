/**
 * The packages of package-lock.json. Whether they are there is read from npm's own record (`node_modules/.package-lock.json`),
 * not from a mark of ours: a person's own `npm ci` or `npm install` counts as much as this one.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { SetUpFailure } from './failure.mjs';
import { nodeBinary, pathWithNode } from './node.mjs';
import { npmError, runNpm } from './npm.mjs';
import { root } from './paths.mjs';

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {string} [resolved]
 * @property {boolean} [link]
 * @property {boolean} [optional] may be absent: it is for another system, or failed to install
 */

/** @type {import('./steps.mjs').Step} */
export const npmCiStep = {
  name: 'npm packages',
  async needed() {
    const installed = lockedPackages(join(root, 'node_modules', '.package-lock.json'));
    if (!installed) return 'node_modules is not there yet: npm ci';
    const changed = outdated(lockedPackages(join(root, 'package-lock.json')) ?? {}, installed);
    return changed.length === 0 ? undefined : `package-lock.json has changed (${changed.length} packages, e.g. ${changed[0]}): npm ci`;
  },
  async work(progress) {
    let fetched = 0;
    const result = await runNpm(nodeBinary(), ['ci', '--ignore-scripts', '--include=dev', '--include=optional'], {
      name: 'npm-ci',
      env: { ...process.env, PATH: pathWithNode(process.env) },
      onLine: (line) => {
        if (line.includes(' http ')) progress(`${++fetched} requests to the registry`);
      },
    });
    if (!result.ok)
      throw new SetUpFailure('npm ci', npmError(result), [
        'npm ping      (does npm reach its registry?)',
        'npm install   (where package.json and package-lock.json do not agree)',
      ]);
    return 'installed';
  },
};

/**
 * Names of packages that are locked but not installed at that version.
 * @param {Record<string, LockedPackage>} locked @param {Record<string, LockedPackage>} installed
 */
export function outdated(locked, installed) {
  return Object.entries(locked)
    .filter(([path, entry]) => {
      if (path === '') return false;
      const found = installed[path];
      if (!found) return !entry.optional;
      return found.version !== entry.version || Boolean(found.link) !== Boolean(entry.link);
    })
    .map(([path]) => path.replace(/^node_modules\//, ''));
}

/** @param {string} file @returns {Record<string, LockedPackage> | undefined} */
function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
