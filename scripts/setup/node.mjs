/**
 * The Node that everything runs with: the one we run under where it is new enough, otherwise the exact `node-<os>-<arch>`
 * package of the npm registry, in `.tools/` (outside the workspaces). It carries the binary and needs no install script.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { SetUpFailure } from './failure.mjs';
import { npmError, runNpm } from './npm.mjs';
import { tools } from './paths.mjs';

export const NODE_VERSION = '24.21.0';
/** TypeScript runs without a flag from here on. */
const OLDEST = [22, 18];

/** Whether TypeScript runs directly under this version. @param {string} version e.g. `20.20.2` */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const [oldMajor = 0, oldMinor = 0] = OLDEST;
  return major > oldMajor || (major === oldMajor && minor >= oldMinor);
}

/** The registry's package for this machine. */
export function nodePackage(platform = process.platform, arch = process.arch) {
  return `node-${platform === 'win32' ? 'win' : platform}-${arch === 'arm' ? 'armv7l' : arch}`;
}

const home = join(tools, 'node_modules', nodePackage());

/** The Node to run with. Only right once the step below is done. */
export function nodeBinary() {
  if (isNewEnough(process.versions.node)) return process.execPath;
  return join(home, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/** PATH with that Node in front, so that children's children use it too. @param {NodeJS.ProcessEnv} env */
export function pathWithNode(env) {
  return [dirname(nodeBinary()), env.PATH].filter(Boolean).join(delimiter);
}

/** @type {import('./steps.mjs').Step} */
export const nodeStep = {
  name: 'Node',
  async needed() {
    if (isNewEnough(process.versions.node) || installedVersion() === NODE_VERSION) return undefined;
    return `this is ${process.versions.node}; fetching ${NODE_VERSION} into .tools/`;
  },
  async work() {
    mkdirSync(join(tools, 'node_modules'), { recursive: true });
    // What an interrupted set-up left.
    for (const name of readdirSync(tools)) if (name.startsWith('node-')) rmSync(join(tools, name), { recursive: true, force: true });
    const fresh = mkdtempSync(join(tools, 'node-'));
    try {
      writeFileSync(join(fresh, 'package.json'), '{ "private": true }\n');
      const name = nodePackage();
      const args = ['install', '--prefix', fresh, '--ignore-scripts', '--no-package-lock', `${name}@${NODE_VERSION}`];
      const result = await runNpm(process.execPath, args, { name: 'node', cwd: fresh });
      if (!result.ok)
        throw new SetUpFailure(`npm install ${name}@${NODE_VERSION}`, npmError(result), [
          'npm ping      (does npm reach its registry?)',
          `or install Node ${OLDEST.join('.')} or newer yourself and start again`,
        ]);
      rmSync(home, { recursive: true, force: true });
      renameSync(join(fresh, 'node_modules', name), home);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
    return `${NODE_VERSION} is in .tools/`;
  },
};

function installedVersion() {
  try {
    if (!existsSync(nodeBinary())) return undefined;
    return JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')).version;
  } catch {
    return undefined;
  }
}
