/** Opens the database file so that a commit is on disk when it returns. */
import { DatabaseSync } from 'node:sqlite';

/**
 * WAL with `synchronous=FULL`: every commit is followed by an fsync of the log, so what was answered survives a power
 * loss. `maxPages` bounds the file (tests of a full disk).
 */
export function openDatabase(path: string, maxPages?: number): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: 5000 });
  db.exec('pragma journal_mode = wal');
  db.exec('pragma synchronous = full');
  db.exec('pragma foreign_keys = on');
  db.exec('pragma cache_size = -65536');
  if (maxPages !== undefined) db.exec(`pragma max_page_count = ${Math.floor(maxPages)}`);
  return db;
}
