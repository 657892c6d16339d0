/**
 * The alarms of a box whose page is its only voice. Pure: state and fact in, state out; each time is set only by the fact that it names. What
 * has to reach the centre is part of the state (`outbox`), and leaves it only by the centre's answer.
 */
import {
  type About,
  type AnyCloudEvent,
  makeEvent,
  type OnScreen,
  type Progress,
  type Rating,
  type Received,
  type Rejected,
} from '@shouwang/protocol';
import { LinkError } from '../services/json-rpc.ts';
import { forgotten, isOpen, mayDismiss, mayRate, type PageAlarm, raised, withProgress, withReceived, withRejected } from './page-alarm.ts';
import { withPast } from './past.ts';

export type EntryKind = 'alarm' | 'withdraw' | 'detail' | 'rating' | 'test';

export interface Entry {
  kind: EntryKind;
  alarmId: string;
  event: AnyCloudEvent;
  /** The centre's final refusal: kept as long as the alarm is shown, and never sent again. */
  refused?: string | undefined;
  silent?: true | undefined;
}

export interface PageTest {
  id: string;
  at: number;
  storedAt?: number | undefined;
  sentAt?: number | undefined;
  receivedAt?: number | undefined;
}

export interface AlarmState {
  alarm?: PageAlarm | undefined;
  outbox: readonly Entry[];
  /** The last test press of a person, while it is of interest. */
  test?: PageTest | undefined;
  /** Alarms that were put away, newest last: what the centre still says of them is not shown again. */
  dismissed: readonly string[];
  /** Earlier alarms, the newest first, where each goes on by what the centre says. */
  past: readonly PageAlarm[];
}
export const EMPTY: AlarmState = { outbox: [], dismissed: [], past: [] };

/**
 * What an earlier page kept, without the earlier alarms (alarm-memory.ts); nothing, where it cannot be that. What came of a test is for whoever
 * pressed the key, not for who turns the box on the next day.
 */
export function restored(value: unknown): AlarmState {
  const found = value as Partial<AlarmState> | undefined;
  if (!found || !Array.isArray(found.outbox) || !Array.isArray(found.dismissed)) return EMPTY;
  return { alarm: found.alarm, outbox: found.outbox, dismissed: found.dismissed, past: [] };
}

/** What every new message needs. */
export interface Making {
  boxId: string;
  now: number;
  newId(now: number): string;
}

/** Room in the outbox for what is not an alarm. */
const ROOM = 40;
const DISMISSED_KEPT = 50;
const WITHDRAW_WINDOW_S = 3;

/** The key was held or pressed three times: a new alarm, or a stronger one. */
export function pressed(s: AlarmState, m: Making, gesture: 'hold' | 'triple', onScreen: OnScreen | undefined): AlarmState {
  const seen = onScreen ? { onScreen } : {};
  if (isOpen(s.alarm)) {
    const { alarm } = s;
    // One unanswered "pressed again" says it all.
    if (s.outbox.some((e) => e.event.id === alarm.againId) || isFull(s)) return s;
    const again = put(s, m, 'detail', alarm.id, 'cn.shouwang.alarm.detailed.v1', {
      alarmId: alarm.id,
      at: m.now,
      pressedAgain: true,
      ...seen,
    });
    return { ...again.state, alarm: { ...alarm, againId: again.id, pressedAgainAt: m.now, pressedAgainReceived: false } };
  }
  const id = m.newId(m.now);
  const data = { pressedAt: m.now, gesture, withdrawWindowS: WITHDRAW_WINDOW_S, ...seen };
  const event = makeEvent('cn.shouwang.alarm.raised.v1', `box/${m.boxId}`, id, m.now, data);
  const left = s.alarm ? putAway(s, s.alarm) : s;
  return {
    ...left,
    outbox: left.outbox.concat({ kind: 'alarm', alarmId: id, event }),
    alarm: raised(id, m.now, m.now + WITHDRAW_WINDOW_S * 1000),
  };
}

/** The caller takes it back. Throws ALARM_UNKNOWN without an alarm, CASE_STATE when it is over, OUTBOX_FULL. */
export function withdrawn(s: AlarmState, m: Making): AlarmState {
  const alarm = open(s);
  const said = put(s, m, 'withdraw', alarm.id, 'cn.shouwang.alarm.withdrawn.v1', { alarmId: alarm.id, at: m.now });
  return { ...said.state, alarm: { ...alarm, withdrawId: said.id, withdrawSentAt: m.now } };
}

/** Throws like `withdrawn`. */
export function detailed(s: AlarmState, m: Making, about: About): AlarmState {
  const alarm = open(s);
  const said = put(s, m, 'detail', alarm.id, 'cn.shouwang.alarm.detailed.v1', { alarmId: alarm.id, at: m.now, about });
  return { ...said.state, alarm: { ...alarm, about } };
}

