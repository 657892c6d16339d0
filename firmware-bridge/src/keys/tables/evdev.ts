/** Linux input event codes (linux/input-event-codes.h) of the keys that raise an alarm. Data only. */
import type { AlarmKey } from '../../platform.ts';

export const EVDEV_ALARM_KEYS: ReadonlyMap<number, AlarmKey> = new Map<number, AlarmKey>([
  /** KEY_SOS: a key made for this; no hold. */
  [639, 'sos'],
  /** KEY_RED */
  [398, 'alarm'],
  /** KEY_HELP: printed on ordinary remotes too, so it is held. */
  [138, 'alarm'],
]);
