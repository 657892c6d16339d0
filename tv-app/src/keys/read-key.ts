import { type KeyTable, type RemoteKey, TABLES } from './key-tables.ts';

/** As much of a KeyboardEvent as is read. */
export interface KeyPress {
  keyCode: number;
  key?: string | undefined;
  ctrlKey?: boolean;
  altKey?: boolean;
  metaKey?: boolean;
}

/** Which key of the remote this is, by the first table that knows it. `other` for any unknown key: it still says that somebody is there. Undefined for the browser's own shortcuts. */
export function readKey(event: KeyPress, tables: readonly KeyTable[] = TABLES): RemoteKey | undefined {
  if (event.ctrlKey || event.altKey || event.metaKey) return undefined;
  for (const table of tables) {
    const found = (event.key === undefined ? undefined : table.keys?.[event.key]) ?? table.codes[event.keyCode];
    if (found) return found;
  }
  return 'other';
}
