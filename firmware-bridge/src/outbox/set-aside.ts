/** Files that are out of the way but not gone: rejected messages and unreadable ones, for whoever looks into it. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { DurableFs } from './durable-fs.ts';

/** At most so many files stay in a directory of set-aside files; names begin with a time-ordered id. */
const KEEP = 50;

/** Moves `dir/name` to `to/newName`. Never throws: a file that cannot be moved stays where it is, and is logged. */
export async function setAside(fs: DurableFs, dir: string, name: string, to: string, newName: string, log: Logger): Promise<void> {
  try {
    await fs.rename(join(dir, name), join(to, newName));
    await fs.syncDir(to);
    await fs.syncDir(dir);
    await prune(fs, to, log);
  } catch (error) {
    log.error({ err: error, file: name }, 'a file could not be set aside');
  }
}

/** Deletes the oldest files beyond the number kept. */
export async function prune(fs: DurableFs, dir: string, log: Logger): Promise<void> {
  const names = (await fs.readdir(dir)).sort();
  for (const name of names.slice(0, Math.max(0, names.length - KEEP))) {
    log.warn({ file: name }, 'too many files set aside: the oldest is deleted');
    await fs.unlink(join(dir, name));
  }
}
