import { ABOUT_LABEL, type CaseView, STATE_LABEL } from '@shouwang/protocol';
import { memo, useEffect, useRef } from 'react';
import { pressTime } from '../services/press-time.ts';
import { needsAttention } from '../services/queue-order.ts';
import { durationText, nearClockText } from '../services/time-text.ts';
import { useDesk, useNow } from './desk-context.ts';
import { DueMark, FlagMarks, StateMark } from './marks.tsx';
import { SILENT_WORDS, SilentMark } from './silent-warning.tsx';

/** Since the press; since the arrival where nobody knows when it was pressed. */
function sincePress(view: CaseView, now: number): string {
  return durationText(now - Math.min(pressTime(view).at ?? view.receivedAt, view.receivedAt));
}

export const AlarmRow = memo(function AlarmRow({ view, selected }: { view: CaseView; selected: boolean }) {
  const desk = useDesk();
  const now = useNow();
  const calls = needsAttention(view);
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (selected) ref.current?.scrollIntoView({ block: 'nearest' });
  }, [selected]);

  return (
    // The keyboard moves through the list at the desk's own keys; a row needs none of its own.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    // biome-ignore lint/a11y/useFocusableInteractive: the listbox has the focus (aria-activedescendant)
    <div
      ref={ref}
      id={`row-${view.caseNo}`}
      className={`row row--${view.state} ${calls ? 'row--unsigned' : ''} ${view.silent ? 'row--silent' : ''} ${selected ? 'row--selected' : ''}`}
      role="option"
      aria-selected={selected}
      aria-label={`${view.silent ? `${SILENT_WORDS} ` : ''}${view.caseNo} ${STATE_LABEL[view.state]} ${view.household.name} ${view.areaName}`}
      data-case-no={view.caseNo}
      data-state={view.state}
      onClick={() => desk.select(view.caseNo)}
    >
      <SilentMark view={view} />
      <div className="row__line">
        <StateMark view={view} />
        <strong className="row__name">{view.household.name}</strong>
        <span className="row__since" title="按键到现在">
          {view.state === 'closed' ? nearClockText(view.closedAt ?? view.receivedAt, now) : sincePress(view, now)}
        </span>
      </div>
      <div className="row__line row__line--where">
        <span className="row__where">
          {view.areaName}
          {view.about ? ` · ${ABOUT_LABEL[view.about]}` : ''}
        </span>
        <span className="row__no">{view.caseNo}</span>
      </div>
      <div className="row__line row__line--marks">
        <DueMark view={view} />
        <FlagMarks view={view} />
      </div>
    </div>
  );
});
