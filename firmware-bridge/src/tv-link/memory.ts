/** What the TV page wants kept on the box: how the family likes the screen, when a test last got through. */
import { join } from 'node:path';
import type { TvSettings } from '@shouwang/protocol';
import type { Logger } from 'pino';
import { type DurableFs, readJson, writeDurably } from '../outbox/durable-fs.ts';

export interface Kept {
  settings?: TvSettings | undefined;
  /** ms since 1970 */
  testedAt?: number | undefined;
}

export interface TvMemory {
  /** Reads what was kept. Never throws: what cannot be read is as if it never was. */
  load(): Promise<void>;
  readonly kept: Readonly<Kept>;
  /** Holds at once; reaches the flash when it can. A preference is not worth waiting for. */
  keep(more: Kept): void;
  /** Resolves when everything that was kept is written, or was refused. */
  idle(): Promise<void>;
}

const NAME = 'tv.json';

export function createTvMemory(deps: { fs: DurableFs; dir: string; log: Logger; onChange(): void }): TvMemory {
  const { fs, dir, log } = deps;
  let kept: Kept = {};
  let writing: Promise<void> = Promise.resolve();

  return {
    async load() {
      try {
        const found = (await readJson(fs, join(dir, NAME))) as (Kept & { v?: number }) | undefined;
        if (found === undefined) return;
        if (found?.v !== 1) throw new Error('not a file of version 1');
        const { v: _v, ...rest } = found;
        kept = rest;
      } catch (error) {
        log.error({ err: error }, 'what the TV page wanted kept cannot be read: forgotten');
      }
    },
    get kept() {
      return kept;
    },
    keep(more) {
      kept = { ...kept, ...more };
      deps.onChange();
      const text = JSON.stringify({ v: 1, ...kept });
      writing = writing
        .then(() => writeDurably(fs, dir, NAME, text))
        .catch((error) => log.error({ err: error }, 'what the TV page wanted kept could not be written'));
    },
    idle: () => writing,
  };
}
