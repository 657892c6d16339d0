/** What outlives this page: the box's account and its unanswered messages. Kept counts only what was read back. */

export interface Kept {
  /** Whether anything is kept at all. Without it everything is in memory, and gone with the page. */
  readonly durable: boolean;
  /** Undefined where there is nothing, or nothing that can be read. */
  read(name: string): unknown;
  /** Returns whether it is really there now. */
  write(name: string, value: unknown): boolean;
}

const PREFIX = 'shouwang.';

/** `storage`: localStorage, where the box has one that works. */
export function openKept(storage: Pick<Storage, 'getItem' | 'setItem'> | undefined): Kept {
  const memory: Record<string, string> = {};
  const put = (name: string, text: string): boolean => {
    try {
      storage?.setItem(PREFIX + name, text);
      return storage?.getItem(PREFIX + name) === text;
    } catch {
      // Full, forbidden, or only pretended.
      return false;
    }
  };
  const durable = put('probe', String(Math.random()));
  return {
    durable,
    read(name) {
      try {
        return JSON.parse(memory[name] ?? (durable ? storage?.getItem(PREFIX + name) : undefined) ?? 'null') ?? undefined;
      } catch {
        return undefined;
      }
    },
    write(name, value) {
      const text = JSON.stringify(value);
      memory[name] = text;
      return durable && put(name, text);
    },
  };
}
