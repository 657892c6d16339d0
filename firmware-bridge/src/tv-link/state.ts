/** The whole state for the TV page, put together from the parts that know it. */
import { TV_LINK_VERSION, type TvAlarm, type TvState } from '@shouwang/protocol';
import type { Claims } from '../platform.ts';
import type { Kept } from './memory.ts';

export interface StateSources {
  boxId: string;
  /** Empty: nothing is shown. */
  place: string;
  keysFrom: 'device' | 'page';
  now: number;
  claims: Claims;
  /** Whether the flash takes what it is given. */
  flashHealthy: boolean;
  connected: boolean;
  /** The centre lets this box in no more. */
  refused: boolean;
  centre: { name: string; phone: string; staffed: boolean | undefined };
  gesture: TvState['gesture'];
  alarm: TvAlarm | undefined;
  test: TvState['test'];
  reports: TvAlarm[];
  /** Somebody confirmed the clock, or it shows a time that can be. */
  clockRight: boolean;
  kept: Readonly<Kept>;
  notices: TvState['notices'];
}

export function tvState(s: StateSources): TvState {
  return {
    version: TV_LINK_VERSION,
    boxId: s.boxId,
    place: s.place || undefined,
    keysFrom: s.keysFrom,
    // A platform promises what its flash can do; flash that fails promises nothing.
    claims: {
      stored: s.claims.stored && s.flashHealthy,
      survivesPowerLoss: s.claims.survivesPowerLoss && s.flashHealthy,
      keyOutsidePage: s.claims.keyOutsidePage,
    },
    now: s.now,
    centre: { connected: s.connected, ...s.centre, refused: s.refused || undefined },
    gesture: s.gesture,
    alarm: s.alarm,
    test: s.test,
    // Where there never was a flash, none is broken.
    flashBroken: s.claims.stored && !s.flashHealthy ? true : undefined,
    reports: s.reports,
    clockUnsure: s.clockRight ? undefined : true,
    ...s.kept,
    notices: s.notices,
  };
}
