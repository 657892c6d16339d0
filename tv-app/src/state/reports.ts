/** The list of this box's alarms: what is known of it, and what may still be answered. Pure. */
import type { TvAlarm, TvState } from '@shouwang/protocol';
import type { LinkStatus } from '../services/tv-link.ts';
import { ABOUT, RATING, REPORTS } from '../words.ts';
import { alarmTruth, asksRating } from './alarm-truth.ts';

export function reportsOf(state: TvState | undefined): readonly TvAlarm[] {
  return state?.reports ?? (state?.alarm ? [state.alarm] : []);
}

/** Nobody may read that there was none where it is not known. */
export function knowsReports(state: TvState | undefined): boolean {
  return state?.reports !== undefined;
}

/** What is on the screen is what the centre says now. */
export function follows(status: LinkStatus, state: TvState | undefined): boolean {
  return status === 'up' && state?.centre.connected === true;
}

export function mayReopen(a: TvAlarm): boolean {
  return a.state === 'closed' && a.rating !== undefined && a.rating !== 'unsolved' && a.withdrawnAt === undefined;
}

/** How far it has got, in one line. `linkUp` as in `alarmTruth`. */
export function outcome(a: TvAlarm, state: TvState, linkUp: boolean): string {
  if (a.rejected) return REPORTS.rejected;
  if (a.withdrawnAt !== undefined || a.withdrawSentAt !== undefined) return REPORTS.withdrawn;
  if (a.state === 'closed') return a.rating === undefined ? REPORTS.unrated : REPORTS.rated(RATING[a.rating]);
  return alarmTruth(state, a, linkUp).headline;
}

/** What is to be read of one, the question last. */
export function reportLines(a: TvAlarm, state: TvState, linkUp: boolean): string[] {
  const lines = [
    outcome(a, state, linkUp),
    [a.about ? ABOUT[a.about] : '', a.caseNo ? REPORTS.caseNo(a.caseNo) : ''].filter(Boolean).join('　'),
    a.post ? REPORTS.seenBy(a.post) : '',
    a.result ?? '',
    a.reopened > 0 ? REPORTS.reopened(a.reopened) : '',
    !linkUp ? '' : asksRating(a) ? REPORTS.ask : mayReopen(a) ? REPORTS.reopen : '',
  ];
  return lines.filter(Boolean);
}
