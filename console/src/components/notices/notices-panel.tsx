import type { NoticeDraft } from '../../services/notices.ts';
import { useDesk } from '../desk-context.ts';
import { NoticeForm } from './notice-form.tsx';
import { NoticeList } from './notice-list.tsx';
import { useNotices } from './use-notices.ts';

interface Props {
  draft: NoticeDraft;
  onDraft: (change: (draft: NoticeDraft) => NoticeDraft) => void;
}

/** Notices to the households' TVs: written, looked at, sent, withdrawn. The queue of alarms stays beside it. */
export function NoticesPanel({ draft, onDraft }: Props) {
  const desk = useDesk();
  const { board, error, send, withdraw } = useNotices();
  const mayWrite = desk.me.role === 'operator';
  return (
    <main className="notices panel" aria-label="通知" data-testid="notices">
      {error && (
        <p className="devices__error" role="alert">
          没有读到最新的通知：{error}
        </p>
      )}
      {board ? (
        <div className="notices__body">
          {mayWrite ? (
            <NoticeForm board={board} draft={draft} onDraft={onDraft} onSend={send} />
          ) : (
            <p className="devices__none">只有值班员可以发通知和撤回通知。</p>
          )}
          <NoticeList notices={board.notices} onWithdraw={mayWrite ? withdraw : undefined} />
        </div>
      ) : (
        !error && <p className="devices__none">正在读取…</p>
      )}
    </main>
  );
}
