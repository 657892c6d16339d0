/** Where things are. Everything that set-up makes is under `.tools/` of the checkout, or in the machine cache outside it. */
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Ours, outside the workspaces: Node, stamps, logs of set-up. */
export const tools = join(root, '.tools');

/** Output of the commands that set-up runs, one file each. */
export const logs = join(tools, 'logs');

/** What is made once a machine and shared by checkouts. @param {Record<string, string | undefined>} env */
export function machineCache(env) {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'shouwang');
}
