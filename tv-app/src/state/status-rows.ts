/** What works on this box now, one row each. Pure. */
import type { TvState } from '@shouwang/protocol';
import type { LinkStatus } from '../services/tv-link.ts';
import { STATUS } from '../words.ts';
import type { SheetRow } from './sheet-view.ts';

export interface StatusSource {
  status: LinkStatus;
  state: TvState | undefined;
  /** Undefined: the centre has not said. */
  cameras: number | undefined;
  plays: boolean;
}

type Row = Pick<SheetRow, 'label' | 'detail' | 'tone'>;

export function statusRows({ status, state, cameras, plays }: StatusSource): Row[] {
  const up = status === 'up' && state !== undefined;
  const connected = up && state.centre.connected;
  const row = (label: string, works: boolean | undefined, yes: string = STATUS.yes, no: string = STATUS.no): Row => ({
    label,
    detail: works === undefined ? STATUS.unknown : works ? yes : no,
    tone: works === undefined ? 'plain' : works ? 'good' : 'warn',
  });
  return [
    row(STATUS.key, up, up && !state.claims.keyOutsidePage ? STATUS.keyOnlyHere : STATUS.yes),
    row(STATUS.stored, up ? state.claims.stored : undefined),
    row(STATUS.centre, up ? connected : undefined),
    row(STATUS.staffed, connected ? state.centre.staffed : undefined, STATUS.yes, STATUS.unstaffed),
    row(
      STATUS.cameras,
      cameras === undefined ? undefined : cameras > 0,
      `${STATUS.listed(cameras ?? 0)}　${plays ? STATUS.yes : STATUS.stillsOnly}`,
    ),
    row(STATUS.clock, up ? !state.clockUnsure : undefined, STATUS.right, STATUS.wrong),
  ];
}
