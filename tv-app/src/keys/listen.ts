import { FIRST_REPEAT_MS, GONE_MS, REPEAT_MS } from './infrared.ts';
import type { GestureKey, KeyTable, RemoteKey } from './key-tables.ts';
import { type KeyPress, readKey } from './read-key.ts';

export interface KeyListener {
  /** A key went down; repeats of a held key are not passed on, except of the arrows. */
  down(key: RemoteKey): void;
  /** A key of a gesture came up, or can no longer be known to be down. */
  up(key: GestureKey): void;
  /** A key of a gesture is down already and came once more: a repeat, or a quick second press. */
  repeats?(key: GestureKey): void;
}

export interface Remote {
  /** The first that knows a key decides. */
  tables: readonly KeyTable[];
  /** Whether every key that goes down is known to come up again; if not, time tells a new press from a repeat. */
  keyUps: boolean;
  /** ms */
  now(): number;
}

interface Target {
  addEventListener(type: string, listener: (event: Event) => void, capture?: boolean): void;
  removeEventListener(type: string, listener: (event: Event) => void, capture?: boolean): void;
}

interface Held {
  lastAt: number;
  /** Has repeated. */
  runs: boolean;
}

/**
 * Catches keys before anything else on the page can take them. A held alarm key repeats: only its first down counts, or the
 * repeats would confirm what they began.
 */
export function listenToKeys(target: Target, listener: KeyListener, remote: Remote): () => void {
  const held: Partial<Record<RemoteKey, Held>> = {};
  const letGo = (which: (key: RemoteKey) => boolean) => {
    for (const key of (Object.keys(held) as RemoteKey[]).filter(which)) {
      delete held[key];
      if (isGestureKey(key)) listener.up(key);
    }
  };
  const down = (event: Event) => {
    const key = readKey(event as unknown as KeyPress, remote.tables);
    if (key === undefined) return;
    event.preventDefault();
    const now = remote.now();
    // An infrared remote sends one key at a time: another one means that this one was let go.
    if (!remote.keyUps) letGo((k) => k !== key);
    const before = held[key];
    // Some set-top browsers repeat without saying so: a key that is down already is a repeat too.
    const repeat = (event as KeyboardEvent).repeat === true || (before !== undefined && (remote.keyUps || isRepeat(key, before, now)));
    held[key] = { lastAt: now, runs: repeat };
    if (repeat && isGestureKey(key)) listener.repeats?.(key);
    if (repeat && !isArrow(key)) return;
    // Its key-up never came.
    if (before && isGestureKey(key)) listener.up(key);
    listener.down(key);
  };
  const up = (event: Event) => {
    const key = readKey(event as unknown as KeyPress, remote.tables);
    if (key === undefined) return;
    delete held[key];
    if (isGestureKey(key)) listener.up(key);
  };
  // With the keyboard elsewhere the key-up is lost: nothing counts as held.
  const away = () => letGo(() => true);
  target.addEventListener('keydown', down, true);
  target.addEventListener('keyup', up, true);
  target.addEventListener('blur', away, true);
  return () => {
    target.removeEventListener('keydown', down, true);
    target.removeEventListener('keyup', up, true);
    target.removeEventListener('blur', away, true);
  };
}

/** Whether a key that was down at `before` is merely still held. What a gesture's key does so soon is for its gestures to judge. */
function isRepeat(key: RemoteKey, before: Held, now: number): boolean {
  const gap = now - before.lastAt;
  if (isGestureKey(key)) return gap <= GONE_MS;
  return before.runs ? gap <= REPEAT_MS : gap >= FIRST_REPEAT_MS && gap <= GONE_MS;
}

function isArrow(key: RemoteKey): boolean {
  return key === 'left' || key === 'right' || key === 'up' || key === 'down';
}

function isGestureKey(key: RemoteKey): key is GestureKey {
  return key === 'alarm' || key === 'silent' || key === 'test';
}
