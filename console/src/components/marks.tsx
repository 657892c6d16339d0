import { type CaseView, STATE_LABEL } from '@shouwang/protocol';
import { caseFlags } from '../services/case-flags.ts';
import { dueClock } from '../services/due-clock.ts';
import { useNow } from './desk-context.ts';

/** The state in the field's word; a withdrawn call no longer shouts. */
export function StateMark({ view }: { view: CaseView }) {
  const quiet = view.state === 'received' && view.withdrawnAt !== undefined;
  return (
    <span className={`state state--${quiet ? 'quiet' : view.state}`} data-testid="state" data-state={view.state}>
      {STATE_LABEL[view.state]}
    </span>
  );
}

export function FlagMarks({ view }: { view: CaseView }) {
  const flags = caseFlags(view, useNow());
  if (flags.length === 0) return null;
  return (
    <span className="flags">
      {flags.map((flag) => (
        <span key={flag.key} className={`flag flag--${flag.tone}`} data-flag={flag.key}>
          {flag.text}
        </span>
      ))}
    </span>
  );
}

/** The running step's clock; red once it is late. */
export function DueMark({ view, large }: { view: CaseView; large?: boolean }) {
  const due = dueClock(view, useNow());
  if (!due) return null;
  return (
    <span
      className={`due due--${due.level} ${large ? 'due--large' : ''}`}
      data-testid="due"
      role="timer"
      aria-label={`${due.step}${due.text}`}
    >
      <span className="due__step">{due.step}</span> {due.text}
    </span>
  );
}
