/**
 * A sign of life for every other init: a file that is written anew. Its first word counts up; a supervisor compares it with what
 * it read before, because file times jump with the clock of a box that boots in 1970. It belongs on a tmpfs (`/run`), not on flash.
 */
import { writeFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { SignOfLife } from './watchdog.ts';

/** Undefined where no file is configured. */
export function createFileSign(path: string, log: Logger): SignOfLife | undefined {
  if (!path) return undefined;
  let beat = 0;
  let complained = false;
  let next: string | undefined;
  let writing = false;
  /** One at a time: two at once would leave a mixture of both, or the older. What came in the meantime is written last. */
  const writeAll = async () => {
    writing = true;
    while (next !== undefined) {
      const text = next;
      next = undefined;
      try {
        await writeFile(path, text);
        complained = false;
      } catch (error) {
        if (!complained) log.error({ err: error, path }, 'the file for the watchdog cannot be written');
        complained = true;
      }
    }
    writing = false;
  };
  const write = (text: string) => {
    next = `${++beat} ${text}\n`;
    if (!writing) void writeAll();
  };
  return {
    ready: () => write('ready'),
    alive: (reasons) => write(reasons.length === 0 ? 'well' : `not well: ${reasons.join(', ')}`),
    stopping: () => {},
  };
}
