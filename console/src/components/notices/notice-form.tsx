import type { NoticeBoard, NoticeView, NoticeWanted } from '@shouwang/protocol';
import { App, Input, Select } from 'antd';
import { useState } from 'react';
import { v7 } from 'uuid';
import { errorText, mayHaveArrived } from '../../services/api-client.ts';
import { everybody, type NoticeDraft, noticeText, noticeTitle, proposedEnds, whatIsMissing } from '../../services/notices.ts';
import { dayClockText } from '../../services/time-text.ts';
import { useNow } from '../desk-context.ts';
import { onCtrlEnter, SubmitButton } from '../submit-button.tsx';
import { UntilField } from '../until-field.tsx';
import { isAsked } from '../use-desk-keys.ts';
import { TvPreview } from './tv-preview.tsx';

interface Props {
  board: NoticeBoard;
  draft: NoticeDraft;
  onDraft: (change: (draft: NoticeDraft) => NoticeDraft) => void;
  onSend: (notice: NoticeWanted) => Promise<NoticeView>;
}

/** A notice being written, and the TV beside it. Asked once more before it goes to every house. Ctrl+Enter sends. */
export function NoticeForm({ board, draft, onDraft, onSend }: Props) {
  const now = useNow();
  const { modal } = App.useApp();
  const { area, until } = draft;
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const [sent, setSent] = useState<string>();
  const { limits, from } = board;
  const chosen = board.areas.find((a) => a.area === (area ?? everybody(board.areas)));
  const missing = whatIsMissing({ ...draft, area: chosen?.area }, now, limits.days);
  const title = noticeTitle(draft.title);
  const text = noticeText(draft.text);

  const send = async () => {
    if (!chosen || until === undefined) return;
    const notice = { area: chosen.area, title, text, until };
    const content = JSON.stringify(notice);
    const id = draft.sent?.content === content ? draft.sent.id : v7();
    const isStill = (d: NoticeDraft) => d.sent?.id === id && noticeTitle(d.title) === title && noticeText(d.text) === text;
    onDraft((d) => ({ ...d, sent: { content, id } }));
    setBusy(true);
    setError(undefined);
    try {
      const { state } = await onSend({ id, ...notice });
      // What was sent without an answer before may have been withdrawn since.
      setSent(state === 'withdrawn' ? `“${title}”发出去以后被撤回了` : `“${title}”发出去了`);
      // Whoever has begun another one meanwhile keeps it.
      onDraft((d) => (isStill(d) ? { ...d, title: '', text: '', sent: undefined } : d));
    } catch (cause) {
      setError(`${mayHaveArrived(cause) ? '不知道发出去没有（再发一次不会重复）' : '没有发出去'}：${errorText(cause)}`);
    }
    setBusy(false);
  };
  const ask = () => {
    if (missing || busy || !chosen || isAsked()) return;
    modal.confirm({
      title: `发给${chosen.name}的 ${chosen.boxes} 台机顶盒？`,
      content: `“${title}”会显示在这些人家的电视上，到 ${dayClockText(until!)} 为止。发出后可以撤回。`,
      okText: '发送',
      cancelText: '再看看',
      onOk: () => void send(),
    });
  };
  const onKeyDown = onCtrlEnter(ask);
  const write = (changed: Partial<NoticeDraft>) => {
    onDraft((d) => ({ ...d, ...changed }));
    setSent(undefined);
  };

  return (
    <section className="notice-form" aria-label="写通知">
      <div className="notice-form__row">
        <label className="form__label" htmlFor="notice-area">
          给哪里
        </label>
        <Select
          id="notice-area"
          value={chosen?.area}
          onChange={(value) => write({ area: value })}
          showSearch={{ optionFilterProp: 'label' }}
          options={board.areas.map((a) => ({ value: a.area, label: `${a.name}（${a.boxes} 台）` }))}
        />
      </div>
      <label className="form__label" htmlFor="notice-title">
        标题
      </label>
      <Input
        id="notice-title"
        value={draft.title}
        maxLength={limits.title}
        showCount
        onChange={(e) => write({ title: e.target.value })}
        onKeyDown={onKeyDown}
        placeholder="一句话说清，例如：周五停水"
      />
      <label className="form__label" htmlFor="notice-text">
        内容
      </label>
      <Input.TextArea
        id="notice-text"
        value={draft.text}
        maxLength={limits.text}
        showCount
        autoSize={{ minRows: 3, maxRows: 5 }}
        onChange={(e) => write({ text: e.target.value })}
        onKeyDown={onKeyDown}
      />
      <UntilField
        id="notice-until"
        label="显示到"
        chosen={until === undefined ? undefined : dayClockText(until)}
        proposing="显示多久"
        proposed={proposedEnds(now, limits.days)}
        now={now}
        until={until}
        onChange={(at) => write({ until: at })}
      />
      <TvPreview from={from} title={title} text={text} now={now} />
      {error && (
        <p className="commands__error" role="alert">
          {error}
        </p>
      )}
      <div className="notice-form__send">
        <span className="notice-form__hint" role="status">
          {sent ?? missing}
        </span>
        <SubmitButton label="发送" size="large" disabled={missing !== undefined} loading={busy} onClick={ask} />
      </div>
    </section>
  );
}
