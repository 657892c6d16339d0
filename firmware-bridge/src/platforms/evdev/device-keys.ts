/** From the bytes of one device to the edges of its alarm keys. */
import type { KeyMap } from '../../keys/key-map.ts';
import type { AlarmKey, KeyAction } from '../../platform.ts';
import { createEventParser, EV_KEY, EV_SYN, type EventBytes, KEY_DOWN, KEY_REPEAT, KEY_UP, SYN_DROPPED, SYN_REPORT } from './events.ts';

export interface DeviceKeys {
  /** Bytes as they come; an event may be cut anywhere. */
  take(chunk: Buffer): void;
  /** Nothing is down any more, and what is left of a cut event is void: the device went away. */
  reset(): void;
}

/**
 * `edge` hears each code's ups and downs: a `down` after a `down` where an up was missed, never a repeat. `other` hears the code of a key
 * without a function when it goes down.
 */
export function createDeviceKeys(
  size: EventBytes,
  keyMap: KeyMap,
  edge: (key: AlarmKey, action: KeyAction, code: number) => void,
  other: (code: number) => void = () => {},
): DeviceKeys {
  let parse = createEventParser(size);
  /** Codes that are down. */
  const down = new Map<number, AlarmKey>();
  /** The kernel's buffer ran over: what follows is void up to and with the next SYN_REPORT (Documentation/input/event-codes.rst). */
  let dropping = false;

  function release(): void {
    for (const [code, key] of down) edge(key, 'up', code);
    down.clear();
  }

  function onKey(code: number, value: number): void {
    const key = keyMap.get(code);
    if (!key) {
      if (value === KEY_DOWN) other(code);
      return;
    }
    if (value === KEY_UP) {
      if (down.delete(code)) edge(key, 'up', code);
      return;
    }
    // A repeat of a key that nobody saw going down: it was pressed before this reader ran, or in what the kernel dropped.
    if (value === KEY_DOWN || (value === KEY_REPEAT && !down.has(code))) {
      down.set(code, key);
      edge(key, 'down', code);
    }
  }

  return {
    take(chunk) {
      for (const { type, code, value } of parse(chunk)) {
        if (type === EV_SYN && code === SYN_DROPPED) {
          dropping = true;
          // Whether it is still down cannot be asked (no ioctl in Node); its next repeat says so.
          release();
        } else if (dropping) dropping = !(type === EV_SYN && code === SYN_REPORT);
        else if (type === EV_KEY) onKey(code, value);
      }
    },
    reset() {
      release();
      parse = createEventParser(size);
      dropping = false;
    },
  };
}
