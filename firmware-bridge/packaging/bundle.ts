/** The bridge as one CommonJS file, made by the package's own build command. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const ESBUILD = fileURLToPath(new URL('../../node_modules/esbuild/bin/esbuild', import.meta.url));

/** Writes `dir/bridge.cjs`, and the licences of what is in it beside it. Throws what esbuild says, warnings too. */
export function bundle(dir: string, version: string): void {
  const { scripts } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { scripts: { build: string } };
  const args = scripts.build
    .split(' ')
    .slice(1)
    .filter((a) => !a.startsWith('--outfile'));
  const more = [`--outfile=${join(dir, 'bridge.cjs')}`, '--log-level=warning', `--define:SHOUWANG_VERSION="${version}"`];
  const built = spawnSync(process.execPath, [ESBUILD, ...args, ...more], { cwd: PACKAGE, encoding: 'utf8' });
  if (built.status !== 0 || built.stderr) throw new Error(`esbuild: ${built.stderr || built.error?.message}`);
}
