/**
 * The silent alarm: raised under somebody's eyes, so nothing of it may be noticed at home. It goes through the outbox like
 * any alarm, and is no part of the record that the TV shows: no state, no question after a reconnect, no word in the
 * log that a person at the box would understand. Once the centre has it, the box knows nothing of it any more.
 */
import { type AlarmRaised, type AnyCloudEvent, makeEvent, type OnScreen } from '@shouwang/protocol';
import type { Clock, Timer } from '../clock.ts';
import type { OutboxEntry } from '../outbox/entry.ts';
import type { Outbox } from '../outbox/outbox.ts';

export interface SilentAlarmDeps {
  boxId: string;
  clock: Clock;
  outbox: Outbox;
  /** What the TV shows; an alarm carries it. */
  onScreen(): OnScreen | undefined;
  /** Makes a UUIDv7 for a moment (ms since 1970). */
  newId(now: number): string;
  wake(urgent: boolean): void;
  /** `hushed` has ended. */
  onHushEnd(): void;
}

export interface SilentAlarm {
  /** Stores and sends one at once. While one is unanswered a further press adds nothing: a frightened hand must not fill the flash. */
  press(): Promise<void>;
  /** Soon after a press: flash that broke under it is not shown yet, or the screen would answer the press under somebody's eyes. */
  readonly hushed: boolean;
  stop(): void;
}

/** How long the screen does not change for what the press brought to light. ms */
const HUSH_MS = 60_000;

/** Whether an entry of the outbox is a silent alarm. */
export function isSilent(entry: Pick<OutboxEntry, 'kind' | 'event'>): boolean {
  return entry.kind === 'alarm' && (entry.event as AlarmRaised).data.silent === true;
}

export function createSilentAlarm(deps: SilentAlarmDeps): SilentAlarm {
  const { clock, outbox } = deps;
  let storing = false;
  let hush: Timer | undefined;

  return {
    get hushed() {
      return hush !== undefined;
    },
    stop() {
      hush?.cancel();
      hush = undefined;
    },
    async press() {
      if (storing || outbox.entries().some(isSilent)) return;
      storing = true;
      // What is known to be broken stays on the screen: it would be seen to vanish.
      if (outbox.healthy)
        hush ??= clock.after(HUSH_MS, () => {
          hush = undefined;
          deps.onHushEnd();
        });
      try {
        const now = clock.now();
        const onScreen = deps.onScreen();
        const data = { pressedAt: now, gesture: 'silent', withdrawWindowS: 0, silent: true, ...(onScreen ? { onScreen } : {}) };
        const event = makeEvent('cn.shouwang.alarm.raised.v1', `box/${deps.boxId}`, deps.newId(now), now, data) satisfies AnyCloudEvent;
        await outbox.put('alarm', event.id, event);
        deps.wake(true);
      } finally {
        storing = false;
      }
    },
  };
}
