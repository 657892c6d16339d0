/** The township's notices on flash, so that they are there after a restart and while the centre is away. */
import { join } from 'node:path';
import type { TownshipNotice } from '@shouwang/protocol';
import { isValid } from '@shouwang/protocol/validators';
import type { Logger } from 'pino';
import { type DurableFs, readJson, writeDurably } from '../outbox/durable-fs.ts';

export interface NoticeMemory {
  /** What the centre said last, the newest first. */
  notices: TownshipNotice[];
  /** Ids of those that somebody opened. */
  read: string[];
}

export interface NoticeFile {
  /** Never throws: what cannot be read is set aside and logged; the centre says it again. */
  load(): Promise<NoticeMemory>;
  /** Never throws: what cannot be written is logged, and stands in memory. Calls come one after the other. */
  save(memory: NoticeMemory): void;
  /** Resolves when everything is written, or was refused. */
  idle(): Promise<void>;
}

const NAME = 'notices.json';

export function createNoticeFile({ fs, dir, log }: { fs: DurableFs; dir: string; log: Logger }): NoticeFile {
  let writing: Promise<void> = Promise.resolve();

  return {
    async load() {
      try {
        const value = await readJson(fs, join(dir, NAME));
        return value === undefined ? { notices: [], read: [] } : checked(value);
      } catch (error) {
        log.error({ err: error }, 'the township’s notices cannot be read: set aside, the centre says them again');
        await fs.rename(join(dir, NAME), join(dir, `${NAME}.corrupt`)).catch(() => {});
        return { notices: [], read: [] };
      }
    },
    save(memory) {
      const text = JSON.stringify({ v: 1, ...memory });
      writing = writing
        .then(() => fs.mkdir(dir))
        .then(() => writeDurably(fs, dir, NAME, text))
        .catch((error) => log.error({ err: error }, 'the township’s notices could not be written'));
    },
    idle: () => writing,
  };
}

/** As strict as towards the centre: what is in it goes to the screen. */
function checked(value: unknown): NoticeMemory {
  const { v, notices, read } = value as { v?: unknown; notices?: TownshipNotice[]; read?: unknown[] };
  const around = { specversion: '1.0', id: '0193580a-0000-7000-8000-000000000001', source: 'x', time: '2026-01-01T00:00:00Z' };
  const told = { ...around, type: 'cn.shouwang.box.notices.v1', datacontenttype: 'application/json', data: { boxId: 'x', notices } };
  if (v !== 1 || !isValid('NoticesTold', told)) throw new Error('not a file of notices of version 1');
  return { notices: told.data.notices, read: Array.isArray(read) ? read.filter((id) => typeof id === 'string') : [] };
}
