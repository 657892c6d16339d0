/**
 * What the pages need of whoever is the box's voice: the bridge on the same box (bridge-link.ts), or, where the box can run none, this
 * page itself (../in-page/in-page-link.ts). The same calls, the same whole states.
 */
import type { TvCallName, TvCallParams, TvState } from '@shouwang/protocol';
import type { Cancel } from '../clock.ts';
import type { Activation } from '../in-page/activation.ts';
import type { GestureKey } from '../keys/key-tables.ts';

/** `starting` until the first answer; then `up` or `lost`: the alarm key works, or it does not. */
export type LinkStatus = 'starting' | 'up' | 'lost';

export interface TvLink {
  /** The newest state; kept (as history) while the link is lost. */
  readonly state: TvState | undefined;
  readonly status: LinkStatus;
  /** The engineer's screen, as long as this box has no account at the centre. Only where the page is the box's voice. */
  readonly activation?: Activation | undefined;
  /** Calls `listener` after each change of `status` or `state`. */
  onChange(listener: () => void): Cancel;
  start(): void;
  close(): void;
  /** The clock of the box's voice now, ms since 1970. */
  bridgeNow(): number;
  /** Rejects with LinkError: OFFLINE at once when the link is not up, TIMEOUT, or the error's code. */
  call<N extends TvCallName>(name: N, params: TvCallParams<N>): Promise<unknown>;
  /** A key of a gesture that is down came once more. Where no key-up comes, this is how a hold is known. */
  keyRepeats?(key: GestureKey): void;
}
