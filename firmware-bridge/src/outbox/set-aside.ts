/** Files that are out of the way but not gone: rejected messages and unreadable ones, for whoever looks into it. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { DurableFs } from './durable-fs.ts';

/** At most so many files stay in a directory of set-aside files. */
export const KEEP_ASIDE = 50;

/** Moves `dir/name` to `to/newName`. Never throws: a file that cannot be moved stays where it is, and is logged. */
export async function setAside(fs: DurableFs, dir: string, name: string, to: string, newName: string, log: Logger): Promise<void> {
  try {
    await fs.mkdir(to);
    await fs.rename(join(dir, name), join(to, newName));
    await fs.syncDir(to);
    await fs.syncDir(dir);
    await prune(fs, to, log);
  } catch (error) {
    log.error({ err: error, file: name }, 'a file could not be set aside');
  }
}

/** Deletes what is too many: the oldest first, alarms last. Names begin with a time-ordered id. Never throws. */
export async function prune(fs: DurableFs, dir: string, log: Logger): Promise<void> {
  try {
    const names = (await fs.readdir(dir)).sort((a, b) => Number(isAlarm(a)) - Number(isAlarm(b)) || a.localeCompare(b));
    for (const name of names.slice(0, Math.max(0, names.length - KEEP_ASIDE))) {
      log.warn({ file: name }, 'too many files set aside: the oldest is deleted');
      await fs.unlink(join(dir, name));
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') log.error({ err: error, dir }, 'files set aside could not be thinned out');
  }
}

function isAlarm(name: string): boolean {
  return name.includes('.alarm.');
}
