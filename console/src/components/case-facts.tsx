import { ABOUT_LABEL, type CaseView } from '@shouwang/protocol';
import { clockText, durationText, nearClockText } from '../services/time-text.ts';
import { useNow } from './desk-context.ts';
import { PhoneNumber } from './phone-number.tsx';

const GESTURE: Record<CaseView['gesture'], string> = { sos: '报警专用键', hold: '长按报警键', triple: '连按三次', silent: '静默报警' };
/** Press and arrival further apart than this are shown as apart: the box was offline, or its clock is wrong. ms */
const SKEW_MS = 5000;

/** How press and arrival lie to each other, in words; undefined when they agree. */
export function skewText(view: Pick<CaseView, 'pressedAt' | 'receivedAt'>): string | undefined {
  const late = view.receivedAt - view.pressedAt;
  if (Math.abs(late) <= SKEW_MS) return undefined;
  return late > 0
    ? `按键后 ${durationText(late)} 才送到：断网补发，或机顶盒时钟偏慢`
    : `机顶盒时钟比中心快 ${durationText(-late)}，按键时间不准`;
}

/** Who, where, what, when. */
export function CaseFacts({ view }: { view: CaseView }) {
  const now = useNow();
  const skew = skewText(view);
  return (
    <section className="facts" aria-label="报警人">
      <div className="facts__who">
        <h2 className="facts__name">{view.household.name}</h2>
        <PhoneNumber phone={view.household.phone} />
      </div>
      <p className="facts__address">{view.household.address}</p>
      <dl className="facts__list">
        <dt>地点</dt>
        <dd>
          {view.areaName}
          <span className="facts__minor">机顶盒 {view.household.boxId}</span>
        </dd>
        <dt>情况</dt>
        <dd>
          {view.about ? <strong className="facts__about">{ABOUT_LABEL[view.about]}</strong> : <span>报警人没有说明，请电话询问</span>}
          <span className="facts__minor">
            {GESTURE[view.gesture]}
            {view.presses > 1 ? `，共按 ${view.presses} 次` : ''}
          </span>
        </dd>
        <dt>按键</dt>
        <dd>
          <time>{nearClockText(view.pressedAt, now)}</time>
          <span className="facts__minor">到达中心 {clockText(view.receivedAt)}</span>
        </dd>
      </dl>
      {skew && (
        <p className="facts__skew" role="note" data-testid="skew">
          {skew}
        </p>
      )}
      {view.withdrawnAt !== undefined && view.state !== 'closed' && (
        <p className="facts__note">{clockText(view.withdrawnAt)} 报警人撤回了报警。请电话核实，确认没事后办结。</p>
      )}
      {view.extension && view.extension.decided === undefined && view.state !== 'closed' && (
        <p className="facts__note" data-testid="extension">
          申请延期至 {nearClockText(view.extension.until, now)}：{view.extension.reason}
        </p>
      )}
      {view.result && view.state === 'closed' && <p className="facts__note facts__note--done">办结结果：{view.result}</p>}
    </section>
  );
}
