import type { GestureKey, RemoteKey } from './key-tables.ts';
import { type KeyPress, readKey } from './read-key.ts';

export interface KeyListener {
  /** A key went down; repeats of a held key are not passed on, except of the arrows. */
  down(key: RemoteKey): void;
  /** A key of a gesture came up, or can no longer be known to be down. */
  up(key: GestureKey): void;
}

interface Target {
  addEventListener(type: string, listener: (event: Event) => void, capture?: boolean): void;
  removeEventListener(type: string, listener: (event: Event) => void, capture?: boolean): void;
}

/**
 * Catches keys before anything else on the page can take them. A held alarm key repeats: only its first down counts, or the
 * repeats would confirm what they began.
 */
export function listenToKeys(target: Target, listener: KeyListener): () => void {
  const held: Partial<Record<RemoteKey, boolean>> = {};
  const down = (event: Event) => {
    const key = readKey(event as unknown as KeyPress);
    if (key === undefined) return;
    event.preventDefault();
    // Some set-top browsers repeat without saying so: a key that is down already is a repeat too.
    const repeat = (event as KeyboardEvent).repeat === true || held[key] === true;
    held[key] = true;
    if (!repeat || isArrow(key)) listener.down(key);
  };
  const up = (event: Event) => {
    const key = readKey(event as unknown as KeyPress);
    if (key === undefined) return;
    held[key] = false;
    if (isGestureKey(key)) listener.up(key);
  };
  // With the keyboard elsewhere the key-up is lost: nothing counts as held.
  const away = () => {
    for (const key of Object.keys(held) as RemoteKey[]) {
      if (held[key] && isGestureKey(key)) listener.up(key);
      held[key] = false;
    }
  };
  target.addEventListener('keydown', down, true);
  target.addEventListener('keyup', up, true);
  target.addEventListener('blur', away, true);
  return () => {
    target.removeEventListener('keydown', down, true);
    target.removeEventListener('keyup', up, true);
    target.removeEventListener('blur', away, true);
  };
}

function isArrow(key: RemoteKey): boolean {
  return key === 'left' || key === 'right' || key === 'up' || key === 'down';
}

function isGestureKey(key: RemoteKey): key is GestureKey {
  return key === 'alarm' || key === 'silent' || key === 'test';
}
