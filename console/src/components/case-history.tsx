import { type CaseHistoryRow, EVENT_LABEL, RATING_LABEL } from '@shouwang/protocol';
import { nearClockText } from '../services/time-text.ts';
import { useNow } from './desk-context.ts';
import type { DetailState } from './use-case-detail.ts';

const BY: Record<string, string> = { box: '报警人', console: '值班席', media: '视频节点', clock: '系统计时' };

/** Who acted, as a reader calls it: a post where one is known. */
export function actorText(row: Pick<CaseHistoryRow, 'by' | 'post'>): string {
  if (row.by.startsWith('integrator:')) return `${row.by.slice('integrator:'.length)} 平台${row.post ? ` ${row.post}` : ''}`;
  return row.post ?? BY[row.by] ?? row.by;
}

/** Everything that happened to the case, the last on top. */
export function CaseHistory({ state }: { state: DetailState }) {
  const now = useNow();
  return (
    <section className="history" aria-label="经过">
      <h3 className="history__title">经过</h3>
      {state.error && (
        <p className="history__error" role="alert">
          经过读取不到：{state.error}{' '}
          <button type="button" onClick={state.reload}>
            重试
          </button>
        </p>
      )}
      {!state.detail && !state.error && <p className="history__empty">正在读取…</p>}
      <ol className="history__list">
        {[...(state.detail?.history ?? [])].reverse().map((row) => (
          <li key={row.revision} className={`history__row history__row--${row.event}`} data-event={row.event}>
            <time className="history__time">{nearClockText(row.at, now)}</time>
            <div className="history__body">
              <span className="history__event">{EVENT_LABEL[row.event]}</span>
              <span className="history__by">{actorText(row)}</span>
              {row.until !== undefined && <span className="history__until">至 {nearClockText(row.until, now)}</span>}
              {row.rating && <span className="history__rating">{RATING_LABEL[row.rating]}</span>}
              {row.text && <p className="history__text">{row.text}</p>}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
