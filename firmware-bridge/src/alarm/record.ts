/**
 * The alarm as the box knows it. Pure transitions; each time is set only by the fact that it names.
 * One record: the open alarm, or the last one until it is put away.
 */
import type {
  About,
  AlarmDetailed,
  AlarmRaised,
  AlarmWithdrawn,
  CaseRated,
  Progress,
  Rating,
  Received,
  Rejected,
  TvAlarm,
} from '@shouwang/protocol';
import type { OutboxEntry } from '../outbox/entry.ts';

export interface AlarmRecord extends Omit<TvAlarm, 'late'> {
  /** The message itself, so that it can be sent again should the outbox lose it. Absent where the alarm is known from the centre only. */
  event?: AlarmRaised | undefined;
  /** Its place in the outbox's order. */
  seq: number;
  /** The newest progress that was taken over; 0 before the first. */
  revision: number;
  withdrawId?: string | undefined;
  /** The newest "pressed again". */
  againId?: string | undefined;
  ratingId?: string | undefined;
}

export function raised(event: AlarmRaised, seq: number): AlarmRecord {
  const { pressedAt, withdrawWindowS } = event.data;
  return {
    id: event.id,
    event,
    seq,
    pressedAt,
    withdrawUntil: pressedAt + withdrawWindowS * 1000,
    reopened: 0,
    ratingReceived: false,
    revision: 0,
  };
}

/** An alarm that only the centre remembers (the box lost its data). */
export function adopted(p: Progress['data']): AlarmRecord {
  const base: AlarmRecord = {
    id: p.alarmId,
    seq: 0,
    fromCentre: true,
    pressedAt: p.receivedAt,
    receivedAt: p.receivedAt,
    withdrawUntil: p.receivedAt,
    reopened: 0,
    ratingReceived: false,
    revision: 0,
  };
  return withProgress(base, p);
}

/**
 * What the outbox holds of this alarm is the truth about what the centre has not answered; the state file may be older (the
 * process died between the two writes) or newer (it was written while a message was on its way to the flash).
 */
export function withUnanswered(r: AlarmRecord, entries: readonly OutboxEntry[]): AlarmRecord {
  const mine = entries.filter((e) => e.alarmId === r.id);
  const newest = <T>(test: (e: OutboxEntry) => boolean) => mine.findLast(test)?.event as T | undefined;
  const about = newest<AlarmDetailed>((e) => e.kind === 'detail' && (e.event as AlarmDetailed).data.about !== undefined);
  const again = newest<AlarmDetailed>((e) => e.kind === 'detail' && (e.event as AlarmDetailed).data.pressedAgain === true);
  const next = { ...r, about: about?.data.about ?? r.about };
  if (r.withdrawnAt === undefined) {
    const withdraw = newest<AlarmWithdrawn>((e) => e.kind === 'withdraw');
    Object.assign(next, { withdrawId: withdraw?.id, withdrawSentAt: withdraw?.data.at });
  }
  if (r.state === 'closed' && !r.ratingReceived) {
    const rated = newest<CaseRated>((e) => e.kind === 'rating');
    Object.assign(next, { ratingId: rated?.id, rating: rated?.data.rating });
  }
  if (again && again.id !== r.againId) return withPressedAgain(next, again.id, again.data.at);
  if (!again && !r.pressedAgainReceived) Object.assign(next, { againId: undefined, pressedAgainAt: undefined });
  return next;
}

/** ④ The centre has committed a message of this alarm. */
export function withReceived(r: AlarmRecord, d: Received['data']): AlarmRecord {
  if (d.messageId === r.id && r.receivedAt === undefined) return { ...r, receivedAt: d.receivedAt, caseNo: d.caseNo, rejected: undefined };
  if (d.messageId === r.withdrawId && r.withdrawnAt === undefined) return { ...r, withdrawnAt: d.receivedAt };
  if (d.messageId === r.againId && !r.pressedAgainReceived)
    return { ...r, pressedAgainAt: r.pressedAgainAt ?? d.receivedAt, pressedAgainReceived: true };
  if (d.messageId === r.ratingId && !r.ratingReceived) return { ...r, ratingReceived: true };
  return r;
}

/** Final refusal of the alarm itself, or of something said about it, which then counts as not said. */
export function withRejected(r: AlarmRecord, d: Rejected['data']): AlarmRecord {
  if (d.messageId === r.withdrawId) return { ...r, withdrawId: undefined, withdrawSentAt: undefined };
  if (d.messageId === r.ratingId) return { ...r, ratingId: undefined, rating: undefined };
  if (d.messageId === r.againId) return { ...r, againId: undefined, pressedAgainAt: undefined };
  if (d.messageId !== r.id) return r;
  return { ...r, rejected: { code: d.code, message: d.message, phone: d.phone } };
}

/**
 * ⑧ The whole truth from the centre. The newest revision wins; anything older changes nothing. Before `received` nothing is
 * taken over: the centre may know this id with somebody else's content, and will then refuse ours.
 */
export function withProgress(r: AlarmRecord, p: Progress['data']): AlarmRecord {
  if (r.receivedAt === undefined || p.revision <= r.revision) return r;
  const broughtBack = p.reopened > r.reopened;
  return {
    ...r,
    revision: p.revision,
    caseNo: p.caseNo,
    state: p.state,
    post: p.post,
    signedAt: p.signedAt,
    handlingAt: p.handlingAt,
    closedAt: p.closedAt,
    result: p.result,
    escalatedAt: p.escalatedAt,
    extendedUntil: p.extendedUntil,
    withdrawnAt: p.withdrawnAt ?? r.withdrawnAt,
    reopened: p.reopened,
    // "Not solved" brought the case back: at its next end the villager is asked afresh.
    ...(broughtBack ? { rating: undefined, ratingReceived: false, ratingId: undefined } : {}),
  };
}

/** A further press of the key is in the outbox; `storedAt` where it is on flash. */
export function withPressedAgain(r: AlarmRecord, againId: string, storedAt: number | undefined): AlarmRecord {
  return { ...r, againId, pressedAgainAt: storedAt, pressedAgainReceived: false };
}

export function withAbout(r: AlarmRecord, about: About): AlarmRecord {
  return { ...r, about };
}

export function withRating(r: AlarmRecord, rating: Rating, ratingId: string): AlarmRecord {
  return { ...r, rating, ratingId, ratingReceived: false };
}

/** Open: a further press strengthens this alarm instead of making a second case. After a withdrawal, a press is a new alarm: somebody means it now. */
export function isOpen(r: AlarmRecord | undefined): r is AlarmRecord {
  return r !== undefined && !r.rejected && r.withdrawId === undefined && r.withdrawnAt === undefined && r.state !== 'closed';
}

/** Whether the villager may put the alarm screen away. "Not solved" stays: the case comes back. */
export function mayDismiss(r: AlarmRecord): boolean {
  if (r.rejected || r.withdrawSentAt !== undefined || r.withdrawnAt !== undefined) return true;
  return r.state === 'closed' && r.rating !== undefined && r.rating !== 'unsolved';
}

/** What the TV may know of it. */
export function toTv(r: AlarmRecord, late: boolean): TvAlarm {
  const { event: _event, seq: _seq, revision: _revision, withdrawId: _withdrawId, againId: _againId, ratingId: _ratingId, ...shown } = r;
  return { ...shown, late: late && r.receivedAt === undefined && !r.rejected };
}
