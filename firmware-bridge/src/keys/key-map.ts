/** Which code of the remote is an alarm key: the built-in table of its family, the operator's overlay, and the configured functions. */
import { readFileSync, statSync } from 'node:fs';
import { CodedError } from '@shouwang/protocol';
import { readConfig } from '@shouwang/protocol/config';
import { KEY_NAMES, KEY_TABLES, type KeyFamily, KeyTable } from '@shouwang/protocol/key-tables';
import type { BridgeConfig } from '../config.ts';
import type { AlarmKey } from '../platform.ts';

/** Larger than any remote; a wrong path must not fill the memory. */
const MAX_FILE_BYTES = 64 * 1024;
const FUNCTIONS = ['alarm', 'sos', 'silent', 'test'] as const;

export type KeySettings = Pick<BridgeConfig['keys'], 'tableFile' | 'functions'>;
export type KeyMap = ReadonlyMap<number, AlarmKey>;

/**
 * The alarm keys by code of `family`. A name in the operator's file replaces the built-in codes of that name, and a code in it belongs to
 * that name alone. Throws CONFIG_INVALID naming the dotted key.
 */
export function loadKeyMap(keys: KeySettings, family: KeyFamily): KeyMap {
  const own = keys.tableFile === '' ? undefined : readTable(keys.tableFile);
  checkFunctions(keys.functions, own);
  const table = own?.family === family ? overlaid(KEY_TABLES[family].keys, own.keys) : KEY_TABLES[family].keys;
  const map = new Map<number, AlarmKey>();
  for (const fn of FUNCTIONS) for (const name of keys.functions[fn]) for (const code of table[name] ?? []) map.set(code, fn);
  return map;
}

function overlaid(base: KeyTable['keys'], own: KeyTable['keys']): KeyTable['keys'] {
  const taken = new Set(Object.values(own).flat());
  const rest = Object.entries(base).map(([name, codes]) => [name, codes.filter((code) => !taken.has(code))] as const);
  return { ...Object.fromEntries(rest), ...own };
}

function readTable(path: string): KeyTable {
  const name = `keys.tableFile: ${path}`;
  let text: string;
  try {
    const { size } = statSync(path);
    if (size > MAX_FILE_BYTES) throw new Error(`${size} bytes; at most ${MAX_FILE_BYTES} are read`);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new CodedError('CONFIG_INVALID', `keys.tableFile: expected a key table in ${path}: ${(error as Error).message}`);
  }
  const table = readConfig(KeyTable, { name, text });
  const seen = new Map<number, string>();
  for (const [key, codes] of Object.entries(table.keys))
    for (const [i, code] of codes.entries()) {
      const other = seen.get(code);
      if (other)
        throw new CodedError('CONFIG_INVALID', `${name}: keys.${key}[${i}]: expected a code of one key, found ${code} of ${other} too`);
      seen.set(code, key);
    }
  return table;
}

/** A misspelt name would be a dead alarm key that nobody notices. */
function checkFunctions(functions: KeySettings['functions'], own: KeyTable | undefined): void {
  const known = new Set<string>([...KEY_NAMES, ...Object.keys(own?.keys ?? {})]);
  const used = new Map<string, string>();
  for (const fn of FUNCTIONS)
    for (const [i, name] of functions[fn].entries()) {
      const at = `keys.functions.${fn}[${i}]`;
      if (!known.has(name)) throw new CodedError('CONFIG_INVALID', `${at}: expected one of ${[...known].join(', ')}, found "${name}"`);
      const other = used.get(name);
      if (other) throw new CodedError('CONFIG_INVALID', `${at}: expected a key without another function, found "${name}" of ${other}`);
      used.set(name, at);
    }
  if (functions.alarm.length + functions.sos.length === 0)
    throw new CodedError('CONFIG_INVALID', 'keys.functions: expected at least one key for alarm or sos');
}
