/** The list of this box's alarms: what is known of it, and what may still be answered. Pure. */
import type { TvAlarm, TvState } from '@shouwang/protocol';
import type { LinkStatus } from '../services/tv-link.ts';

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
