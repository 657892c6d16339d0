/** `node bridge.cjs update FILE [--root DIR] [--config FILE]`: installs a version by hand; it is on trial at the bridge's next start. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CodedError } from '@shouwang/protocol';
import { loadConfig } from '../load-config.ts';
import { nodeSlotFs } from './slot-fs.ts';
import { createSlots } from './slots.ts';
import { installPackage } from './update.ts';

/** Where `install.sh` puts the versions. */
const DEFAULT_ROOT = '/var/lib/shouwang-bridge';

/** Throws what `installPackage` throws, CONFIG_INVALID for a bad command line. */
export async function updateCommand(args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  let parsed: { values: { root?: string; config?: string }; positionals: string[] };
  try {
    parsed = parseArgs({ args, allowPositionals: true, options: { root: { type: 'string' }, config: { type: 'string' } } });
  } catch (error) {
    throw new CodedError('CONFIG_INVALID', `command line: ${(error as Error).message}`);
  }
  const { values, positionals } = parsed;
  const [file] = positionals;
  if (file === undefined || positionals.length > 1)
    throw new CodedError('CONFIG_INVALID', 'command line: update FILE [--root DIR] [--config FILE]');
  const { update } = loadConfig(values.config, env);
  let packed: Buffer;
  try {
    packed = readFileSync(file);
  } catch (error) {
    throw new CodedError('BAD_PAYLOAD', `${file}: cannot be read: ${(error as Error).message}`);
  }
  const slots = createSlots(values.root ?? env.SHOUWANG_SLOTS ?? DEFAULT_ROOT, nodeSlotFs);
  return installPackage(slots, packed, update.keys);
}
