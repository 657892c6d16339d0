/** The alarm's way as rows to tick. Pure: a row is ticked only by its own fact or by a later fact that cannot be without it. */
import type { TvAlarm } from '@shouwang/protocol';
import { STEP_LABEL, STEP_PENDING, STEP_SKIPPED } from '../words.ts';
import { pastText } from './times.ts';

export type Step = keyof typeof STEP_LABEL;
export interface StepView {
  step: Step;
  label: string;
  /** `done` happened; `now` is waited for; `todo` later; `skipped` did not happen although later ones did. */
  mark: 'done' | 'now' | 'todo' | 'skipped';
  /** When, where it is known. */
  time: string;
}

const ORDER: readonly Step[] = ['stored', 'sent', 'received', 'signed', 'handling', 'closed'];

/** The rows for an alarm. `now` decides between a time and a date. */
export function timeline(a: TvAlarm, now: number): StepView[] {
  const facts: Record<Step, { done: boolean; at: number | undefined }> = {
    stored: { done: a.storedAt !== undefined, at: a.storedAt },
    // What the centre committed was sent, even where a restart of the bridge forgot when.
    sent: { done: a.sentAt !== undefined || a.receivedAt !== undefined, at: a.sentAt },
    received: { done: a.receivedAt !== undefined, at: a.receivedAt },
    signed: { done: a.signedAt !== undefined || a.state === 'signed', at: a.signedAt },
    handling: { done: a.handlingAt !== undefined || a.state === 'handling', at: a.handlingAt },
    closed: { done: a.state === 'closed', at: a.closedAt },
  };
  let last = -1;
  for (let i = 0; i < ORDER.length; i++) if (facts[ORDER[i]!].done) last = i;
  const rows = ORDER.map((step, i): StepView => {
    const { done, at } = facts[step];
    const mark = done ? 'done' : i < last ? 'skipped' : i === last + 1 && !a.rejected ? 'now' : 'todo';
    const label = labelOf(step, mark, a);
    return { step, label, mark, time: done && at !== undefined ? pastText(at, now) : mark === 'skipped' ? STEP_SKIPPED.other : '' };
  });
  return rows.filter(({ step, mark }) => mark === 'done' || expected(step, mark, a));
}

function labelOf(step: Step, mark: StepView['mark'], a: TvAlarm): string {
  if (mark === 'skipped' && step === 'stored') return STEP_SKIPPED.stored;
  if (mark === 'done' || mark === 'skipped') return STEP_LABEL[step];
  return step === 'closed' && withdrawn(a) ? STEP_PENDING.withdrawnClosed : STEP_PENDING[step];
}

/**
 * After a refusal nothing more comes; a withdrawn alarm is only closed by a person: nobody has to see it or to set out. Of one that only the
 * centre remembers nobody knows whether the box had kept it.
 */
function expected(step: Step, mark: StepView['mark'], a: TvAlarm): boolean {
  if (a.fromCentre && step === 'stored') return false;
  if (a.rejected && mark !== 'skipped') return false;
  return !(withdrawn(a) && (step === 'signed' || step === 'handling'));
}

function withdrawn(a: TvAlarm): boolean {
  return a.withdrawSentAt !== undefined || a.withdrawnAt !== undefined;
}
