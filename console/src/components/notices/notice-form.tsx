import type { NoticeBoard, NoticeWanted } from '@shouwang/protocol';
import { App, Button, Input, Select } from 'antd';
import { useRef, useState } from 'react';
import { v7 } from 'uuid';
import { errorText } from '../../services/api-client.ts';
import { cleanText, endOfDay, everybody, type NoticeDraft, STANDS, whatIsMissing } from '../../services/notices.ts';
import { dayClockText, toLocalInput } from '../../services/time-text.ts';
import { useNow } from '../desk-context.ts';
import { TvPreview } from './tv-preview.tsx';

interface Props {
  board: NoticeBoard;
  draft: NoticeDraft;
  onDraft: (draft: NoticeDraft) => void;
  onSend: (notice: NoticeWanted) => Promise<void>;
}

/** A notice being written, and the TV beside it. Asked once more before it goes to every house. Ctrl+Enter sends. */
export function NoticeForm({ board, draft, onDraft, onSend }: Props) {
  const now = useNow();
  const { modal } = App.useApp();
  const { area, title, text, until } = draft;
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const [sent, setSent] = useState<string>();
  /** The same notice for as long as nobody knows whether it arrived. */
  const id = useRef<{ content: string; id: string }>(undefined);
  const { limits, from } = board;
  const chosen = board.areas.find((a) => a.area === (area ?? everybody(board.areas)));
  const missing = whatIsMissing({ area: chosen?.area, title, text, until }, now, limits.days);

  const send = async () => {
    if (!chosen || until === undefined) return;
    const notice = { area: chosen.area, title: title.trim(), text: cleanText(text), until };
    const content = JSON.stringify(notice);
    if (id.current?.content !== content) id.current = { content, id: v7() };
    setBusy(true);
    setError(undefined);
    try {
      await onSend({ id: id.current.id, ...notice });
      setSent(`“${notice.title}”发出去了`);
      onDraft({ ...draft, title: '', text: '' });
      id.current = undefined;
    } catch (cause) {
      setError(errorText(cause));
    }
    setBusy(false);
  };
  const ask = () => {
    if (missing || busy || !chosen) return;
    modal.confirm({
      title: `发给${chosen.name}的 ${chosen.boxes} 台机顶盒？`,
      content: `“${title.trim()}”会显示在这些人家的电视上，到 ${dayClockText(until!)} 为止。发出后可以撤回。`,
      okText: '发送',
      cancelText: '再看看',
      onOk: () => void send(),
    });
  };
  const onKeyDown = (e: React.KeyboardEvent) => {
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey) && !e.nativeEvent.isComposing) ask();
  };
  const write = (changed: Partial<NoticeDraft>) => {
    onDraft({ ...draft, ...changed });
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
        value={title}
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
        value={text}
        maxLength={limits.text}
        showCount
        autoSize={{ minRows: 3, maxRows: 5 }}
        onChange={(e) => write({ text: e.target.value })}
        onKeyDown={onKeyDown}
      />
      <label className="form__label" htmlFor="notice-until">
        显示到 {until !== undefined && <strong>{dayClockText(until)}</strong>}
      </label>
      <fieldset className="form__ready notice-form__until" aria-label="显示多久">
        {STANDS.filter((s) => s.days <= limits.days).map(({ zh, days }) => (
          <Button key={zh} onClick={() => write({ until: endOfDay(now, days) })}>
            {zh}
          </Button>
        ))}
        <input
          id="notice-until"
          className="form__time"
          type="datetime-local"
          min={toLocalInput(now)}
          value={until === undefined ? '' : toLocalInput(until)}
          onChange={(e) => write({ until: e.target.value ? new Date(e.target.value).getTime() : undefined })}
        />
      </fieldset>
      <TvPreview from={from} title={title.trim()} text={cleanText(text)} now={now} />
      {error && (
        <p className="commands__error" role="alert">
          没有发出去：{error}
        </p>
      )}
      <div className="notice-form__send">
        <span className="notice-form__hint" role="status">
          {sent ?? missing}
        </span>
        <Button type="primary" size="large" disabled={missing !== undefined} loading={busy} onClick={ask} aria-label="发送">
          发送 <kbd className="key">Ctrl Enter</kbd>
        </Button>
      </div>
    </section>
  );
}
