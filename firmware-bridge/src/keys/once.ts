/** ① A press that the page and a device both saw is one press. */
import type { Clock } from '../clock.ts';
import type { AlarmKey, KeyAction } from '../platform.ts';

export interface Once {
  /** A key that the page told of. */
  fromPage(key: AlarmKey, action: KeyAction): void;
  /** A key that a device heard. */
  fromDevice(key: AlarmKey, action: KeyAction): void;
}

/** While the first press of a device and the page's word of it cross: two that come so close together are one. */
const SAME_PRESS_MS = 150;

export function createOnce(clock: Pick<Clock, 'mono'>, take: (key: AlarmKey, action: KeyAction) => void): Once {
  /** The newest press that the page told. */
  let told: { key: AlarmKey; at: number } | undefined;
  return {
    fromPage(key, action) {
      if (action === 'down') told = { key, at: clock.mono() };
      take(key, action);
    },
    fromDevice(key, action) {
      const same = action === 'down' && told?.key === key && clock.mono() - told.at <= SAME_PRESS_MS;
      told = undefined;
      if (!same) take(key, action);
    },
  };
}
