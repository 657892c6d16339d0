/**
 * Files that are there after the plug was pulled. A durable write is: temp file, fsync, rename, fsync of the directory.
 * The narrow interface lets tests break the flash.
 */
import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface DurableFs {
  /** Creates a directory and its parents, durably. */
  mkdir(path: string): Promise<void>;
  readdir(path: string): Promise<string[]>;
  /** UTF-8. Throws ENOENT where there is none. */
  read(path: string): Promise<string>;
  /** Writes the file and fsyncs it. */
  writeSynced(path: string, text: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  syncDir(path: string): Promise<void>;
  unlink(path: string): Promise<void>;
}

export const TEMP_SUFFIX = '.tmp';

export const nodeFs: DurableFs = {
  async mkdir(path) {
    const made = await mkdir(path, { recursive: true });
    if (made === undefined) return;
    // Every directory entry on the way to `path` is new: sync each parent from the first one made.
    const stop = dirname(made);
    for (let at = dirname(path); ; at = dirname(at)) {
      await nodeFs.syncDir(at);
      if (at === stop || at === dirname(at)) break;
    }
  },
  readdir: (path) => readdir(path),
  read: (path) => readFile(path, 'utf8'),
  async writeSynced(path, text) {
    const file = await open(path, 'w', 0o600);
    try {
      await file.writeFile(text, 'utf8');
      await file.sync();
    } finally {
      await file.close();
    }
  },
  rename: (from, to) => rename(from, to),
  async syncDir(path) {
    const dir = await open(path, 'r');
    try {
      await dir.sync();
    } finally {
      await dir.close();
    }
  },
  unlink: (path) => unlink(path),
};

/** Replaces `dir/name` so that after a crash at any point either the old or the new whole content is there. Resolves only when the new one is certain. */
export async function writeDurably(fs: DurableFs, dir: string, name: string, text: string): Promise<void> {
  const temp = join(dir, name + TEMP_SUFFIX);
  try {
    await fs.writeSynced(temp, text);
    await fs.rename(temp, join(dir, name));
  } catch (error) {
    // Half a file on full flash takes the room that the next try needs.
    await fs.unlink(temp).catch(() => {});
    throw error;
  }
  await fs.syncDir(dir);
}

/** Reads a JSON file; undefined where there is none. A file that does not parse throws. */
export async function readJson(fs: DurableFs, path: string): Promise<unknown> {
  let text: string;
  try {
    text = await fs.read(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return JSON.parse(text);
}
