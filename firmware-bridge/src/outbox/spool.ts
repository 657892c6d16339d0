/**
 * The outbox's files: `<message id>.json`, one a message; `rejected/` and `corrupt/` beside them. Disk work happens in order, one
 * piece at a time; a piece that fails does not stop the next.
 */
import { join } from 'node:path';
import type { Logger } from 'pino';
import { type DurableFs, TEMP_SUFFIX, writeDurably } from './durable-fs.ts';
import { type OutboxEntry, parseEntry, serialise } from './entry.ts';
import { prune, setAside } from './set-aside.ts';

export interface Spool {
  /** Whether the last write succeeded. */
  readonly healthy: boolean;
  /** Sweeps half-written files, sets broken ones aside, returns the rest. Throws when the directory cannot be read. */
  load(): Promise<OutboxEntry[]>;
  /** Resolves after the fsync of the directory. Throws what the file system threw. */
  write(entry: OutboxEntry): Promise<void>;
  /** Without an fsync: back after a power loss, the message is sent and answered once more. Never throws. */
  delete(id: string): Promise<void>;
  /** Moves an entry that the centre refused. Never throws. */
  reject(entry: OutboxEntry, code: string): Promise<void>;
  /** Writes and deletes a small file. Throws when the flash does not take it. */
  probe(): Promise<void>;
  /** Somebody waited in vain for the flash. */
  blame(): void;
  /** Resolves when nothing is in progress. */
  idle(): Promise<void>;
}

const FILE = /^[0-9a-f-]{36}\.json$/;
const PROBE = `probe${TEMP_SUFFIX}`;

export function createSpool(deps: { fs: DurableFs; dir: string; log: Logger; onHealth(): void }): Spool {
  const { fs, dir, log } = deps;
  const rejectedDir = join(dir, 'rejected');
  const corruptDir = join(dir, 'corrupt');
  let healthy = true;
  let tail: Promise<unknown> = Promise.resolve();

  function setHealthy(now: boolean): void {
    if (healthy === now) return;
    healthy = now;
    log[now ? 'info' : 'error'](
      { dir },
      now ? 'the flash works again' : 'the flash does not take what is written: nothing is claimed as stored',
    );
    deps.onHealth();
  }

  function inOrder<T>(work: () => Promise<T>): Promise<T> {
    const done = tail.then(work);
    tail = done.catch(() => {});
    return done;
  }

  /** A write to the flash, whose outcome says how healthy it is. */
  function onFlash(work: () => Promise<void>): Promise<void> {
    return inOrder(async () => {
      try {
        await work();
        setHealthy(true);
      } catch (error) {
        setHealthy(false);
        throw error;
      }
    });
  }

  async function tryProbe(): Promise<void> {
    for (const path of [dir, rejectedDir, corruptDir]) await fs.mkdir(path);
    await fs.writeSynced(join(dir, PROBE), 'probe');
    await fs.unlink(join(dir, PROBE));
  }

  async function sweep(names: string[]): Promise<void> {
    const temps = names.filter((name) => name.endsWith(TEMP_SUFFIX));
    if (temps.length === 0) return;
    const results = await Promise.allSettled(temps.map((name) => fs.unlink(join(dir, name))));
    log.info({ swept: results.filter((r) => r.status === 'fulfilled').length, of: temps.length }, 'half-written outbox files removed');
  }

  async function loadOne(name: string): Promise<OutboxEntry | undefined> {
    let text = '';
    try {
      if (FILE.test(name)) text = await fs.read(join(dir, name));
    } catch (error) {
      // Nothing is known against its content: the next start tries again.
      log.error({ err: error, file: name }, 'the flash does not give an outbox entry back: left where it is');
      return undefined;
    }
    try {
      if (!FILE.test(name)) throw new Error('not the name of an entry');
      const entry = parseEntry(text);
      if (`${entry.event.id}.json` !== name) throw new Error('the name does not match the message');
      return entry;
    } catch (error) {
      log.error({ err: error, file: name }, 'an outbox entry makes no sense: set aside');
      await setAside(fs, dir, name, corruptDir, name, log);
      return undefined;
    }
  }

  return {
    get healthy() {
      return healthy;
    },
    load: () =>
      inOrder(async () => {
        const names = (await fs.readdir(dir)).sort();
        await sweep(names);
        const entries: OutboxEntry[] = [];
        for (const name of names) {
          if (name === 'rejected' || name === 'corrupt' || name.endsWith(TEMP_SUFFIX)) continue;
          const entry = await loadOne(name);
          if (entry) entries.push(entry);
        }
        for (const path of [rejectedDir, corruptDir]) await prune(fs, path, log);
        return entries;
      }),
    write: (entry) =>
      onFlash(async () => {
        await fs.mkdir(dir);
        await writeDurably(fs, dir, `${entry.event.id}.json`, serialise(entry));
      }),
    delete: (id) =>
      inOrder(() => fs.unlink(join(dir, `${id}.json`))).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') log.error({ err: error, id }, 'a message could not be deleted');
      }),
    reject: (entry, code) =>
      inOrder(() => setAside(fs, dir, `${entry.event.id}.json`, rejectedDir, `${entry.event.id}.${entry.kind}.${code}.json`, log)),
    probe: () => onFlash(tryProbe),
    blame: () => setHealthy(false),
    async idle() {
      await tail;
    },
  };
}
