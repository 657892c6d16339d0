/**
 * The alarm of this box, from the key to the answer: makes the messages, keeps the record, tells the TV.
 * Every message goes through the outbox first; the uplink is only woken.
 */
import {
  type About,
  type AnyCloudEvent,
  CodedError,
  type Gesture,
  makeEvent,
  type OnScreen,
  type Progress,
  type Rating,
  type Received,
  type Rejected,
  type TvAlarm,
} from '@shouwang/protocol';
import type { Logger } from 'pino';
import type { Clock, Timer } from '../clock.ts';
import type { EntryKind, OutboxEntry } from '../outbox/entry.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { AlarmFile } from './alarm-file.ts';
import { checkMayRate, isUnfinished, reportsOf, withPast } from './past.ts';
import {
  type AlarmRecord,
  adopted,
  isOpen,
  mayDismiss,
  raised,
  toTv,
  withAbout,
  withPressedAgain,
  withProgress,
  withRating,
  withReceived,
  withRejected,
  withUnanswered,
} from './record.ts';
import { isSilent } from './silent-alarm.ts';

export interface AlarmDeps {
  boxId: string;
  clock: Clock;
  log: Logger;
  outbox: Outbox;
  file: AlarmFile;
  settings: { withdrawWindowS: number; lateAfterS: number };
  /** Makes a UUIDv7 for a moment (ms since 1970). */
  newId(now: number): string;
  /** Something is in the outbox that should go out now. `urgent`: an alarm, worth an immediate attempt to connect. */
  wake(urgent: boolean): void;
  /** `tv()` answers differently now. */
  onChange(): void;
}

export interface AlarmService {
  /** Reads the state from flash and reconciles it with the outbox. Call once, after `outbox.open()`. */
  load(): Promise<void>;
  /** ① The key: stores and sends an alarm at once, or strengthens the open one. Resolves when the outbox has it. */
  press(gesture: Gesture): Promise<void>;
  /** What the TV shows now; an alarm carries it. */
  watching(onScreen: OnScreen | null): void;
  readonly onScreen: OnScreen | undefined;
  /** Throws ALARM_UNKNOWN without an alarm, CASE_STATE when it is over, OUTBOX_FULL. */
  withdraw(): Promise<void>;
  /** Throws like `withdraw`. */
  detail(about: About): Promise<void>;
  /** Of the last alarm, or of another that is reported. Throws ALARM_UNKNOWN, CASE_STATE unless closed, OUTBOX_FULL. */
  rate(rating: Rating, alarmId?: string): Promise<void>;
  /** Throws ALARM_UNKNOWN, CASE_STATE while the alarm is not over. */
  dismiss(): void;
  tv(): TvAlarm | undefined;
  /** This box's alarms, the newest first, the open one too. */
  reports(): TvAlarm[];
  /** For `up/sync`: alarms whose state this box wants to know, at most 50. */
  openIds(): string[];
  onStored(entry: OutboxEntry): void;
  onSent(entry: OutboxEntry): void;
  onReceived(d: Received['data']): Promise<void>;
  onRejected(d: Rejected['data']): Promise<void>;
  onProgress(d: Progress['data']): Promise<void>;
  close(): Promise<void>;
}

const KEEP_DISMISSED = 50;

