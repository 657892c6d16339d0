/** One alarm as the page knows it. Pure transitions; each time is set only by the fact that it names. */
import type { Progress, Rating, Received, Rejected, TvAlarm } from '@shouwang/protocol';

export interface PageAlarm extends Omit<TvAlarm, 'late'> {
  /** The newest progress that was taken over. */
  revision: number;
  withdrawId?: string | undefined;
  againId?: string | undefined;
  ratingId?: string | undefined;
}

export function raised(id: string, pressedAt: number, withdrawUntil: number): PageAlarm {
  return { id, pressedAt, withdrawUntil, reopened: 0, ratingReceived: false, revision: 0 };
}

/** An alarm that only the centre remembers. */
export function forgotten(p: Progress['data']): PageAlarm {
  const { alarmId, receivedAt } = p;
  return withProgress({ ...raised(alarmId, receivedAt, receivedAt), receivedAt, fromCentre: true }, p);
}

/** A message of this alarm is committed at the centre. */
export function withReceived(a: PageAlarm, d: Received['data'], at: number): PageAlarm {
  if (d.messageId === a.id)
    return { ...a, sentAt: a.sentAt ?? at, receivedAt: a.receivedAt ?? d.receivedAt, caseNo: d.caseNo, rejected: undefined };
  if (d.messageId === a.withdrawId) return { ...a, withdrawnAt: a.withdrawnAt ?? d.receivedAt };
  if (d.messageId === a.againId) return { ...a, pressedAgainReceived: true };
  if (d.messageId === a.ratingId) return { ...a, ratingReceived: true };
  return a;
}

/** Final refusal of the alarm itself, or of something said about it, which then counts as not said. */
export function withRejected(a: PageAlarm, d: Rejected['data']): PageAlarm {
  const { code, message, phone } = d;
  if (d.messageId === a.id) return { ...a, rejected: { code, message, phone } };
  if (d.messageId === a.withdrawId) return { ...a, withdrawId: undefined, withdrawSentAt: undefined };
  if (d.messageId === a.againId) return { ...a, againId: undefined, pressedAgainAt: undefined };
  if (d.messageId === a.ratingId) return { ...a, ratingId: undefined, rating: undefined };
  return a;
}

/** The whole truth from the centre; the newest revision wins. Before `received` it may be speaking of somebody else's content under this id. */
export function withProgress(a: PageAlarm, p: Progress['data']): PageAlarm {
  if (a.receivedAt === undefined || p.revision <= a.revision) return a;
  const { revision, caseNo, state, post, signedAt, handlingAt, closedAt, result, escalatedAt, extendedUntil, reopened } = p;
  const news = { revision, caseNo, state, post, signedAt, handlingAt, closedAt, result, escalatedAt, extendedUntil, reopened };
  const next: PageAlarm = { ...a, ...news, withdrawnAt: p.withdrawnAt ?? a.withdrawnAt };
  // "Not solved" brought it back: at its next end the villager is asked afresh.
  if (reopened > a.reopened) Object.assign(next, { rating: undefined, ratingReceived: false, ratingId: undefined });
  // An answer that this page has forgotten is not asked for again.
  if (state === 'closed' && next.rating === undefined && p.rating !== undefined)
    Object.assign(next, { rating: p.rating, ratingReceived: true });
  return next;
}

/** Open: a further press strengthens this alarm. After a withdrawal a press is a new alarm: somebody means it now. */
export function isOpen(a: PageAlarm | undefined): a is PageAlarm {
  return a !== undefined && !a.rejected && a.withdrawId === undefined && a.withdrawnAt === undefined && a.state !== 'closed';
}

export function mayDismiss(a: PageAlarm): boolean {
  if (a.rejected || a.withdrawSentAt !== undefined || a.withdrawnAt !== undefined) return true;
  return a.state === 'closed' && a.rating !== undefined && a.rating !== 'unsolved';
}

/** Closed, and not answered; after another answer a late "not solved" still counts. */
export function mayRate(a: PageAlarm, rating: Rating): boolean {
  if (a.state !== 'closed' || a.withdrawnAt !== undefined) return false;
  return a.rating === undefined || (rating === 'unsolved' && a.rating !== 'unsolved');
}

/** What the TV may know. */
export function toTv(alarm: PageAlarm, late: boolean): TvAlarm {
  const { revision: _revision, withdrawId: _withdrawId, againId: _againId, ratingId: _ratingId, ...shown } = alarm;
  return { ...shown, late: late && alarm.receivedAt === undefined && !alarm.rejected };
}
