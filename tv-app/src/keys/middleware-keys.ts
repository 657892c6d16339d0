/** Tables of the middleware that this page runs on. `KeyEvent.VK_*` is what the box itself says, so it comes first. */
import type { Middleware } from '../platform/middleware.ts';
import type { KeyTable, RemoteKey } from './key-tables.ts';

/** What a key of `protocol`'s tables means here. */
const MEANING: Partial<Record<string, RemoteKey>> = {
  up: 'up',
  down: 'down',
  left: 'left',
  right: 'right',
  ok: 'ok',
  back: 'back',
  menu: 'menu',
  red: 'alarm',
  help: 'alarm',
  sos: 'alarm',
  blue: 'silent',
  yellow: 'test',
};

/** Constants of CEA-2014 that set-top browsers define on `KeyEvent`. */
const CONSTANTS: Record<string, RemoteKey> = {
  VK_UP: 'up',
  VK_DOWN: 'down',
  VK_LEFT: 'left',
  VK_RIGHT: 'right',
  VK_ENTER: 'ok',
  VK_BACK: 'back',
  VK_MENU: 'menu',
  VK_RED: 'alarm',
  VK_HELP: 'alarm',
  VK_BLUE: 'silent',
  VK_YELLOW: 'test',
};

export function middlewareTables(keys: Middleware['keys'], keyEvent: unknown): KeyTable[] {
  const named: KeyTable = { name: keys.family, codes: {} };
  for (const name of Object.keys(keys.keys)) {
    const key = MEANING[name] ?? (/^digit[0-9]$/.test(name) ? (name as RemoteKey) : undefined);
    if (key) for (const code of keys.keys[name] ?? []) named.codes[code] = key;
  }
  return [constants(keyEvent), named];
}

function constants(keyEvent: unknown): KeyTable {
  const table: KeyTable = { name: 'VK', codes: {} };
  const set = (name: string, key: RemoteKey) => {
    const code = (keyEvent as Record<string, unknown> | undefined)?.[name];
    if (typeof code === 'number' && code > 0) table.codes[code] = key;
  };
  for (const name of Object.keys(CONSTANTS)) set(name, CONSTANTS[name]!);
  for (let digit = 0; digit <= 9; digit++) set(`VK_${digit}`, `digit${digit}` as RemoteKey);
  return table;
}
