import type { NoticeView } from '@shouwang/protocol';
import { App, Button } from 'antd';
import { useState } from 'react';
import { errorText, mayHaveArrived } from '../../services/api-client.ts';
import { dayClockText } from '../../services/time-text.ts';

interface Props {
  notices: NoticeView[];
  /** undefined: this person only reads. */
  onWithdraw: ((id: string) => Promise<void>) | undefined;
}

/** What stands now, and what stood before. */
export function NoticeList({ notices, onWithdraw }: Props) {
  const standing = notices.filter((n) => n.state === 'standing');
  const past = notices.filter((n) => n.state !== 'standing');
  return (
    <section className="notice-list" aria-label="发过的通知">
      <h2 className="notice-list__head">电视上现在有 {standing.length} 条</h2>
      {standing.map((notice) => (
        <NoticeRow key={notice.id} notice={notice} onWithdraw={onWithdraw} />
      ))}
      {past.length > 0 && <h2 className="notice-list__head notice-list__head--past">以前的</h2>}
      {past.map((notice) => (
        <NoticeRow key={notice.id} notice={notice} onWithdraw={undefined} />
      ))}
    </section>
  );
}

function NoticeRow({ notice, onWithdraw }: { notice: NoticeView; onWithdraw: Props['onWithdraw'] }) {
  const { modal } = App.useApp();
  const [error, setError] = useState<string>();
  const withdraw = () =>
    modal.confirm({
      title: `撤回“${notice.title}”？`,
      content: '开着的、连着中心的电视上马上就没有了，别的一连上就没有了。记录里留着谁发的、谁撤的。',
      okText: '撤回',
      cancelText: '不撤',
      onOk: () =>
        onWithdraw?.(notice.id).then(
          () => setError(undefined),
          (cause) => setError(`${mayHaveArrived(cause) ? '不知道撤回了没有' : '没有撤回'}：${errorText(cause)}`),
        ),
    });
  return (
    <article className={`notice notice--${notice.state}`} data-testid="notice" data-state={notice.state}>
      <header className="notice__head">
        <strong className="notice__title">{notice.title}</strong>
        {onWithdraw && (
          <Button size="small" onClick={withdraw}>
            撤回
          </Button>
        )}
      </header>
      <p className="notice__text">{notice.text}</p>
      <p className="notice__facts">
        给{notice.areaName} · {notice.by} {dayClockText(notice.at)} 发
      </p>
      <p className="notice__facts">{endText(notice)}</p>
      {error && (
        <p className="commands__error" role="alert">
          {error}
        </p>
      )}
    </article>
  );
}

function endText({ state, until, withdrawnAt, withdrawnBy }: NoticeView): string {
  if (state === 'withdrawn') return `${withdrawnBy} ${dayClockText(withdrawnAt!)} 撤回`;
  return state === 'over' ? `${dayClockText(until)} 到期` : `显示到 ${dayClockText(until)}`;
}
