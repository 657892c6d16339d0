/**
 * Updates that somebody drops into a folder, an engineer's stick or the operator's own distribution: looked for every so often,
 * checked, put on trial, and then the bridge asks to be started anew. A refused one is renamed, logged, and reported.
 */
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { asCoded, CodedError } from '@shouwang/protocol';
import type { Logger } from 'pino';
import type { Clock, Timer } from '../clock.ts';
import { MAX_PACKED } from './package.ts';

export interface UpdateInboxDeps {
  dir: string;
  clock: Clock;
  log: Logger;
  /** Checks and installs a package; resolves with its version. Throws coded errors. */
  install(packed: Uint8Array): Promise<string>;
  installed(version: string): void;
  refused(reason: string): void;
}

export interface UpdateInbox {
  start(): void;
  close(): Promise<void>;
}

export const LOOK_EVERY_MS = 30_000;

export function createUpdateInbox(deps: UpdateInboxDeps): UpdateInbox {
  const { dir, clock, log } = deps;
  let timer: Timer | undefined;
  let work: Promise<void> = Promise.resolve();
  let closed = false;
  /** What was there at the last look: a file that is still being copied is another one at the next. */
  let seen = '';

  async function look(): Promise<void> {
    const name = (await readdir(dir)).filter((n) => n.endsWith('.tar.gz')).sort()[0];
    if (name === undefined) return;
    const path = join(dir, name);
    const { size, mtimeMs } = await stat(path);
    const now = `${name} ${size} ${mtimeMs}`;
    if (now !== seen) {
      seen = now;
      return;
    }
    seen = '';
    await take(path, name, size);
  }

  async function take(path: string, name: string, size: number): Promise<void> {
    try {
      if (size > MAX_PACKED) throw new CodedError('TOO_LARGE', `at most ${MAX_PACKED} bytes`);
      const version = await deps.install(await readFile(path));
      await rm(path);
      log.warn({ version }, 'an update is on trial at the next start');
      deps.installed(version);
    } catch (error) {
      const { code, detail } = asCoded(error);
      log.error({ file: name, code, detail, err: code === 'INTERNAL' ? error : undefined }, 'an update was refused');
      await rename(path, `${path}.refused`).catch((err) => log.error({ err, file: name }, 'a refused update could not be renamed'));
      deps.refused(`${name}: ${detail ? `${code}: ${detail}` : code}`);
    }
  }

  function again(): void {
    if (closed) return;
    timer = clock.after(LOOK_EVERY_MS, () => {
      work = look()
        .catch((error: NodeJS.ErrnoException) => {
          if (error.code !== 'ENOENT') log.error({ err: error, dir }, 'the folder of updates cannot be looked into');
        })
        .then(again);
    });
  }

  return {
    start: again,
    async close() {
      closed = true;
      timer?.cancel();
      await work;
    },
  };
}
