/** Away from normal: the gravest thing that does not work now, and what works all the same. Pure. */
import type { NearbyCamera, TvState } from '@shouwang/protocol';
import { AWAY } from '../words.ts';

export type AwayKind = keyof typeof AWAY;
export interface AwayView {
  kind: AwayKind;
  tone: 'bad' | 'warn';
  text: string;
  works: string;
}
export interface AwaySource {
  /** Undefined before the first answer of the box's voice: nothing is known yet. */
  state: TvState | undefined;
  phone: string;
  /** What the browser says about the network; true where it says nothing. */
  online: boolean;
  cameras: readonly NearbyCamera[] | undefined;
  listFailed: boolean;
  /** This browser can show moving pictures in any way. */
  plays: boolean;
}

export function awayView(source: AwaySource): AwayView | undefined {
  const kind = source.state && gravest(source.state, source);
  if (!kind) return undefined;
  const { text, works } = AWAY[kind];
  const bad = kind === 'not-enrolled' || kind === 'centre-down-unstored' || kind === 'flash';
  return { kind, tone: bad ? 'bad' : 'warn', text, works: works(source.phone) };
}

function gravest(state: TvState, source: AwaySource): AwayKind | undefined {
  const { centre, claims } = state;
  if (!centre.connected) {
    if (centre.refused) return 'not-enrolled';
    if (!claims.stored) return 'centre-down-unstored';
    return source.online ? 'centre-down' : 'no-network';
  }
  if (state.flashBroken) return 'flash';
  if (centre.staffed === false) return 'unstaffed';
  if (state.clockUnsure) return 'clock';
  if (source.cameras?.length === 0) return 'no-cameras';
  if (!source.cameras && source.listFailed) return 'no-list';
  return source.plays ? undefined : 'no-mse';
}
