import { ABOUT_LABEL, type CaseView } from '@shouwang/protocol';
import { pressTime } from '../services/press-time.ts';
import { clockText, nearClockText } from '../services/time-text.ts';
import { AddressDoubt } from './address-doubt.tsx';
import { useNow } from './desk-context.ts';
import { PhoneNumber } from './phone-number.tsx';
import { useMustNotRing } from './silent-now.ts';
import { SilentPhone } from './silent-warning.tsx';

const GESTURE: Record<CaseView['gesture'], string> = { sos: '报警专用键', hold: '长按报警键', triple: '连按三次', silent: '静默报警' };
/** Who, where, what, when. */
export function CaseFacts({ view }: { view: CaseView }) {
  const now = useNow();
  const press = pressTime(view);
  const mustNotRing = useMustNotRing(view);
  return (
    <section className="facts" aria-label="报警人">
      <div className="facts__who">
        <h2 className="facts__name">{view.household.name}</h2>
        {mustNotRing ? <SilentPhone phone={view.household.phone} /> : <PhoneNumber phone={view.household.phone} />}
      </div>
      <p className="facts__address">{view.household.address}</p>
      <AddressDoubt boxId={view.household.boxId} since={view.household.addressInDoubtSince} home={view.household} silent={mustNotRing} />
      <dl className="facts__list">
        <dt>地点</dt>
        <dd>
          {view.areaName}
          <span className="facts__minor">机顶盒 {view.household.boxId}</span>
        </dd>
        <dt>情况</dt>
        <dd>
          {view.about ? (
            <strong className="facts__about">{ABOUT_LABEL[view.about]}</strong>
          ) : (
            <span>{view.silent ? '报警人不能说明' : `报警人没有说明${mustNotRing ? '' : '，请电话询问'}`}</span>
          )}
          <span className="facts__minor">
            {GESTURE[view.gesture]}
            {view.presses > 1 ? `，共按 ${view.presses} 次` : ''}
          </span>
        </dd>
        <dt>按键</dt>
        <dd>
          <time>{press.at === undefined ? '时间不明' : nearClockText(press.at, now)}</time>
          <span className="facts__minor">到达中心 {clockText(view.receivedAt)}</span>
        </dd>
      </dl>
      {press.note && (
        <p className="facts__skew" role="note" data-testid="skew">
          {press.note}
        </p>
      )}
      {view.withdrawnAt !== undefined && view.state !== 'closed' && (
        <p className="facts__note">
          {clockText(view.withdrawnAt)} 报警人撤回了报警。
          {mustNotRing ? '撤回可能是被迫的：勿回拨，派人查看。' : '请电话核实，确认没事后办结。'}
        </p>
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
