/** The binary that mediasoup's makers publish, by the package's own postinstall, run by name. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { runDownload } from '../download.mjs';
import { nodeBinary, pathWithNode } from '../node.mjs';
import { packageFolder } from './package.mjs';

/** Where the package keeps its binary; also what a person's own `npm ci --ignore-scripts=false` leaves there. */
export const packageBinary = join(
  packageFolder,
  'worker/out/Release',
  process.platform === 'win32' ? 'mediasoup-worker.exe' : 'mediasoup-worker',
);

/**
 * @param {(text: string) => void} progress
 * @returns {Promise<{ binary: string } | { why: string }>}
 */
export async function downloadPrebuilt(progress) {
  progress('asking for the prebuilt worker');
  rmSync(packageBinary, { force: true });
  const result = await runDownload(nodeBinary(), ['npm-scripts.mjs', 'postinstall'], {
    name: 'worker-prebuilt',
    cwd: packageFolder,
    env: { ...process.env, PATH: pathWithNode(process.env), MEDIASOUP_WORKER_BIN: '' },
    file: packageBinary,
    // What follows would build it with tools from a Python package index; ours is the better way.
    giveUpOn: /couldn't fetch any mediasoup-worker prebuilt/,
    progress,
  });
  if (result.ok && existsSync(packageBinary)) return { binary: packageBinary };
  for (const left of ['out', 'prebuild', 'pip_invoke']) rmSync(join(packageFolder, 'worker', left), { recursive: true, force: true });
  return { why: result.ended ?? result.tail };
}
