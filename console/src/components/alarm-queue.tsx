import type { CaseView } from '@shouwang/protocol';
import { isUnchecked, type Queue } from '../services/queue-order.ts';
import { AlarmRow } from './alarm-row.tsx';
import { KeyHint } from './key-hint.tsx';

/** So many rows of a group are drawn; in a storm the rest is counted. The most urgent are on top, so nothing urgent hides. */
export const ROWS_DRAWN = 150;

interface Props {
  queue: Queue;
  loaded: boolean;
  selected: string | undefined;
  showClosed: boolean;
  onToggleClosed: () => void;
  /** A row was chosen by hand. */
  onChosen: () => void;
}

/** Closed cases are folded away, but for the one on the desk. */
function closedShown(queue: Queue, showClosed: boolean, selected: string | undefined): CaseView[] {
  return showClosed ? queue.closed : queue.closed.filter((view) => view.caseNo === selected);
}

/** What the red number counts, and the smaller line under it. */
export function callWords(unsigned: number, alerted: number, unchecked: number): { word: string; more: string } {
  const both = unsigned > 0 && alerted > 0;
  const word = both ? '起待处理' : alerted > 0 ? '起再次求助' : '起未签收';
  const more = [both && `${unsigned} 起未签收`, both && `${alerted} 起再次求助`, unchecked > 0 && `${unchecked} 起已撤回，待核实`];
  return { word, more: more.filter(Boolean).join(' · ') };
}

/** The rows that ↑ and ↓ walk through. */
export function visibleRows(queue: Queue, showClosed: boolean, selected: string | undefined): CaseView[] {
  const groups = [queue.unsigned, queue.alerted, queue.inHand, closedShown(queue, showClosed, selected)];
  return groups.flatMap((group) => group.slice(0, ROWS_DRAWN));
}

export function AlarmQueue({ queue, loaded, selected, showClosed, onToggleClosed, onChosen }: Props) {
  const { unsigned, alerted, inHand, closed } = queue;
  const calling = unsigned.length + alerted.length;
  const unchecked = inHand.filter(isUnchecked).length;
  const words = callWords(unsigned.length, alerted.length, unchecked);
  const tone = calling > 0 ? 'queue__head--alarm' : unchecked > 0 ? 'queue__head--warn' : '';
  return (
    <aside className="queue panel" aria-label="报警队列">
      <div className={`queue__head ${tone}`} role="status" data-testid="unsigned-count">
        {calling > 0 ? (
          <>
            <span className="queue__count">{calling}</span>
            <span className="queue__word">
              {words.word}
              {words.more && <span className="queue__also">{words.more}</span>}
            </span>
            <span className="queue__jump">
              最急 <KeyHint>U</KeyHint>
            </span>
          </>
        ) : unchecked > 0 ? (
          <span className="queue__warn">{unchecked} 起已撤回，待核实</span>
        ) : (
          <span className="queue__calm">{loaded ? '没有未签收的报警' : '正在读取…'}</span>
        )}
      </div>
      <div
        className="queue__list"
        role="listbox"
        aria-label="报警"
        tabIndex={0}
        aria-activedescendant={selected ? `row-${selected}` : undefined}
        onClickCapture={(event) => (event.target as Element).closest('[role="option"]') && onChosen()}
      >
        {calling > 0 && (
          <div className="queue__part queue__part--unsigned">
            <Group cases={unsigned} selected={selected} />
            <Group cases={alerted} selected={selected} />
          </div>
        )}
        <div className="queue__part">
          {inHand.length > 0 && <div className="queue__group">处理中 {inHand.length} 起</div>}
          <Group cases={inHand} selected={selected} />
          {closed.length > 0 && (
            <button type="button" className="queue__group queue__group--button" aria-expanded={showClosed} onClick={onToggleClosed}>
              近 24 小时办结 {closed.length} 起<span aria-hidden>{showClosed ? '收起 ▴' : '展开 ▾'}</span>
            </button>
          )}
          <Group cases={closedShown(queue, showClosed, selected)} selected={selected} />
        </div>
      </div>
    </aside>
  );
}

function Group({ cases, selected }: { cases: readonly CaseView[]; selected: string | undefined }) {
  return (
    <>
      {cases.slice(0, ROWS_DRAWN).map((view) => (
        <AlarmRow key={view.caseNo} view={view} selected={view.caseNo === selected} />
      ))}
      {cases.length > ROWS_DRAWN && <div className="queue__more">还有 {cases.length - ROWS_DRAWN} 起，按时限排在后面</div>}
    </>
  );
}
