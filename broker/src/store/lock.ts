/** One centre a data directory: two writers would break the chain. The lock is the system's, so a kill -9 releases it. */
import { DatabaseSync } from 'node:sqlite';
import { CodedError } from '@shouwang/protocol';

/** Takes the lock; the returned function gives it back. Throws CONFIG_INVALID where another process holds it. */
export function lockDataDir(path: string): () => void {
  const db = new DatabaseSync(path, { timeout: 0 });
  try {
    db.exec('pragma journal_mode = delete');
    db.exec('begin exclusive');
  } catch {
    db.close();
    throw new CodedError('CONFIG_INVALID', `dataDir: expected a directory that no other process uses; ${path} is locked`);
  }
  return () => db.close();
}
