/** Files that are there whole or not at all: temporary file, fsync, rename, fsync of the directory. */
import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What a crash may leave behind ends so; whoever owns the folder deletes it at the start. */
export const TEMPORARY = '.tmp';

/** Throws what the file system throws; nothing stands at `path` then but what stood there before. */
export async function writeDurably(path: string, write: string | Buffer | ((file: FileHandle) => Promise<void>)): Promise<void> {
  const temporary = `${path}${TEMPORARY}`;
  const file = await open(temporary, 'w', 0o600);
  try {
    if (typeof write === 'function') await write(file);
    else await file.writeFile(write);
    await file.sync();
  } catch (error) {
    await file.close();
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await file.close();
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The same for small files at the start. */
export function writeDurablySync(path: string, text: string): void {
  const temporary = `${path}${TEMPORARY}`;
  const file = openSync(temporary, 'w', 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