export function createAlarmService(deps: AlarmDeps): AlarmService {
  const { clock, log, outbox, file } = deps;
  let record: AlarmRecord | undefined;
  let dismissed: string[] = [];
  let past: AlarmRecord[] = [];
  let onScreen: OnScreen | undefined;
  let late = false;
  let lateTimer: Timer | undefined;
  let storingAgain = false;
  /** Progress that came before its `received`. */
  let early: Progress['data'] | undefined;

  const save = () => file.save({ record, dismissed, past });
  /** Replaces the record, or the earlier one, that is about this alarm. True when something changed. */
  function update(id: string, change: (r: AlarmRecord) => AlarmRecord): boolean {
    const before = record?.id === id ? record : past.find((r) => r.id === id);
    if (!before) return false;
    const next = change(before);
    if (next === before) return false;
    if (before === record) record = next;
    else past = past.map((r) => (r === before ? next : r));
    deps.onChange();
    return true;
  }

  async function rateNow(r: AlarmRecord, rating: Rating): Promise<void> {
    const now = clock.now();
    const event = message('cn.shouwang.case.rating.v1', { alarmId: r.id, rating, at: now }, now);
    update(r.id, (x) => withRating(x, rating, event.id));
    try {
      await put('rating', r.id, event);
    } catch (error) {
      update(r.id, (x) => ({ ...x, rating: r.rating, ratingId: r.ratingId, ratingReceived: r.ratingReceived }));
      throw error;
    }
    await save();
  }

  function armLate(inMs: number): void {
    late = false;
    lateTimer?.cancel();
    lateTimer = clock.after(inMs, () => {
      late = true;
      deps.onChange();
    });
  }

  const message = <T extends string, D>(type: T, data: D, now: number) =>
    makeEvent(type, `box/${deps.boxId}`, deps.newId(now), now, data) satisfies AnyCloudEvent;

  async function put(kind: EntryKind, alarmId: string, event: AnyCloudEvent): Promise<{ entry: OutboxEntry; stored: boolean }> {
    const result = await outbox.put(kind, alarmId, event);
    deps.wake(kind === 'alarm');
    return result;
  }

  async function raise(gesture: Gesture): Promise<void> {
    const now = clock.now();
    const { withdrawWindowS } = deps.settings;
    const event = message(
      'cn.shouwang.alarm.raised.v1',
      { pressedAt: now, gesture, withdrawWindowS, ...(onScreen ? { onScreen } : {}) },
      now,
    );
    giveWay();
    record = raised(event, 0);
    early = undefined;
    armLate(deps.settings.lateAfterS * 1000);
    deps.onChange();
    log.info({ id: event.id, gesture, onScreen: onScreen?.cameraId }, 'alarm');
    const { entry, stored } = await put('alarm', event.id, event);
    update(event.id, (r) => ({ ...r, seq: entry.seq, storedAt: stored ? clock.now() : r.storedAt }));
    await save();
  }

  async function strengthen(r: AlarmRecord): Promise<void> {
    // One unanswered "pressed again" says it all; a frightened hand must not fill the flash.
    const pending = outbox.entries().some((e) => e.alarmId === r.id && (e.event.data as { pressedAgain?: true }).pressedAgain);
    if (pending || storingAgain) return;
    const now = clock.now();
    const data = { alarmId: r.id, at: now, pressedAgain: true as const, ...(onScreen ? { onScreen } : {}) };
    log.info({ id: r.id }, 'pressed again while the alarm is open');
    const event = message('cn.shouwang.alarm.detailed.v1', data, now);
    storingAgain = true;
    const { stored } = await put('detail', r.id, event).finally(() => {
      storingAgain = false;
    });
    update(r.id, (x) => withPressedAgain(x, event.id, stored ? clock.now() : undefined));
    await save();
  }

  /** The open alarm to act on. */
  function open(): AlarmRecord {
    if (!record) throw new CodedError('ALARM_UNKNOWN');
    if (!isOpen(record)) throw new CodedError('CASE_STATE');
    return record;
  }

  /** An alarm that is over for the villager does not come back. One that "not solved" may bring back is not over. */
  function giveWay(): void {
    if (record && (mayDismiss(record) || record.withdrawId !== undefined)) dismissed = [...dismissed, record.id].slice(-KEEP_DISMISSED);
    if (record) past = withPast(past, record);
  }

  /** "Not solved": it is followed like the open one again, or as soon as no other one is open. */
  function comesBack(id: string): void {
    dismissed = dismissed.filter((d) => d !== id);
    const again = past.find((r) => r.id === id);
    if (again && !isOpen(record)) {
      giveWay();
      past = past.filter((r) => r !== again);
      record = again;
      deps.onChange();
    }
    void save();
  }

  /** The outbox is written first: the process may have died before the file was. */
  function reconcile(): void {
    if (record) outbox.continueAfter(record.seq);
    const entries = outbox.entries();
    const newest = entries.findLast((e) => e.kind === 'alarm' && !isSilent(e) && !dismissed.includes(e.alarmId));
    if (newest && newest.alarmId !== record?.id && (!record || newest.seq > record.seq)) {
      giveWay();
      record = raised(newest.event as NonNullable<AlarmRecord['event']>, newest.seq);
    }
    if (!record) return;
    record = withUnanswered(record, entries);
    if (outbox.get(record.id)) record = { ...record, storedAt: record.storedAt ?? clock.now() };
  }

  return {
    async load() {
      const kept = await file.load();
      ({ record, dismissed } = kept);
      past = kept.past ?? [];
      reconcile();
      if (!record) return;
      const { id, receivedAt, rejected, event, pressedAt } = record;
      if (receivedAt !== undefined || rejected) return;
      const age = clock.now() - pressedAt;
      const allowed = deps.settings.lateAfterS * 1000;
      // A clock that jumped back makes the age negative: count afresh.
      if (age >= allowed) late = true;
      else armLate(age < 0 ? allowed : allowed - age);
      if (event && !outbox.get(id)) {
        log.warn({ id }, 'the alarm is not in the outbox although the centre has not answered: put back');
        const { stored, entry } = await outbox.put('alarm', id, event);
        update(id, (r) => ({ ...r, seq: entry.seq, storedAt: stored ? clock.now() : undefined }));
      }
      await save();
    },

    async press(gesture) {
      if (isOpen(record)) await strengthen(record);
      else await raise(gesture);
    },

    watching(now) {
      onScreen = now ?? undefined;
    },

    get onScreen() {
      return onScreen;
    },

    async withdraw() {
      if (record && record.withdrawId !== undefined && !record.rejected) return;
      const r = open();
      const now = clock.now();
      const event = message('cn.shouwang.alarm.withdrawn.v1', { alarmId: r.id, at: now }, now);
      update(r.id, (x) => ({ ...x, withdrawId: event.id }));
      try {
        await put('withdraw', r.id, event);
      } catch (error) {
        update(r.id, (x) => ({ ...x, withdrawId: undefined }));
        throw error;
      }
      update(r.id, (x) => ({ ...x, withdrawSentAt: now }));
      await save();
    },

    async detail(about) {
      const r = open();
      const now = clock.now();
      await put('detail', r.id, message('cn.shouwang.alarm.detailed.v1', { alarmId: r.id, at: now, about }, now));
      update(r.id, (x) => withAbout(x, about));
      await save();
    },

    async rate(rating, alarmId = record?.id) {
      const earlier = past.find((r) => r.id === alarmId && r.id !== record?.id);
      if (earlier) {
        checkMayRate(earlier, rating);
        await rateNow(earlier, rating);
        if (rating === 'unsolved') comesBack(earlier.id);
        return;
      }
      if (!record || record.id !== alarmId) throw new CodedError('ALARM_UNKNOWN');
      if (record.rating === rating) return;
      checkMayRate(record, rating);
      await rateNow(record, rating);
    },

    dismiss() {
      if (!record) throw new CodedError('ALARM_UNKNOWN');
      if (!mayDismiss(record)) throw new CodedError('CASE_STATE');
      giveWay();
      record = undefined;
      lateTimer?.cancel();
      deps.onChange();
      // One that "not solved" brought back meanwhile was behind it.
      const back = past.find((r) => r.reopened > 0 && isOpen(r) && !dismissed.includes(r.id));
      if (back) comesBack(back.id);
      else void save();
    },

    tv: () => (record ? toTv(record, late) : undefined),

    reports: () => reportsOf(record, past, late),

    openIds() {
      const ids = new Set(outbox.entries().flatMap((e) => (e.kind === 'alarm' && !isSilent(e) ? [e.alarmId] : [])));
      for (const r of past.toReversed()) if (isUnfinished(r)) ids.add(r.id);
      if (record && !record.rejected) ids.add(record.id);
      return [...ids].slice(-50);
    },

    onStored(entry) {
      if (entry.kind !== 'alarm') return;
      if (update(entry.alarmId, (r) => ({ ...r, storedAt: r.storedAt ?? clock.now() }))) void save();
    },

    onSent(entry) {
      if (entry.kind !== 'alarm') return;
      if (update(entry.alarmId, (r) => (r.sentAt === undefined ? { ...r, sentAt: clock.now() } : r))) void save();
    },

    async onReceived(d) {
      const changed = update(d.alarmId, (r) => {
        const next = withReceived(r, d);
        return early?.alarmId === r.id ? withProgress(next, early) : next;
      });
      // The truth first, the deletion of the file second: a crash between them sends once more. What waited for this answer
      // does not wait for the flash.
      const deleted = outbox.delete(d.messageId, changed ? save() : undefined);
      deps.wake(false);
      await deleted;
    },

    async onRejected(d) {
      const entry = outbox.get(d.messageId);
      if (!entry) return;
      if (!isSilent(entry)) log.warn({ id: d.messageId, kind: entry.kind, code: d.code }, 'the centre refused a message for good');
      if (update(entry.alarmId, (r) => withRejected(r, d))) await save();
      await outbox.reject(d.messageId, d.code);
      if (entry.kind !== 'alarm') return;
      // What was said about an alarm that the centre does not take has nowhere to go.
      for (const e of outbox.entries()) if (e.alarmId === entry.alarmId) await outbox.reject(e.event.id, d.code);
    },

    async onProgress(d) {
      if (record?.id !== d.alarmId && update(d.alarmId, (r) => withProgress(r, d))) {
        // One that "not solved" brought back is followed again where no other one is in front.
        if (!record && !dismissed.includes(d.alarmId) && d.state !== 'closed' && d.withdrawnAt === undefined) comesBack(d.alarmId);
        return save();
      }
      if (
        dismissed.includes(d.alarmId) ||
        past.some((r) => r.id === d.alarmId) ||
        outbox.entries().some((e) => e.alarmId === d.alarmId && isSilent(e))
      )
        return;
      if (!record && d.state !== 'closed' && d.withdrawnAt === undefined) {
        log.info({ id: d.alarmId }, 'the centre knows an open alarm of this box that the box had forgotten');
        record = adopted(d);
        deps.onChange();
        return save();
      }
      if (record?.id === d.alarmId && record.receivedAt === undefined) {
        if (!early || early.alarmId !== d.alarmId || early.revision < d.revision) early = d;
        return;
      }
      if (update(d.alarmId, (r) => withProgress(r, d))) await save();
    },

    async close() {
      lateTimer?.cancel();
      await file.idle();
    },
  };
}
