/**
 * The test alarm: tries the whole way of an alarm (flash, network, the centre's commit) and pages nobody. A person's test is
 * shown on the TV; the box's own, once a day, is not.
 */
import { type AnyCloudEvent, makeEvent, type Received, type TestRaised, type TvState } from '@shouwang/protocol';
import type { Logger } from 'pino';
import type { Clock, Timer } from '../clock.ts';
import type { OutboxEntry } from '../outbox/entry.ts';
import type { Outbox } from '../outbox/outbox.ts';

export interface TestAlarmSettings {
  /** ms after which a test without an answer has not got through. */
  lateMs(): number;
  /** The box tests itself so often, ms; 0: never. The first time somewhere within `firstWithinMs` after the start, then every time up to a tenth later. */
  everyMs: number;
  firstWithinMs: number;
}

export interface TestAlarmDeps {
  boxId: string;
  clock: Clock;
  log: Logger;
  outbox: Outbox;
  settings: TestAlarmSettings;
  random(): number;
  newId(now: number): string;
  wake(urgent: boolean): void;
  /** `tv()` answers differently now. */
  onChange(): void;
  /** A person's test got through. */
  onPassed?(at: number): void;
}

export interface TestAlarm {
  /** Begins the daily self-tests. */
  start(): void;
  /** Somebody at home pressed the test key. Throws OUTBOX_FULL. */
  press(): Promise<void>;
  /** The last test of a person, for as long as it is of interest. */
  tv(): TvState['test'];
  dismiss(): void;
  onStored(entry: OutboxEntry): void;
  onSent(entry: OutboxEntry): void;
  onReceived(d: Received['data']): void;
  onRejected(messageId: string): void;
  stop(): void;
}

/** How long a test that arrived is shown. */
export const SHOWN_MS = 20_000;
/** How long one that did not get through is shown: there is a telephone number to write down. */
export const SHOWN_LATE_MS = 5 * 60_000;

export function createTestAlarm(deps: TestAlarmDeps): TestAlarm {
  const { clock, log, outbox, settings } = deps;
  let shown: (NonNullable<TvState['test']> & { id: string }) | undefined;
  let step: Timer | undefined;
  let next: Timer | undefined;

  const pending = () => outbox.entries().find((e) => e.kind === 'test');

  function show(now: typeof shown): void {
    shown = now;
    deps.onChange();
  }

  function update(id: string, more: Partial<NonNullable<TvState['test']>>): void {
    if (shown?.id === id) show({ ...shown, ...more });
  }

  /** What comes next by the clock alone. */
  function then(ms: number, what: () => void): void {
    step?.cancel();
    step = clock.after(ms, what);
  }

  const hide = () => show(undefined);

  async function put(by: TestRaised['data']['by']): Promise<{ id: string; stored: boolean }> {
    const now = clock.now();
    const event = makeEvent('cn.shouwang.box.test.v1', `box/${deps.boxId}`, deps.newId(now), now, { at: now, by }) satisfies AnyCloudEvent;
    if (by === 'person') {
      shown = { id: event.id, at: now };
      then(settings.lateMs(), () => {
        update(event.id, { late: true });
        then(SHOWN_LATE_MS, hide);
      });
      deps.onChange();
    }
    log.info({ id: event.id, by }, 'test');
    const { stored } = await outbox.put('test', event.id, event);
    deps.wake(by === 'person');
    return { id: event.id, stored };
  }

  function selfTestIn(ms: number): void {
    next = clock.after(ms, () => {
      // One without an answer says it all.
      if (!pending()) put('self').catch((error) => log.warn({ err: error }, 'the self-test could not be stored'));
      selfTestIn(settings.everyMs * (1 + deps.random() / 10));
    });
  }

  return {
    start() {
      if (settings.everyMs > 0) selfTestIn(settings.firstWithinMs * deps.random());
    },

    async press() {
      // Pressed again while the first is under way: it is the same test.
      if (shown && shown.receivedAt === undefined && !shown.late) return;
      // An older one that is still unanswered goes: the newest counts, and the flash holds one.
      for (const e of outbox.entries()) if (e.kind === 'test') await outbox.delete(e.event.id);
      try {
        const { id, stored } = await put('person');
        if (stored) update(id, { storedAt: clock.now() });
      } catch (error) {
        step?.cancel();
        hide();
        throw error;
      }
    },

    tv() {
      if (!shown) return undefined;
      const { id: _id, ...rest } = shown;
      return rest;
    },

    dismiss() {
      step?.cancel();
      if (shown) hide();
    },

    onStored(entry) {
      if (shown?.storedAt === undefined) update(entry.event.id, { storedAt: clock.now() });
    },

    onSent(entry) {
      if (shown?.sentAt === undefined) update(entry.event.id, { sentAt: clock.now() });
    },

    onReceived(d) {
      if (shown?.id !== d.messageId || shown.receivedAt !== undefined) return;
      update(d.messageId, { receivedAt: d.receivedAt, late: undefined });
      deps.onPassed?.(d.receivedAt);
      then(SHOWN_MS, hide);
    },

    onRejected(messageId) {
      // The centre is there and does not take it: it did not get through.
      if (shown?.id !== messageId) return;
      update(messageId, { late: true });
      then(SHOWN_LATE_MS, hide);
    },

    stop() {
      step?.cancel();
      next?.cancel();
    },
  };
}
