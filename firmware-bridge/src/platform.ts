/** What the bridge needs from the box it runs on. Each maker's box, and the simulator, is one of these. */

import type { AlarmKey } from '@shouwang/protocol';

export type { AlarmKey } from '@shouwang/protocol';
export type KeyAction = 'down' | 'up';

/** What this box can promise; the TV claims no more. */
export interface Claims {
  /** There is a file system to keep an alarm on. */
  stored: boolean;
  /** What is on it outlasts pulling the plug. */
  survivesPowerLoss: boolean;
  /** The alarm key works while another page or the live TV is in front. */
  keyOutsidePage: boolean;
}

/** What a platform tells the bridge. */
export interface PlatformEvents {
  /** A physical edge. Key repeats are not forwarded: a `down` after a `down` means that an `up` was missed. */
  key(key: AlarmKey, action: KeyAction): void;
  /** `claims()` or `keysFrom` answers differently now. */
  claimsChanged(): void;
  /** The box woke up, or its network changed: it is worth trying the centre at once. */
  wake(): void;
}

export interface Platform {
  readonly name: string;
  /** `page`: the remote reaches the TV page only, which forwards the alarm key over the link. May change while it runs. */
  readonly keysFrom: 'device' | 'page';
  claims(): Claims;
  /** What the box knows about itself. `boxId` is used where the configuration names none. */
  identity(): Promise<{ boxId?: string }>;
  start(events: PlatformEvents): Promise<void>;
  stop(): Promise<void>;
}
