import type { CaseView } from '@shouwang/protocol';
import { durationText } from './time-text.ts';

/** The running step's clock. `soon`: less than a fifth of an ordinary step's time is left. */
export interface DueClock {
  /** The field's word for the step that is due. */
  step: '签收' | '处置' | '办结';
  level: 'calm' | 'soon' | 'overdue';
  /** What is left, or by how much it is late, e.g. `剩 12 秒`, `超时 1 分 05 秒`. */
  text: string;
}

const STEP = { sign: '签收', handle: '处置', close: '办结' } as const;
/** When "soon" begins, ms before the due time. Signing is a matter of seconds, closing of hours. */
const SOON_MS = { sign: 15_000, handle: 60_000, close: 3_600_000 } as const;

/** The clock of a case at `now` (centre's time, ms); undefined once nothing is due. */
export function dueClock(view: Pick<CaseView, 'due'>, now: number): DueClock | undefined {
  if (!view.due) return undefined;
  const left = view.due.at - now;
  const step = STEP[view.due.step];
  if (left < 0) return { step, level: 'overdue', text: `超时 ${durationText(-left)}` };
  return { step, level: left <= SOON_MS[view.due.step] ? 'soon' : 'calm', text: `剩 ${durationText(left)}` };
}
