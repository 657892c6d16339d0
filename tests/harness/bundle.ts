/** The product's processes as one file each, where a test starts them hundreds of times or has no checkout beside them. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ROOT } from './service.ts';

export interface Mains {
  broker: string;
  /** A simulated box. */
  box: string;
}

/** CommonJS packages inside an ES module bundle want these. */
const BANNER = [
  "import { createRequire as makeRequire } from 'node:module';",
  "import { dirname as folderOf } from 'node:path';",
  'const require = makeRequire(import.meta.url);',
  'const __filename = import.meta.filename;',
  'const __dirname = folderOf(__filename);',
].join('\n');

/** Bundles a file of the checkout with all that it imports. */
export async function bundle(from: string, to: string): Promise<void> {
  await build({
    entryPoints: [join(ROOT, from)],
    outfile: to,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    minify: true,
    keepNames: true,
    banner: { js: BANNER },
    logLevel: 'error',
  });
}

/** The centre, with its store's thread beside it under the name by which it starts it. */
export async function bundleBroker(dir: string): Promise<string> {
  mkdirSync(dir, { recursive: true });
  await bundle('broker/src/main.ts', join(dir, 'broker.mjs'));
  await bundle('broker/src/store/worker.ts', join(dir, 'worker.ts'));
  return join(dir, 'broker.mjs');
}

export async function bundleMains(dir: string): Promise<Mains> {
  const broker = await bundleBroker(dir);
  const box = join(dir, 'box.mjs');
  await bundle('firmware-bridge/simulator/main.ts', box);
  return { broker, box };
}
