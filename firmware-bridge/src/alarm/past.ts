/** The alarms of this box that gave way to newer ones or were put away: for the list on the TV, where each goes on by what the centre says. Pure. */
import { CodedError, type Rating, REPORTS_AT_MOST, type TvAlarm } from '@shouwang/protocol';
import { type AlarmRecord, toTv } from './record.ts';

/** With `record` among them, the newest first. The message itself lies in the outbox while it is wanted. */
export function withPast(past: readonly AlarmRecord[], record: AlarmRecord): AlarmRecord[] {
  const { event: _event, ...rest } = record;
  return [{ ...rest }, ...past.filter((r) => r.id !== record.id)].sort((a, b) => b.pressedAt - a.pressedAt).slice(0, REPORTS_AT_MOST);
}

export function reportsOf(record: AlarmRecord | undefined, past: readonly AlarmRecord[], late: boolean): TvAlarm[] {
  const before = past.filter((r) => r.id !== record?.id).map((r) => toTv(r, false));
  return (record ? [toTv(record, late), ...before] : before).slice(0, REPORTS_AT_MOST);
}

/** Something may still happen to it: the centre is asked for it. */
export function isUnfinished(r: AlarmRecord): boolean {
  return !r.rejected && !(r.state === 'closed' && (r.rating !== 'unsolved' || r.withdrawnAt !== undefined));
}

/** Throws CASE_STATE where nobody may answer: not closed, withdrawn, or answered otherwise than with a late "not solved". */
export function checkMayRate(r: AlarmRecord, rating: Rating): void {
  if (r.state !== 'closed' || r.withdrawnAt !== undefined) throw new CodedError('CASE_STATE');
  if (r.rating !== undefined && (rating !== 'unsolved' || r.rating === 'unsolved')) throw new CodedError('CASE_STATE', 'rated already');
}
