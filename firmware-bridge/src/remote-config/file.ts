/** What remote configuration a box has, on flash: the last good one, and the one on trial. Kept as it was signed, and checked again at every start. */
import { join } from 'node:path';
import type { ConfigSent } from '@shouwang/protocol';
import { isValid } from '@shouwang/protocol/validators';
import type { Logger } from 'pino';
import { type DurableFs, readJson, writeDurably } from '../outbox/durable-fs.ts';

export type Signed = ConfigSent['data'];

export interface RemoteMemory {
  v: 1;
  /** The greatest version ever taken: only greater ones are, also after a roll-back. */
  highest: number;
  /** SHA-256 of that version's payload, hex: it comes again after every sync. */
  digest?: string | undefined;
  /** The last one with which the box reached the centre. */
  good?: Signed | undefined;
  /** Taken, and the centre not reached since. `starts`: how often the bridge was started with it. */
  trial?: { config: Signed; starts: number } | undefined;
  /** The version that was rolled back, until another one is good. */
  rolledBack?: number | undefined;
}

export interface RemoteConfigFile {
  /** Never throws: what cannot be read is set aside and logged, and the box's own configuration stands. */
  load(): Promise<RemoteMemory>;
  /** Throws what the file system throws. */
  save(memory: RemoteMemory): Promise<void>;
}

const NAME = 'remote-config.json';

export function createRemoteConfigFile({ fs, dir, log }: { fs: DurableFs; dir: string; log: Logger }): RemoteConfigFile {
  return {
    async load() {
      try {
        const value = await readJson(fs, join(dir, NAME));
        return value === undefined ? { v: 1, highest: 0 } : checked(value);
      } catch (error) {
        log.error({ err: error }, 'the remote configuration cannot be read: set aside, the box’s own stands');
        await fs.rename(join(dir, NAME), join(dir, `${NAME}.corrupt`)).catch(() => {});
        return { v: 1, highest: 0 };
      }
    },
    async save(memory) {
      await fs.mkdir(dir);
      await writeDurably(fs, dir, NAME, JSON.stringify(memory));
    },
  };
}

function checked(value: unknown): RemoteMemory {
  const memory = value as RemoteMemory | null;
  if (memory?.v !== 1 || !Number.isSafeInteger(memory.highest)) throw new Error('not a file of remote configuration of version 1');
  for (const signed of [memory.good, memory.trial?.config])
    if (signed && !isSigned(signed)) throw new Error('a configuration is not whole');
  return memory;
}

/** The envelope's other fields are not kept. */
function isSigned(data: unknown): data is Signed {
  const around = { specversion: '1.0', id: '0193580a-0000-7000-8000-000000000001', source: 'x', time: '2026-01-01T00:00:00Z' };
  return isValid('ConfigSent', { ...around, type: 'cn.shouwang.box.config.v1', datacontenttype: 'application/json', data });
}