/** The answer to "solved?", of the last alarm or of an earlier one. Throws ALARM_UNKNOWN, CASE_STATE where it is not asked, OUTBOX_FULL. */
export function rated(s: AlarmState, m: Making, rating: Rating, alarmId = s.alarm?.id): AlarmState {
  const alarm = known(alarmOf(s, alarmId));
  if (!mayRate(alarm, rating)) throw new LinkError('CASE_STATE');
  const said = put(s, m, 'rating', alarm.id, 'cn.shouwang.case.rating.v1', { alarmId: alarm.id, rating, at: m.now });
  const next = change(said.state, alarm.id, (a) => ({ ...a, rating, ratingId: said.id, ratingReceived: false }));
  return rating === 'unsolved' ? inFront(next, alarm.id) : next;
}

/** The silent gesture: an alarm of which nothing is ever shown. It lives in the outbox alone. While one is unanswered, a further one adds nothing. */
export function pressedSilently(s: AlarmState, m: Making, onScreen: OnScreen | undefined): AlarmState {
  if (s.outbox.some((e) => e.silent)) return s;
  const id = m.newId(m.now);
  const data = {
    pressedAt: m.now,
    gesture: 'silent' as const,
    withdrawWindowS: 0,
    silent: true as const,
    ...(onScreen ? { onScreen } : {}),
  };
  const event = makeEvent('cn.shouwang.alarm.raised.v1', `box/${m.boxId}`, id, m.now, data);
  return { ...s, outbox: s.outbox.concat({ kind: 'alarm', alarmId: id, event, silent: true }) };
}

/** The whole way is tried: daily by the page itself, or by a person, who is shown what came of it. One at a time: the newest of a person counts. */
export function tested(s: AlarmState, m: Making, by: 'self' | 'person'): AlarmState {
  const waiting = s.outbox.filter((e) => e.kind === 'test').map((e) => e.event.id);
  if (waiting.length > 0 && (by === 'self' || waiting.indexOf(s.test?.id ?? '') >= 0)) return s;
  const id = m.newId(m.now);
  const event = makeEvent('cn.shouwang.box.test.v1', `box/${m.boxId}`, id, m.now, { at: m.now, by });
  const outbox = s.outbox.filter((e) => e.kind !== 'test').concat({ kind: 'test', alarmId: id, event });
  return by === 'self' ? { ...s, outbox } : { ...s, outbox, test: { id, at: m.now } };
}

/** The test's result is put away. What is still to be sent of it is sent. */
export function testDismissed(s: AlarmState): AlarmState {
  return { ...s, test: undefined };
}

/** The alarm's screen is put away. Throws ALARM_UNKNOWN, CASE_STATE while it is not over. */
export function dismissed(s: AlarmState): AlarmState {
  const alarm = known(s.alarm);
  if (!mayDismiss(alarm)) throw new LinkError('CASE_STATE');
  const left = { ...putAway(s, alarm), alarm: undefined };
  // One that "not solved" brought back meanwhile was behind it.
  const back = left.past.filter((a) => a.reopened > 0 && isOpen(a) && left.dismissed.indexOf(a.id) < 0)[0];
  return back ? inFront(left, back.id) : left;
}

/** What is in the state is on the box's storage. */
export function stored(s: AlarmState, at: number): AlarmState {
  const { alarm, test } = s;
  const waits = (id: string | undefined) => s.outbox.some((e) => e.event.id === id);
  return {
    ...s,
    alarm: alarm && alarm.storedAt === undefined && waits(alarm.id) ? { ...alarm, storedAt: at } : alarm,
    test: test && test.storedAt === undefined && waits(test.id) ? { ...test, storedAt: at } : test,
  };
}

/** A message went out whole. */
export function sent(s: AlarmState, id: string, at: number): AlarmState {
  if (s.test?.id === id && s.test.sentAt === undefined) return { ...s, test: { ...s.test, sentAt: at } };
  return change(s, id, (a) => (a.sentAt === undefined ? { ...a, sentAt: at } : a));
}

/** The centre has committed a message: only now does it leave the outbox. */
export function received(s: AlarmState, d: Received['data'], at: number): AlarmState {
  const left = { ...s, outbox: s.outbox.filter((e) => e.event.id !== d.messageId) };
  const { test } = s;
  if (test?.id === d.messageId) return { ...left, test: { ...test, sentAt: test.sentAt ?? at, receivedAt: d.receivedAt } };
  return change(left, d.alarmId, (a) => withReceived(a, d, at));
}

/** The centre refused a message for good: of the alarm itself, everything about it ends; of anything else, it counts as not said. */
export function rejected(s: AlarmState, d: Rejected['data']): AlarmState {
  const entry = s.outbox.filter((e) => e.event.id === d.messageId)[0];
  if (!entry) return s;
  const shown = entry.kind === 'alarm' && s.alarm?.id === entry.alarmId;
  const outbox = shown
    ? s.outbox.map((e) => (e.alarmId === entry.alarmId ? { ...e, refused: d.code } : e))
    : s.outbox.filter((e) => e !== entry);
  return change({ ...s, outbox }, entry.alarmId, (a) => withRejected(a, d));
}

