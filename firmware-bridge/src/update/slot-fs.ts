/** Files and links of the versions, each step durable where it says so. The narrow interface lets tests pull the plug after any step. */
import { mkdir, open, readdir, readFile, readlink, rename, rm, symlink } from 'node:fs/promises';

export interface SlotFs {
  mkdir(path: string): Promise<void>;
  readdir(path: string): Promise<string[]>;
  /** Undefined where there is none. */
  read(path: string): Promise<string | undefined>;
  /** Undefined where there is no link. */
  readlink(path: string): Promise<string | undefined>;
  /** Writes the file and fsyncs it. */
  writeSynced(path: string, bytes: Uint8Array, executable: boolean): Promise<void>;
  symlink(target: string, path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** A file, a link, or a folder with all in it; nothing happens where there is none. */
  remove(path: string): Promise<void>;
  syncDir(path: string): Promise<void>;
}

async function orUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (['ENOENT', 'EINVAL', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

export const nodeSlotFs: SlotFs = {
  async mkdir(path) {
    await mkdir(path, { recursive: true });
  },
  readdir: (path) => readdir(path),
  read: (path) => orUndefined(readFile(path, 'utf8')),
  readlink: (path) => orUndefined(readlink(path)),
  async writeSynced(path, bytes, executable) {
    const file = await open(path, 'w', executable ? 0o755 : 0o644);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  },
  symlink: (target, path) => symlink(target, path),
  rename: (from, to) => rename(from, to),
  remove: (path) => rm(path, { recursive: true, force: true }),
  async syncDir(path) {
    const dir = await open(path, 'r');
    try {
      await dir.sync();
    } finally {
      await dir.close();
    }
  },
};
