/** Updates of a bridge that `launch.sh` started: proves the running version, takes new ones, says what went wrong. */
import { CodedError } from '@shouwang/protocol';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { BridgeConfig } from '../config.ts';
import type { Faults } from '../faults/register.ts';
import { BRIDGE_VERSION } from '../version.ts';
import { createUpdateInbox, type UpdateInbox } from './inbox.ts';
import { openPackage } from './package.ts';
import { nodeSlotFs, type SlotFs } from './slot-fs.ts';
import { createSlots, type Slots } from './slots.ts';

export interface UpdateDeps {
  /** Root of the versions. */
  root: string;
  settings: BridgeConfig['update'];
  clock: Clock;
  log: Logger;
  faults: Pick<Faults, 'begin' | 'clear'>;
  /** A version waits for its trial: ends the bridge as soon as nothing is lost by it. */
  restart(): void;
  fs?: SlotFs;
  /** The running version. */
  version?: string;
}

export interface UpdateService {
  start(): Promise<void>;
  /** The centre was reached with this version. Never throws. */
  reached(): Promise<void>;
  close(): Promise<void>;
}

/** Checks a package and puts it on trial. Resolves with its version. Throws like `openPackage`, and what the file system throws. */
export async function installPackage(slots: Slots, packed: Uint8Array, keys: BridgeConfig['update']['keys']): Promise<string> {
  if (keys.length === 0) throw new CodedError('SIGNATURE_INVALID', 'update.keys: this box trusts no key');
  const node = Number(process.versions.node.split('.')[0]);
  const pack = openPackage(packed, { keys, current: await slots.version('current'), node });
  await slots.install(pack);
  return pack.manifest.version;
}

export function createUpdate(deps: UpdateDeps): UpdateService {
  const { log, faults, settings, version = BRIDGE_VERSION } = deps;
  const slots = createSlots(deps.root, deps.fs ?? nodeSlotFs);
  let proven = false;
  const inbox: UpdateInbox | undefined = settings.inboxDir
    ? createUpdateInbox({
        dir: settings.inboxDir,
        clock: deps.clock,
        log,
        install: (packed) => installPackage(slots, packed, settings.keys),
        installed: () => {
          faults.clear('update');
          deps.restart();
        },
        refused: (reason) => faults.begin('update', reason),
      })
    : undefined;

  return {
    async start() {
      try {
        const bad = await slots.version('rolled-back');
        if (bad !== undefined && bad !== version) faults.begin('update', `version ${bad} was rolled back`);
      } catch (error) {
        log.error({ err: error }, 'the versions on this box cannot be looked at');
      }
      inbox?.start();
    },
    async reached() {
      if (proven) return;
      proven = true;
      try {
        if (await slots.confirm(version)) log.info({ version }, 'this version has reached the centre: it stays');
      } catch (error) {
        // Tried again at the next answer; without it the launcher rolls back, which is right: the flash takes nothing.
        proven = false;
        log.error({ err: error, version }, 'this version could not be marked as good');
      }
    },
    close: async () => inbox?.close(),
  };
}