/** The whole truth from the centre. An open alarm that this page has forgotten comes back. */
export function progressed(s: AlarmState, p: Progress['data']): AlarmState {
  const { alarmId } = p;
  if (isSilent(s, alarmId)) return s;
  const putAwayBefore = s.dismissed.indexOf(alarmId) >= 0;
  if (alarmOf(s, alarmId)) {
    const next = change(s, alarmId, (a) => withProgress(a, p));
    // One that was brought back is followed again where no other one is in front.
    return next !== s && !s.alarm && !putAwayBefore && isOpen(alarmOf(next, alarmId)) ? inFront(next, alarmId) : next;
  }
  if (putAwayBefore || s.alarm || p.state === 'closed' || p.withdrawnAt !== undefined) return s;
  return { ...s, alarm: forgotten(p) };
}

/** The centre's list of this box's alarms, the newest first. What only this box knows of (refused, or not received yet) stays. */
export function listed(s: AlarmState, cases: readonly Progress['data'][]): AlarmState {
  return cases.reduce((before, p) => {
    const next = progressed(before, p);
    return alarmOf(next, p.alarmId) || isSilent(next, p.alarmId) ? next : { ...next, past: withPast(next.past, forgotten(p)) };
  }, s);
}

/** For `up/sync`. */
export function openIds(s: AlarmState): string[] {
  const ids = s.outbox.filter((e) => e.kind === 'alarm' && !e.refused && !e.silent).map((e) => e.alarmId);
  if (s.alarm && !s.alarm.rejected && ids.indexOf(s.alarm.id) < 0) ids.push(s.alarm.id);
  return ids.slice(-50);
}

/** What goes out next: alarms first, then in the order of saying. `notYet`: those that wait for something. */
export function nextToSend(s: AlarmState, notYet: (id: string) => boolean): Entry | undefined {
  const ready = s.outbox.filter((e) => !e.refused && !notYet(e.event.id));
  return ready.filter((e) => e.kind === 'alarm')[0] ?? ready[0];
}

/** It gives way to what comes next; what the centre still has to hear of it stays in the outbox. */
function putAway(s: AlarmState, alarm: PageAlarm): AlarmState {
  const over = mayDismiss(alarm) || alarm.withdrawId !== undefined;
  return {
    ...s,
    outbox: s.outbox.filter((e) => !(e.refused && e.alarmId === alarm.id)),
    dismissed: over ? s.dismissed.concat(alarm.id).slice(-DISMISSED_KEPT) : s.dismissed,
    past: withPast(s.past, alarm),
  };
}

/** "Not solved" brings an earlier one back: it is followed like the open one again, unless another one is open. */
function inFront(s: AlarmState, alarmId: string): AlarmState {
  const wanted = { ...s, dismissed: s.dismissed.filter((id) => id !== alarmId) };
  const again = s.past.filter((a) => a.id === alarmId)[0];
  if (!again || isOpen(s.alarm)) return wanted;
  const left = s.alarm ? putAway(wanted, s.alarm) : wanted;
  return { ...left, alarm: again, past: left.past.filter((a) => a.id !== alarmId) };
}

function alarmOf(s: AlarmState, alarmId: string | undefined): PageAlarm | undefined {
  return s.alarm?.id === alarmId ? s.alarm : s.past.filter((a) => a.id === alarmId)[0];
}

/** The last alarm, or the earlier one, that has this id is another one now. The same state where nothing changed. */
function change(s: AlarmState, alarmId: string, next: (a: PageAlarm) => PageAlarm): AlarmState {
  const before = alarmOf(s, alarmId);
  const after = before && next(before);
  if (!after || after === before) return s;
  return before === s.alarm ? { ...s, alarm: after } : { ...s, past: s.past.map((a) => (a === before ? after : a)) };
}

function known(alarm: PageAlarm | undefined): PageAlarm {
  if (!alarm) throw new LinkError('ALARM_UNKNOWN');
  return alarm;
}

/** The open alarm to act on. */
function open(s: AlarmState): PageAlarm {
  const alarm = known(s.alarm);
  if (!isOpen(alarm)) throw new LinkError('CASE_STATE');
  return alarm;
}

/** Nothing of it is ever shown. */
function isSilent(s: AlarmState, alarmId: string): boolean {
  return s.outbox.some((e) => e.silent && e.alarmId === alarmId);
}

function isFull(s: AlarmState): boolean {
  return s.outbox.filter((e) => e.kind !== 'alarm').length >= ROOM;
}

/** Throws OUTBOX_FULL. */
function put(s: AlarmState, m: Making, kind: EntryKind, alarmId: string, type: string, data: unknown) {
  if (isFull(s)) throw new LinkError('OUTBOX_FULL');
  const id = m.newId(m.now);
  const event = makeEvent(type, `box/${m.boxId}`, id, m.now, data);
  return { id, state: { ...s, outbox: s.outbox.concat({ kind, alarmId, event }) } };
}
