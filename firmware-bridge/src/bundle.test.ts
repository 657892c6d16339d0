/** What is shipped to boxes: one CommonJS file, made by the package's own build command. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bundle } from '../packaging/bundle.ts';

it('bundles without a warning for Node 20 into one file that runs by itself', () => {
  const dir = mkdtempSync(join(tmpdir(), 'bridge-bundle-'));
  const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { scripts: { build: string } };
  expect(scripts.build).toContain('--target=node20');
  bundle(dir, '7.8.9');
  const out = join(dir, 'bridge.cjs');
  expect(readFileSync(out, 'utf8')).toContain('7.8.9');

  const ran = spawnSync(process.execPath, [out], { cwd: dir, env: { SHOUWANG_BRIDGE_PLATFORM: 'evdev' }, encoding: 'utf8' });
  expect(ran.stderr).toMatch(/^CONFIG_INVALID: box\.secretFile: /);
  expect(ran.status).toBe(78);
  rmSync(dir, { recursive: true, force: true });
});
