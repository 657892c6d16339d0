/** `node bridge.cjs [--config FILE] update FILE`: installs a version by hand; it is on trial at the bridge's next start. */
import { readFileSync } from 'node:fs';
import { CodedError } from '@shouwang/protocol';
import type { BridgeConfig } from '../config.ts';
import { checkOwner } from '../owner.ts';
import { nodeSlotFs } from './slot-fs.ts';
import { createSlots } from './slots.ts';
import { installPackage } from './update.ts';

/** Where `install.sh` puts the versions. `SHOUWANG_SLOTS` names another place, for `launch.sh` too. */
const DEFAULT_ROOT = '/var/lib/shouwang-bridge';

/** Returns what is to be said. Throws what `installPackage` throws, BAD_PAYLOAD for a file that cannot be read, and like `checkOwner`. */
export async function updateCommand(file: string, config: BridgeConfig, env: NodeJS.ProcessEnv): Promise<string> {
  let packed: Buffer;
  try {
    packed = readFileSync(file);
  } catch (error) {
    throw new CodedError('BAD_PAYLOAD', `${file}: cannot be read: ${(error as Error).message}`);
  }
  const root = env.SHOUWANG_SLOTS ?? DEFAULT_ROOT;
  checkOwner(root);
  const slots = createSlots(root, nodeSlotFs);
  const version = await installPackage(slots, packed, config.update.keys);
  return `version ${version} is installed; it is on trial at the next start of the bridge\n`;
}
