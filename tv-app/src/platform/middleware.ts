/** What differs between the browsers of Chinese set-top boxes. One file a middleware beside this one; key codes are data of `protocol`. */
import type { KeyTable } from '@shouwang/protocol/key-tables';

/** The page's global objects, as a middleware left them. */
export type Globals = Record<string, unknown>;

/** What a page can read about the box it runs on. Shown to the engineer and reported as a hint; never a credential. */
export interface BoxIdentity {
  card?: string | undefined;
  stb?: string | undefined;
  mac?: string | undefined;
}

export interface Middleware {
  /** In reports to the centre. */
  name: string;
  /** As engineers call it. */
  label: string;
  /** Whether this page runs on it, by its global objects. */
  found(globals: Globals): boolean;
  identity(globals: Globals): BoxIdentity;
  keys: Pick<KeyTable, 'family' | 'keys'>;
  /** Whether every key that goes down is known to come up again. If not, a held key is known by its repeats. */
  keyUps: boolean;
}

/** Follows `a.b[0].c` from the globals. Undefined where anything is missing or refuses: host objects of set-top boxes may throw. */
export function look(globals: Globals, path: string): unknown {
  try {
    let value: unknown = globals;
    for (const name of path.split('.')) value = (value as Record<string, unknown>)[name];
    return value;
  } catch {
    return undefined;
  }
}

/** The text at `path`, if there is one that can be shown. */
export function text(globals: Globals, path: string): string | undefined {
  return shown(look(globals, path));
}

/** Calls the method at `path` with `args` and gives its text. Host methods are no functions by `typeof` on some boxes: it is simply tried. */
export function ask(globals: Globals, path: string, ...args: string[]): string | undefined {
  const dot = path.lastIndexOf('.');
  const owner = dot < 0 ? globals : look(globals, path.slice(0, dot));
  try {
    const method = (owner as Record<string, (...a: string[]) => unknown>)[path.slice(dot + 1)];
    return method === undefined ? undefined : shown(method.apply(owner, args));
  } catch {
    return undefined;
  }
}

const LONGEST = 64;

function shown(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  // Whatever a box says is drawn and reported: printable, and short.
  const plain = String(value)
    .replace(/[^\x20-\x7e]/g, '')
    .trim()
    .slice(0, LONGEST);
  return plain === '' || plain === 'undefined' || plain === 'null' ? undefined : plain;
}
