import { type CaseState, type CaseView, STATE_LABEL } from '@shouwang/protocol';
import { nearClockText } from '../services/time-text.ts';
import { useNow } from './desk-context.ts';

const ORDER: CaseState[] = ['received', 'signed', 'handling', 'closed'];

/** The steps of the cycle with the time at which each was reached. */
export function CaseSteps({ view }: { view: CaseView }) {
  const now = useNow();
  const reached: Record<CaseState, number | undefined> = {
    received: view.receivedAt,
    signed: view.signedAt,
    handling: view.handlingAt,
    closed: view.state === 'closed' ? view.closedAt : undefined,
  };
  const current = ORDER.indexOf(view.state);
  return (
    <ol className="steps" aria-label="办理进度">
      {ORDER.map((state, i) => (
        <li
          key={state}
          className={`steps__step ${i < current ? 'steps__step--done' : i === current ? 'steps__step--now' : ''}`}
          aria-current={i === current ? 'step' : undefined}
        >
          <span className="steps__name">{STATE_LABEL[state]}</span>
          <span className="steps__time">{i <= current && reached[state] ? nearClockText(reached[state], now) : '—'}</span>
        </li>
      ))}
    </ol>
  );
}
