/** The installed mediasoup package: where it is, and which version. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths.mjs';

export const packageFolder = join(root, 'node_modules/mediasoup');

/** @returns {string} */
export function mediasoupVersion() {
  return JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')).version;
}
