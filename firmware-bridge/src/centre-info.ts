/** The centre as a villager knows it: name and number from the first second, kept across restarts, and whether somebody is there. */
import { join } from 'node:path';
import type { CentreNotice } from '@shouwang/protocol';
import type { Logger } from 'pino';
import { type DurableFs, readJson, writeDurably } from './outbox/durable-fs.ts';

export interface CentreInfo {
  /** Reads what the centre last said about itself; what was configured stands until then. Never throws. */
  load(): Promise<void>;
  view(): { name: string; phone: string; staffed: boolean | undefined };
  onNotice(d: CentreNotice['data']): void;
  /** Whether somebody is there is no longer known. */
  onDisconnect(): void;
  idle(): Promise<void>;
}

const NAME = 'centre.json';

export function createCentreInfo(deps: {
  fs: DurableFs;
  dir: string;
  log: Logger;
  configured: { name: string; phone: string };
  onChange(): void;
}): CentreInfo {
  const { fs, dir, log } = deps;
  let { name, phone } = deps.configured;
  let staffed: boolean | undefined;
  let writing: Promise<void> = Promise.resolve();

  return {
    async load() {
      try {
        const kept = (await readJson(fs, join(dir, NAME))) as { name?: unknown; phone?: unknown } | undefined;
        if (kept === undefined) return;
        if (typeof kept?.name !== 'string' || typeof kept.phone !== 'string') throw new Error('name or phone is missing');
        ({ name, phone } = kept as { name: string; phone: string });
      } catch (error) {
        log.error({ err: error }, 'what the centre said about itself cannot be read: using the configuration');
      }
    },
    view: () => ({ name, phone, staffed }),
    onNotice(d) {
      const renamed = d.name !== name || d.phone !== phone;
      if (!renamed && staffed === d.staffed) return;
      ({ name, phone, staffed } = d);
      deps.onChange();
      if (!renamed) return;
      writing = writing
        .then(() => writeDurably(fs, dir, NAME, JSON.stringify({ name, phone })))
        .catch((error) => log.error({ err: error }, 'what the centre said about itself could not be kept'));
    },
    onDisconnect() {
      staffed = undefined;
    },
    idle: () => writing,
  };
}
