/** What has to be said about the links: page to bridge (the alarm key), box to centre. Pure. */
import type { TvState } from '@shouwang/protocol';
import type { LinkStatus } from '../services/tv-link.ts';
import { CENTRE, LINK } from '../words.ts';

/** Across the top: the alarm key does not work now. */
export interface LinkBanner {
  tone: 'wait' | 'bad';
  text: string;
  call: string;
}

/** At the start the link has this long before the page says that the key does not work. */
export const START_GRACE_MS = 3_000;

export function linkBanner(status: LinkStatus, phone: string, sinceStartMs: number): LinkBanner | undefined {
  if (status === 'up') return undefined;
  if (status === 'starting' && sinceStartMs < START_GRACE_MS) return { tone: 'wait', text: LINK.starting, call: LINK.call(phone) };
  return { tone: 'bad', text: LINK.lost, call: LINK.call(phone) };
}

/** The line about the centre: whether it is reached, and whether somebody is there. */
export function centreLine(state: TvState | undefined): { text: string; tone: 'good' | 'warn' | 'plain' } | undefined {
  if (!state) return undefined;
  if (!state.centre.connected) return { text: state.claims.stored ? CENTRE.offline : CENTRE.offlineUnstored, tone: 'warn' };
  if (state.centre.staffed === undefined) return { text: CENTRE.connected, tone: 'plain' };
  return state.centre.staffed ? { text: CENTRE.staffed, tone: 'good' } : { text: CENTRE.unstaffed, tone: 'warn' };
}
