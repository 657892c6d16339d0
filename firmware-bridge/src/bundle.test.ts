/** What is shipped to boxes: one CommonJS file, made by the package's own build command. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const ESBUILD = fileURLToPath(new URL('../../node_modules/esbuild/bin/esbuild', import.meta.url));

it('bundles without a warning for Node 20 into one file that runs by itself', () => {
  const dir = mkdtempSync(join(tmpdir(), 'bridge-bundle-'));
  const { scripts } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { scripts: { build: string } };
  const args = scripts.build.split(' ').slice(1);
  expect(args).toContain('--target=node20');
  const out = join(dir, 'bridge.cjs');
  const built = spawnSync(
    process.execPath,
    [ESBUILD, ...args.filter((a) => !a.startsWith('--outfile')), `--outfile=${out}`, '--log-level=warning'],
    {
      cwd: PACKAGE,
      encoding: 'utf8',
    },
  );
  expect(built).toMatchObject({ status: 0, stderr: '' });

  const ran = spawnSync(process.execPath, [out], { cwd: dir, env: { SHOUWANG_BRIDGE_PLATFORM: 'evdev' }, encoding: 'utf8' });
  expect(ran.stderr).toMatch(/^CONFIG_INVALID: box\.secretFile: /);
  expect(ran.status).toBe(78);
  rmSync(dir, { recursive: true, force: true });
});
