/** One centre a data directory: two writers would break the chain. The lock is the system's, so a kill -9 releases it. */
import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CodedError } from '@shouwang/protocol';

/** SQLITE_BUSY and SQLITE_LOCKED. */
const HELD = new Set([5, 6]);

/** Takes the lock; the returned function gives it back. Throws CONFIG_INVALID where another process holds it, or where the directory cannot be written. */
export function lockDataDir(path: string): () => void {
  let db: DatabaseSync | undefined;
  try {
    // SQLite locks on a read-only file system without a word, and the first commit fails later.
    accessSync(dirname(path), constants.W_OK);
    db = new DatabaseSync(path, { timeout: 0 });
    db.exec('pragma journal_mode = delete');
    db.exec('begin exclusive');
  } catch (error) {
    db?.close();
    const { errcode = 0, message } = error as Error & { errcode?: number };
    const why = HELD.has(errcode & 0xff) ? `that no other process uses; ${path} is locked` : `that can be written; ${path}: ${message}`;
    throw new CodedError('CONFIG_INVALID', `dataDir: expected a directory ${why}`);
  }
  const held = db;
  return () => held.close();
}
